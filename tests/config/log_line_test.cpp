#include "config/log_line.hpp"
#include "tests/catch.hpp"

#include <vector>

using namespace carillon;

namespace {

std::string line_of(std::vector<log::field> fields) {
  return log::format_line(log::level::info, "event", fields);
}

} // namespace

TEST_CASE("a line holds level, event and fields in order", "[log]") {
  std::vector<log::field> fields{
      {"call", "65f0"}, {"duration", 12}, {"user", std::string("alice")}};
  CHECK(log::format_line(log::level::warn, "call_ended", fields)
        == "level=warn event=call_ended call=65f0 duration=12 user=alice");
}

TEST_CASE("values that would be misread are quoted", "[log]") {
  CHECK(line_of({{"a", "two words"}}) == R"(level=info event=event a="two words")");
  CHECK(line_of({{"a", ""}}) == R"(level=info event=event a="")");
  CHECK(line_of({{"a", "k=v"}}) == R"(level=info event=event a="k=v")");
  CHECK(line_of({{"a", R"(say "hi" \o/)"}}) == R"(level=info event=event a="say \"hi\" \\o/")");
}

TEST_CASE("nothing in a value can begin a line of its own or drive a terminal", "[log]") {
  CHECK(line_of({{"a", "x\nlevel=error\r\t"}})
        == R"(level=info event=event a="x\nlevel=error\r\t")");
  CHECK(line_of({{"a", "\x1b[31m"}}) == R"(level=info event=event a="\x1b[31m")");
  CHECK(line_of({{"a", std::string_view("\0\x7f", 2)}})
        == R"(level=info event=event a="\x00\x7f")");
  // The control characters beyond ASCII, and the line separators.
  CHECK(line_of({{"a", "\xc2\x9b"}}) == R"(level=info event=event a="\xc2\x9b")");
  CHECK(line_of({{"a", "\xe2\x80\xa8"}}) == R"(level=info event=event a="\xe2\x80\xa8")");
}

TEST_CASE("UTF-8 stays, and what only looks like it is escaped", "[log]") {
  for (std::string_view good : {"Zoë", "日本", "😀"})
    CHECK(line_of({{"a", good}}) == "level=info event=event a=\"" + std::string(good) + "\"");
  CHECK(line_of({{"a", "\xff"}}) == R"(level=info event=event a="\xff")");
  CHECK(line_of({{"a", "\xc3"}}) == R"(level=info event=event a="\xc3")");
  CHECK(line_of({{"a", "\xe0\x80\x80"}}) == R"(level=info event=event a="\xe0\x80\x80")");
  CHECK(line_of({{"a", "\xed\xa0\x80"}}) == R"(level=info event=event a="\xed\xa0\x80")");
  CHECK(line_of({{"a", "\xf4\x90\x80\x80"}}) == R"(level=info event=event a="\xf4\x90\x80\x80")");
}

TEST_CASE("every level has its word", "[log]") {
  CHECK(log::to_string(log::level::trace) == "trace");
  CHECK(log::to_string(log::level::off) == "off");
}
