#include "net/retry_after.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <string>

namespace carillon::net {

std::optional<std::chrono::seconds> parse_retry_after(std::string_view text,
                                                      std::chrono::system_clock::time_point now) {
  using std::chrono::seconds;
  if (!text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos) {
    std::uint32_t count = 0;
    auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
    // More than fits is a long time in any case.
    return seconds{problem == std::errc{} ? count : UINT32_MAX};
  }
  std::string date{text};
  std::tm parts{};
  const char* end = ::strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr || *end != '\0')
    return std::nullopt;
  auto until = std::chrono::system_clock::from_time_t(::timegm(&parts));
  return std::max(std::chrono::ceil<seconds>(until - now), seconds{0});
}

} // namespace carillon::net
