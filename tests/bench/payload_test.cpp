#include "bench/load/payload.hpp"

#include "protocol/json.hpp"
#include "tests/catch.hpp"

#include <string>

using carillon::load::payload;
using carillon::load::stamp;

TEST_CASE("payloads are JSON and hold their stamp", "[bench]") {
  for (auto make : {0, 1, 2}) {
    auto value = make == 0 ? payload::candidate()
                           : payload::description(make == 1 ? "offer" : "answer", 2048);
    stamp sent{7, 0xfffffffe, 12, 1'234'567'890'123'456'789};
    std::string text{value.with(sent)};
    CHECK(carillon::json::valid(text));
    auto found = value.find_in("{\"from\":\"a\",\"candidate\":" + text + ",\"callId\":\"b\"}");
    REQUIRE(found);
    CHECK(*found == sent);
  }
}

TEST_CASE("a description has about the size that was asked for", "[bench]") {
  auto size = payload::description("offer", 4096).with({}).size();
  CHECK(size > 4000);
  CHECK(size < 4200);
}

TEST_CASE("any changed byte is noticed", "[bench]") {
  auto value = payload::candidate();
  std::string text{value.with({1, 2, 3, 4})};
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto changed = text;
    changed[i] = '~';
    auto found = value.find_in(changed);
    CHECK_FALSE(found.has_value());
  }
  CHECK_FALSE(value.find_in(text.substr(0, text.size() - 1)));
  CHECK_FALSE(value.find_in(""));
}
