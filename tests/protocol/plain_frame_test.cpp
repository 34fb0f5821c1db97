#include "protocol/plain_frame.hpp"

#include "tests/catch.hpp"

using namespace carillon;

namespace {

plain_frame decoded(std::string_view text) {
  INFO(text);
  auto out = decode_plain(text);
  REQUIRE(out);
  return *out;
}

plain_hello greeted(std::string_view data) {
  INFO(data);
  auto out = decode_hello(data);
  REQUIRE(out);
  return *out;
}

} // namespace

TEST_CASE("plain frames are decoded with name, data and id", "[plain_frame]") {
  std::string_view text = R"( {"event":"a", "data" : {"x": [1, "é"]} ,"id":7,"more":1} )";
  auto full = decoded(text);
  CHECK(full.event == "a");
  CHECK(full.data == R"({"x": [1, "é"]})");
  CHECK(full.data.data() == text.data() + text.find(R"({"x")"));
  CHECK(full.id == 7);

  auto bare = decoded(R"({"event":"a"})");
  CHECK(bare.data.empty());
  CHECK_FALSE(bare.id);

  CHECK(decoded(R"({"event":"caf\u00e9\n"})").event == "café\n");
  CHECK(decoded(R"({"event":"a","data":null})").data == "null");
  CHECK(decoded(R"({"event":"a","data":"\""})").data == R"("\"")");
  CHECK(decoded(R"({"event":"a","event":"b","id":1,"id":2})").event == "b");
  CHECK(decoded(R"({"event":"a","event":"b","id":1,"id":2})").id == 2);
}

TEST_CASE("the id of a plain frame is what JavaScript counts exactly", "[plain_frame]") {
  CHECK_FALSE(decoded(R"({"event":"a","id":null})").id);
  CHECK(decoded(R"({"event":"a","id":0})").id == 0);
  CHECK(decoded(R"({"event":"a","id":9007199254740991})").id == 9007199254740991u);
  for (auto id : {"9007199254740992", "18446744073709551616", "-1", "-0", "1.0", "1e2", "\"1\"",
                  "\"\"", "true", "[1]", "{}"}) {
    INFO(id);
    auto out = decode_plain(R"({"event":"a","id":)" + std::string{id} + "}");
    REQUIRE_FALSE(out);
    CHECK(out.error().code == error_code::invalid_field);
    CHECK(out.error().detail == "id");
  }
}

TEST_CASE("what is no plain frame is refused", "[plain_frame]") {
  for (auto text : {"", "{", "[1]", "1", "null", "\"a\"", R"({"event":"a"}x)", R"({"event":"a",})",
                    "{\"event\":\"\xff\"}", R"({"event":"a","id":01})"}) {
    INFO(text);
    auto out = decode_plain(text);
    REQUIRE_FALSE(out);
    CHECK(out.error().code == error_code::invalid_json);
    CHECK(out.error().detail.empty());
  }
  // The name is looked at before the id.
  for (auto text : {"{}", R"({"event":""})", R"({"event":null})", R"({"event":1})",
                    R"({"event":["a"]})", R"({"event":"a","event":1})", R"({"id":"x"})"}) {
    INFO(text);
    auto out = decode_plain(text);
    REQUIRE_FALSE(out);
    CHECK(out.error().code == error_code::invalid_field);
    CHECK(out.error().detail == "event");
  }
}

TEST_CASE("a hello names a token and a session", "[plain_frame]") {
  auto full = greeted(R"({"token":"t\u002e","resume":{"pid":"p","offset":"12"}})");
  CHECK(full.token == "t.");
  REQUIRE(full.resume);
  CHECK(full.resume->pid == "p");
  CHECK(full.resume->offset == 12);

  for (auto data : {"{}", R"({"token":null})", R"({"token":1})", R"({"token":{}})"}) {
    CHECK(greeted(data).token.empty());
    CHECK_FALSE(greeted(data).resume);
  }
  for (auto resume : {"null", "1", "\"p,1\"", "[\"p\"]", "{}", R"({"offset":"1"})",
                      R"({"pid":"","offset":"1"})", R"({"pid":1})"}) {
    INFO(resume);
    CHECK_FALSE(greeted(R"({"token":"t","resume":)" + std::string{resume} + "}").resume);
  }
  // Offsets are strings; a number counts as none.
  auto number = greeted(R"({"resume":{"pid":"p","offset":12}})");
  REQUIRE(number.resume);
  CHECK(number.resume->offset == 0);

  for (auto data : {"", "null", "[]", "\"t\"", "{"}) {
    INFO(data);
    auto out = decode_hello(data);
    REQUIRE_FALSE(out);
    CHECK(out.error().code == error_code::invalid_field);
    CHECK(out.error().detail == "data");
  }
}

TEST_CASE("a session is named by pid and a decimal offset", "[plain_frame]") {
  CHECK_FALSE(resume_of("", "1"));
  CHECK(resume_of("p", "18446744073709551615")->offset == 18446744073709551615u);
  for (auto offset : {"", "x", "1x", " 1", "-1", "+1", "0x1", "1.5", "18446744073709551616"}) {
    INFO(offset);
    auto wanted = resume_of("p", offset);
    REQUIRE(wanted);
    CHECK(wanted->pid == "p");
    CHECK(wanted->offset == 0);
  }
}

TEST_CASE("the token of an Authorization header is a bearer's", "[plain_frame]") {
  CHECK(bearer_of("Bearer a.b.c") == "a.b.c");
  CHECK(bearer_of("bEARER   a b ") == "a b ");
  for (auto header :
       {"", "Bearer", "Bearer ", "Bearer   ", "Basic abc", "Bearer\ta", " Bearer a", "Bearera b",
        "B\x05"
        "arer a"}) {
    INFO(header);
    CHECK(bearer_of(header).empty());
  }
}
