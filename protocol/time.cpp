#include "protocol/time.hpp"

#include <fmt/format.h>

#include <iterator>

namespace carillon {

std::string to_iso8601(time_point t) {
  auto day = std::chrono::floor<std::chrono::days>(t);
  std::chrono::year_month_day date{day};
  std::chrono::hh_mm_ss clock{t - day};
  int year = static_cast<int>(date.year());
  // JavaScript writes years that do not fit four digits with a sign and six digits.
  auto text = year >= 0 && year <= 9999 ? fmt::format("{:04}", year) : fmt::format("{:+07}", year);
  fmt::format_to(std::back_inserter(text), "-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                 clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                 clock.subseconds().count());
  return text;
}

} // namespace carillon
