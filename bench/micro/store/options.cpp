#include "bench/micro/store/options.hpp"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace carillon::store_bench {

namespace {

constexpr const char* usage =
    "carillon-store: measures the stores\n"
    "  --postgres URL     a PostgreSQL on this machine where schemas may be made (default:\n"
    "                     CARILLON_TEST_POSTGRES; without one only SQLite is measured)\n"
    "  --no-sqlite        leave SQLite out\n"
    "  --pages            measure pages of a long history only\n"
    "  --writes           measure writes only\n"
    "  --user-calls N     calls of the user whose pages are read (100000)\n"
    "  --calls N          calls written for each size of batch (20000)\n"
    "  --plain-calls N    calls written one statement at a time (2000)\n"
    "  --in-batch N,N...  calls that begin while a batch fills (3,10,100,500)\n";

[[noreturn]] void end_with_usage(int code) {
  std::fputs(usage, code == 0 ? stdout : stderr);
  std::exit(code);
}

int number_in(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0)
    end_with_usage(2);
  return value;
}

std::vector<int> numbers_in(std::string_view text) {
  std::vector<int> numbers;
  while (true) {
    const auto comma = text.find(',');
    numbers.push_back(number_in(text.substr(0, comma)));
    if (numbers.back() == 0)
      end_with_usage(2);
    if (comma == std::string_view::npos)
      return numbers;
    text.remove_prefix(comma + 1);
  }
}

} // namespace

options read_options(int argc, char** argv) {
  options asked;
  if (const char* url = std::getenv("CARILLON_TEST_POSTGRES"))
    asked.postgres = url;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    const auto value = [&]() -> std::string_view {
      if (++i == argc)
        end_with_usage(2);
      return argv[i];
    };
    if (name == "--help" || name == "-h")
      end_with_usage(0);
    else if (name == "--no-sqlite")
      asked.sqlite = false;
    else if (name == "--pages")
      asked.writes = false;
    else if (name == "--writes")
      asked.pages = false;
    else if (name == "--postgres")
      asked.postgres = value();
    else if (name == "--user-calls")
      asked.user_calls = number_in(value());
    else if (name == "--calls")
      asked.calls = number_in(value());
    else if (name == "--plain-calls")
      asked.plain_calls = number_in(value());
    else if (name == "--in-batch")
      asked.in_batch = numbers_in(value());
    else
      end_with_usage(2);
  }
  return asked;
}

} // namespace carillon::store_bench
