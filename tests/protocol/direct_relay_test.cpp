#include "protocol/dialects/direct.hpp"
#include "protocol/json.hpp"
#include "protocol/socket_io.hpp"
#include "tests/catch.hpp"

using namespace carillon;

namespace {

const direct::decode_limits limits{64};

std::optional<direct::relay_view> find(std::string_view name, std::string_view data) {
  REQUIRE(json::valid(data));
  return direct::find_relay(name, data, limits);
}

} // namespace

TEST_CASE("the parts of a relay are found where they stand", "[direct_relay]") {
  std::string_view data =
      R"( {"to" : "bob","x":[{"callId":"no"}],"candidate":{"a":[1,"}"]}, "callId":"c1"} )";
  auto found = find("sendIceCandidate", data);
  REQUIRE(found);
  CHECK(found->call == "c1");
  CHECK(found->to == "bob");
  CHECK(found->payload == R"({"a":[1,"}"]})");
  CHECK(found->kind == relay_kind::candidate);
  CHECK(found->payload.data() > data.data());
  CHECK(find("sendOffer", R"({"callId":"c","to":"b","offer":"sdp"})")->kind == relay_kind::offer);
  CHECK(find("sendAnswer", R"({"callId":"c","to":"b","answer":0})")->kind == relay_kind::answer);
}

TEST_CASE("the last of two members with one name counts", "[direct_relay]") {
  auto found = find("sendOffer", R"({"offer":1,"to":"a","to":"b","callId":"c","offer":2})");
  REQUIRE(found);
  CHECK(found->to == "b");
  CHECK(found->payload == "2");
}

TEST_CASE("the end of candidates may be null, an offer may not", "[direct_relay]") {
  CHECK(find("sendIceCandidate", R"({"callId":"c","to":"b","candidate":null})")->payload == "null");
  CHECK_FALSE(find("sendOffer", R"({"callId":"c","to":"b","offer":null})"));
}

TEST_CASE("what is not simple is left to the decoder", "[direct_relay]") {
  for (auto data :
       {R"({"callId":"c","offer":1})", R"({"to":"b","offer":1})", R"({"callId":"c","to":"b"})",
        R"({"callId":1,"to":"b","offer":1})", R"({"callId":"","to":"b","offer":1})",
        R"({"callId":"c","to":null,"offer":1})", R"({"callId":"\u0063","to":"b","offer":1})",
        R"({"call\u0049d":"x","callId":"c","to":"b","offer":1})", R"([1])", R"("x")", "1", "{}"})
    CHECK_FALSE(find("sendOffer", data));
  auto big = R"({"callId":"c","to":"b","offer":")" + std::string(64, 'x') + "\"}";
  CHECK_FALSE(find("sendOffer", big));
  CHECK_FALSE(find("endCall", R"({"callId":"c","to":"b","offer":1})"));
}

TEST_CASE("the words of relays are what encoding writes", "[direct_relay]") {
  call_id call{"c1"};
  user_id from{"al\"ice0"};
  auto words = direct::words_of_relays(call, from);
  for (auto kind : {relay_kind::offer, relay_kind::answer, relay_kind::candidate}) {
    auto& frame = words.by_kind[static_cast<std::size_t>(kind)];
    auto event = direct::encode(event::relayed{call, from, kind, "[0]"});
    CHECK(frame.name == event->name);
    CHECK(frame.before + "[0]" + frame.after == event->data);
  }
}

TEST_CASE("an event is peeked at without a copy", "[direct_relay]") {
  auto seen = socket_io::peek_event(R"( ["sendOffer" , {"a":1}])");
  REQUIRE(seen);
  CHECK(seen->name == "sendOffer");
  CHECK(seen->rest == R"({"a":1}])");
  for (auto other : {R"(["x"])", R"([1,{}])", R"(["\u0061",{}])", "[]"})
    CHECK_FALSE(socket_io::peek_event(other));
}
