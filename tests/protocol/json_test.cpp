#include "protocol/json.hpp"

#include "tests/catch.hpp"

#include <thread>

using namespace carillon;
using namespace std::literals;

namespace {

std::string nested(std::size_t depth, std::string_view innermost) {
  return std::string(depth, '[') + std::string{innermost} + std::string(depth, ']');
}

} // namespace

TEST_CASE("one JSON value is valid", "[json]") {
  for (auto good : {"null",
                    "true",
                    "false",
                    "0",
                    "-0",
                    "12",
                    "-1.5",
                    "1e3",
                    "1E+3",
                    "1e-3",
                    "\"\"",
                    "\"a\"",
                    "[]",
                    "{}",
                    " [1 , 2 ]\r\n\t",
                    "[[],[[]]]",
                    "{\"\":{}}",
                    "{\"a\":1,\"a\":2}",
                    "\"\\ud83d\\ude00\"",
                    "\"\\u0000\"",
                    "\"\\/\\b\\f\"",
                    "\"\xE2\x80\xA8\"",
                    "\"\x7F\""}) {
    INFO(good);
    CHECK(json::valid(good));
  }
}

TEST_CASE("anything else is not", "[json]") {
  for (auto bad : {""sv,
                   " "sv,
                   "nul"sv,
                   "True"sv,
                   "undefined"sv,
                   "NaN"sv,
                   "01"sv,
                   "+1"sv,
                   "1."sv,
                   ".5"sv,
                   "-"sv,
                   "1e"sv,
                   "0x1"sv,
                   "'a'"sv,
                   "\"a"sv,
                   "\"\\x\""sv,
                   "\"\\u12\""sv,
                   "\"\n\""sv,
                   "\"\0\""sv,
                   "["sv,
                   "[1"sv,
                   "[1,]"sv,
                   "[,1]"sv,
                   "[1 2]"sv,
                   "]"sv,
                   "{"sv,
                   "{\"a\"}"sv,
                   "{\"a\":}"sv,
                   "{\"a\":1,}"sv,
                   "{a:1}"sv,
                   "{1:1}"sv,
                   "{\"a\" 1}"sv,
                   "{}{}"sv,
                   "1 2"sv,
                   "{} x"sv,
                   "[]]"sv,
                   "[}"sv,
                   "/**/1"sv,
                   "\"\\ud800\""sv,
                   "\"\\udc00\""sv,
                   "\"\\ud800\\u0041\""sv,
                   "\0"sv,
                   "1\0"sv,
                   "{}\0"sv,
                   "\xEF\xBB\xBF{}"sv,
                   "\"\xFF\""sv,
                   "\"\xC0\x80\""sv,
                   "\"\xED\xA0\x80\""sv,
                   "\"\xC3\""sv,
                   "\xA0{}"sv}) {
    INFO(bad);
    CHECK_FALSE(json::valid(bad));
    CHECK_FALSE(json::object::parse(bad));
    CHECK_FALSE(json::parse_array(bad));
  }
}

TEST_CASE("numbers of any size are numbers", "[json]") {
  for (auto good : {"9223372036854775808", "18446744073709551616", "100000000000000000000",
                    "-123456789012345678901234567890", "1e400", "-1E+999", "1e-999",
                    "0.12345678901234567890123456789", "123456789012345678901234567890e400"}) {
    INFO(good);
    CHECK(json::valid(good));
    auto text = "[\"e123456789012345678\","s + good + "]";
    auto array = json::parse_array(text);
    REQUIRE(array);
    CHECK((*array)[0].text == "e123456789012345678");
    CHECK((*array)[1].type == json::kind::number);
    CHECK((*array)[1].raw == good);
  }
  for (auto bad : {"012345678901234567890123", "1234567890123456789012.", "1e400e400",
                   "123456789012345678901234x", "1e+", "[123456789012345678901234,]",
                   "\"123456789012345678901234", "--123456789012345678901234", "1e4001.5"}) {
    INFO(bad);
    CHECK_FALSE(json::valid(bad));
  }
}

TEST_CASE("nesting is bounded", "[json]") {
  CHECK(json::valid(nested(json::max_depth, "1")));
  CHECK_FALSE(json::valid(nested(json::max_depth + 1, "1")));
  CHECK_FALSE(json::valid(nested(json::max_depth + 2, "")));
  CHECK_FALSE(json::valid(nested(100000, "")));
  CHECK_FALSE(json::valid(std::string(1000000, '[')));
  auto object = "{\"a\":" + nested(json::max_depth - 1, "1") + "}";
  CHECK(json::object::parse(object));
  CHECK_FALSE(json::object::parse("{\"a\":" + nested(json::max_depth, "1") + "}"));
  // Brackets inside of strings do not count.
  CHECK(json::valid("[\"" + std::string(100, '[') + "\"]"));
}

TEST_CASE("members of an object keep their own text", "[json]") {
  std::string text =
      R"( { "s" : "a\"}\\" ,"n":-1.50e+2 , "o" : { "x" : [ 1 , "}" ] } ,"a":[ ], "t":true,)"
      R"("f" : false )"
      R"(, "z":null,"\u006bey":"\u00e9\ud83d\ude00","":0} )";
  auto object = json::object::parse(text);
  REQUIRE(object);
  struct expected {
    std::string_view key;
    json::kind type;
    std::string_view raw;
    std::string_view text;
  };
  std::vector<expected> all{
      {"s", json::kind::string, R"("a\"}\\")", R"(a"}\)"},
      {"n", json::kind::number, "-1.50e+2", ""},
      {"o", json::kind::object, R"({ "x" : [ 1 , "}" ] })", ""},
      {"a", json::kind::array, "[ ]", ""},
      {"t", json::kind::boolean, "true", ""},
      {"f", json::kind::boolean, "false", ""},
      {"z", json::kind::null, "null", ""},
      {"key", json::kind::string, R"("\u00e9\ud83d\ude00")", "\xC3\xA9\xF0\x9F\x98\x80"},
      {"", json::kind::number, "0", ""},
  };
  REQUIRE(object->members().size() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& member = object->members()[i];
    CHECK(member.key == all[i].key);
    CHECK(member.type == all[i].type);
    CHECK(member.raw == all[i].raw);
    CHECK(member.text == all[i].text);
    CHECK(member.raw.data() >= text.data());
    CHECK(member.raw.data() + member.raw.size() <= text.data() + text.size());
  }
}

TEST_CASE("where a key stands twice the last one counts", "[json]") {
  auto object = json::object::parse(R"({"a":"first","b":1,"a":"last","\u0061":"very last"})");
  REQUIRE(object);
  CHECK(object->members().size() == 4);
  REQUIRE(object->find("a"));
  CHECK(object->find("a")->raw == R"("very last")");
  CHECK(object->string("a") == "very last");
  // Even if it makes a good one bad.
  auto spoiled = json::object::parse(R"({"a":"first","a":null})");
  REQUIRE(spoiled);
  CHECK_FALSE(spoiled->string("a"));
}

TEST_CASE("a string member is a text or nothing", "[json]") {
  auto object = json::object::parse(R"({"a":"x","b":"","c":null,"d":1,"e":["x"],"f":" "})");
  REQUIRE(object);
  CHECK(object->string("a") == "x");
  CHECK(object->string("f") == " ");
  for (auto key : {"b", "c", "d", "e", "g", "A", ""})
    CHECK_FALSE(object->string(key));
  CHECK(object->find("c") != nullptr);
  CHECK(object->find("g") == nullptr);
}

TEST_CASE("a boolean member is one or nothing", "[json]") {
  constexpr std::string_view text = R"({"a":true,"b":false,"c":null,"d":1,"e":"true"})";
  auto from = json::object::parse(text);
  REQUIRE(from);
  CHECK(from->boolean("a") == true);
  CHECK(from->boolean("b") == false);
  for (auto name : {"c", "d", "e", "f"})
    CHECK_FALSE(from->boolean(name));
}

TEST_CASE("a number member is one that a double holds, or nothing", "[json]") {
  constexpr std::string_view text =
      R"({"a":1,"b":-2.5e-1,"c":100000000000000000000,"d":1e999,"e":"1","f":null,"g":true,"h":-0})";
  auto from = json::object::parse(text);
  REQUIRE(from);
  CHECK(from->number("a") == 1);
  CHECK(from->number("b") == -0.25);
  CHECK(from->number("c") == 1e20);
  CHECK(from->number("h") == 0);
  for (auto name : {"d", "e", "f", "g", "i"})
    CHECK_FALSE(from->number(name));
}

TEST_CASE("only objects are objects and only arrays are arrays", "[json]") {
  for (auto other : {"[]", "1", "\"{}\"", "null"})
    CHECK(json::object::parse(other).error().code == error_code::invalid_json);
  for (auto other : {"{}", "1", "\"[]\"", "null"})
    CHECK(json::parse_array(other).error().code == error_code::invalid_json);
  auto empty = json::object::parse(" { } ");
  REQUIRE(empty);
  CHECK(empty->members().empty());
  auto none = json::parse_array(" [ ] ");
  REQUIRE(none);
  CHECK(none->empty());
}

TEST_CASE("elements of an array keep their own text", "[json]") {
  auto array = json::parse_array(R"( [ "a" , [1,[2]] ,{"k":"]"}, 3.0 ,null ] )");
  REQUIRE(array);
  REQUIRE(array->size() == 5);
  CHECK((*array)[0].text == "a");
  CHECK((*array)[1].raw == "[1,[2]]");
  CHECK((*array)[2].raw == R"({"k":"]"})");
  CHECK((*array)[3].raw == "3.0");
  CHECK((*array)[4].type == json::kind::null);
}

TEST_CASE("a string literal gives its text", "[json]") {
  CHECK(json::as_string(R"("a\tb")") == "a\tb");
  CHECK(json::as_string(R"( "" )") == "");
  CHECK(json::as_string(R"("\u0000")") == "\0"s);
  for (auto other : {"", "a", "1", "null", "[\"a\"]", "\"a", "\"a\"b"})
    CHECK_FALSE(json::as_string(other));
}

TEST_CASE("big texts are parsed too, and small ones after them", "[json]") {
  std::string big = "{\"sdp\":\"" + std::string(10'000'000, 'v') + "\",\"x\":[1]}";
  auto object = json::object::parse(big);
  REQUIRE(object);
  CHECK(object->find("sdp")->text.size() == 10'000'000);
  CHECK(object->find("x")->raw == "[1]");
  big.back() = ']';
  CHECK_FALSE(json::valid(big));
  CHECK(json::valid("[1]"));
  CHECK_FALSE(json::valid("[1"));
}

TEST_CASE("threads parse independently", "[json]") {
  std::vector<std::thread> threads;
  std::vector<int> good(4);
  for (std::size_t t = 0; t < good.size(); ++t)
    threads.emplace_back([&good, t] {
      auto text = "{\"id\":\"" + std::to_string(t) + "\"}";
      for (int i = 0; i < 1000; ++i) {
        auto object = json::object::parse(text);
        good[t] += object && object->string("id") == std::to_string(t) ? 1 : 0;
      }
    });
  for (auto& thread : threads)
    thread.join();
  CHECK(good == std::vector<int>(4, 1000));
}
