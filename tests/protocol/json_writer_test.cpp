#include "protocol/json_writer.hpp"

#include "protocol/json.hpp"
#include "tests/catch.hpp"

#include <cmath>
#include <limits>
#include <random>

using namespace carillon;
using namespace std::literals;
using json::writer;

namespace {

std::string literal(std::string_view text) {
  writer out;
  out.value(text);
  return std::move(out).take();
}

} // namespace

TEST_CASE("a writer puts commas where they belong", "[json_writer]") {
  writer out;
  out.begin_object()
      .field("a", "x")
      .field("b", true)
      .field("c", std::int64_t{-5})
      .key("d")
      .null()
      .key("e")
      .begin_array()
      .value(std::int64_t{1})
      .begin_object()
      .end_object()
      .begin_array()
      .end_array()
      .value("y")
      .end_array()
      .key("f")
      .begin_object()
      .field("g", false)
      .end_object()
      .key("h")
      .raw(R"({"i" : 1})")
      .field("j", "k"s)
      .end_object();
  CHECK(out.text()
        == R"({"a":"x","b":true,"c":-5,"d":null,"e":[1,{},[],"y"],"f":{"g":false},)"
           R"("h":{"i" : 1},"j":"k"})");
}

TEST_CASE("a text is escaped where JSON needs it", "[json_writer]") {
  CHECK(literal("") == R"("")");
  CHECK(literal("a\"b\\c/d") == R"("a\"b\\c/d")");
  CHECK(literal("\b\f\n\r\t") == R"("\b\f\n\r\t")");
  CHECK(literal("\0\x01\x1F"sv) == R"("\u0000\u0001\u001f")");
  CHECK(literal("\x7F\xC3\xA9\xF0\x9F\x98\x80") == "\"\x7F\xC3\xA9\xF0\x9F\x98\x80\"");
}

TEST_CASE("numbers are written to their ends", "[json_writer]") {
  writer out;
  out.begin_array()
      .value(std::numeric_limits<std::int64_t>::min())
      .value(std::numeric_limits<std::int64_t>::max())
      .end_array();
  CHECK(out.text() == "[-9223372036854775808,9223372036854775807]");
}

TEST_CASE("decimals have no more digits than they need", "[json_writer]") {
  auto decimal = [](std::optional<double> number, int places) {
    writer out;
    out.decimal(number, places);
    return std::move(out).take();
  };
  CHECK(decimal(4.256, 2) == "4.26");
  CHECK(decimal(4.2, 2) == "4.2");
  CHECK(decimal(4, 2) == "4");
  CHECK(decimal(100, 2) == "100");
  CHECK(decimal(100, 0) == "100");
  CHECK(decimal(0, 6) == "0");
  CHECK(decimal(-0.001, 2) == "0");
  CHECK(decimal(-1.5, 1) == "-1.5");
  CHECK(decimal(0.0000014, 6) == "0.000001");
  for (auto none : {std::numeric_limits<double>::infinity(), std::nan("")})
    CHECK(decimal(none, 2) == "null");
  CHECK(decimal(std::nullopt, 2) == "null");
  CHECK(json::valid(decimal(1e300, 2)));
}

TEST_CASE("bytes that are not UTF-8 are replaced one by one", "[json_writer]") {
  CHECK(literal("a\xFFz") == "\"a\xEF\xBF\xBDz\"");
  CHECK(literal("\xC3") == "\"\xEF\xBF\xBD\"");
  CHECK(literal("\xC3\xA9\xC3") == "\"\xC3\xA9\xEF\xBF\xBD\"");
  CHECK(literal("\xED\xA0\x80\"") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\\\"\"");
}

TEST_CASE("whatever a text holds, the literal is JSON and gives UTF-8 back", "[json_writer]") {
  std::mt19937 random{11};
  for (int round = 0; round < 5000; ++round) {
    std::string text(random() % 24, '\0');
    for (auto& c : text)
      c = static_cast<char>(round % 2 == 0 ? random() : random() % 128);
    auto back = json::as_string(literal(text));
    REQUIRE(back);
    if (round % 2 == 1)
      REQUIRE(*back == text);
  }
}
