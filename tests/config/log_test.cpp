#include "config/log.hpp"
#include "tests/catch.hpp"
#include "tests/config/captured_stderr.hpp"

#include <algorithm>
#include <iterator>
#include <regex>
#include <string>
#include <thread>
#include <vector>

using namespace carillon;

TEST_CASE("a line goes to standard error with the time in UTC", "[log]") {
  test::captured_stderr output;
  log::open(log::level::info);
  log::info("server_started", {{"port", 8080}, {"note", "all is well"}});
  std::regex form(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z )"
                  R"(level=info event=server_started port=8080 note="all is well"\n)");
  INFO(output.text());
  CHECK(std::regex_match(output.text(), form));
}

TEST_CASE("only lines at the level or above are written", "[log]") {
  test::captured_stderr output;
  log::open(log::level::warn);
  log::debug("one");
  log::info("two");
  log::warn("three");
  log::error("four");
  auto text = output.text();
  CHECK(text.find("one") == std::string::npos);
  CHECK(text.find("two") == std::string::npos);
  CHECK(text.find("level=warn event=three") != std::string::npos);
  CHECK(text.find("level=error event=four") != std::string::npos);
  CHECK(log::enabled(log::level::error));
  CHECK_FALSE(log::enabled(log::level::info));

  log::set_level(log::level::off);
  log::error("five");
  CHECK(output.text() == text);
  log::set_level(log::level::info);
}

TEST_CASE("format characters mean nothing in a line", "[log]") {
  test::captured_stderr output;
  log::open(log::level::info);
  log::info("event", {{"a", "{}%s%n{0}"}});
  CHECK(output.text().find("a={}%s%n{0}\n") != std::string::npos);
}

TEST_CASE("lines of several threads do not mix", "[log]") {
  test::captured_stderr output;
  log::open(log::level::info);
  constexpr int each = 200;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([] {
        for (int i = 0; i < each; ++i)
          log::info("tick", {{"text", "some words"}});
      });
  }
  auto text = output.text();
  std::regex form(R"([^ ]+ level=info event=tick text="some words"\n)");
  CHECK(std::distance(std::sregex_iterator(text.begin(), text.end(), form), {}) == 4 * each);
  CHECK(std::count(text.begin(), text.end(), '\n') == 4 * each);
}
