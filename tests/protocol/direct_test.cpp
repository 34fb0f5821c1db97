#include "protocol/dialects/direct.hpp"

#include "protocol/json.hpp"
#include "tests/catch.hpp"
#include "tests/protocol/json_maker.hpp"

using namespace carillon;

namespace {

const origin alice{user_id{"alice"}, device_id{"d1"}};

result<client_command> decoded(std::string_view name, std::string_view data,
                               decode_limits limits = {}) {
  return direct::decode_event(name, data, alice, limits);
}

template <class Command>
Command accepted(std::string_view name, std::string_view data) {
  auto out = decoded(name, data);
  INFO(name << ' ' << data);
  REQUIRE(out);
  REQUIRE(std::holds_alternative<Command>(*out));
  auto command = std::get<Command>(*out);
  CHECK(command.from.user == alice.user);
  CHECK(command.from.device == alice.device);
  return command;
}

failure refused(std::string_view name, std::string_view data, decode_limits limits = {}) {
  auto out = decoded(name, data, limits);
  INFO(name << ' ' << data);
  REQUIRE_FALSE(out);
  return out.error();
}

} // namespace

TEST_CASE("the dialect knows its events", "[direct]") {
  for (auto name : {"initiateCall", "acceptCall", "rejectCall", "endCall", "sendOffer",
                    "sendAnswer", "sendIceCandidate"})
    CHECK(direct::knows(name));
  for (auto name : {"", "initiatecall", "callInitiated", "join_call_session", "authenticate"})
    CHECK_FALSE(direct::knows(name));
  CHECK(refused("hello", "{}").code == error_code::unknown_event);
  CHECK(direct::events().family() == call_kind::direct);
  for (auto name : {"endCall", "rejectCall"})
    CHECK(direct::events().find(name)->exempt_from_rate);
  for (auto name : {"acceptCall", "sendOffer", "initiateCall"})
    CHECK_FALSE(direct::events().find(name)->exempt_from_rate);
  CHECK(direct::events().find("initiateCall")->costly);
  CHECK_FALSE(direct::events().find("acceptCall")->costly);
}

TEST_CASE("initiateCall is decoded", "[direct]") {
  auto video =
      accepted<command::initiate>("initiateCall", R"({"receiverId":"bob","callType":"video"})");
  CHECK(video.receiver == user_id{"bob"});
  CHECK(video.type == media_type::video);
  CHECK(
      accepted<command::initiate>("initiateCall", R"({"callType":"audio","receiverId":"bob"})").type
      == media_type::audio);
  // What a client says of itself is not read.
  accepted<command::initiate>(
      "initiateCall",
      R"({"receiverId":"bob","callType":"audio","from":"mallory","callerId":"eve"})");
}

TEST_CASE("initiateCall is judged receiver, type, self", "[direct]") {
  for (auto data : {"", "  ", "{}", "null", "[]", "\"bob\"", "1", R"({"receiverId":null})",
                    R"({"receiverId":""})", R"({"receiverId":"  "})", R"({"receiverId":7})",
                    R"({"receiverId":["bob"]})", R"({"callType":"fax"})"})
    CHECK(refused("initiateCall", data).code == error_code::receiver_required);
  for (auto id : {"b ob", " bob", "bob\\n", "\\u0000", "b\\u202eob"})
    CHECK(refused("initiateCall", std::string{R"({"callType":"audio","receiverId":")"} + id + "\"}")
              .code
          == error_code::receiver_not_found);
  CHECK(refused("initiateCall",
                R"({"callType":"audio","receiverId":")" + std::string(129, 'b') + "\"}")
            .code
        == error_code::receiver_not_found);
  for (auto type : {R"("fax")", R"("Audio")", R"(" audio")", R"("")", "null", "1", R"(["audio"])"})
    CHECK(refused("initiateCall", std::string{R"({"receiverId":"alice","callType":)"} + type + "}")
              .code
          == error_code::invalid_call_type);
  CHECK(refused("initiateCall", R"({"receiverId":"bob"})").code == error_code::invalid_call_type);
  CHECK(refused("initiateCall", R"({"receiverId":"alice","callType":"audio"})").code
        == error_code::self_call);
}

TEST_CASE("accept, reject and end are decoded", "[direct]") {
  CHECK(accepted<command::accept>("acceptCall", R"({"callId":"c1"})").call == call_id{"c1"});
  CHECK(accepted<command::reject>("rejectCall", R"({"callId":"c1"})").call == call_id{"c1"});
  CHECK(accepted<command::end>("endCall", R"({"callId":"c1","x":[]})").call == call_id{"c1"});
}

TEST_CASE("a call id is required everywhere", "[direct]") {
  for (auto name :
       {"acceptCall", "rejectCall", "endCall", "sendOffer", "sendAnswer", "sendIceCandidate"}) {
    for (auto data :
         {"", "{}", "[]", "\"c1\"", R"({"callId":null})", R"({"callId":""})", R"({"callId":" \t"})",
          R"({"callId":1})", R"({"callid":"c1"})", R"({"callId":"c1","callId":{}})"}) {
      auto why = refused(name, data);
      CHECK(why.code == error_code::call_id_required);
      CHECK(why.message() == "callId required");
    }
    auto unknown = refused(name, R"({"callId":"c 1","to":"bob"})");
    CHECK(unknown.code == error_code::call_not_found);
    CHECK(unknown.message() == "Call not found");
    CHECK(refused(name, "{\"callId\":\"" + std::string(5000, 'c') + "\"}").code
          == error_code::call_not_found);
  }
}

TEST_CASE("broken JSON is refused as such", "[direct]") {
  for (auto data : {"{", "{\"callId\":}", "{} {}", "x", "{\"callId\":\"\xFF\"}", "[", "\"c1"})
    CHECK(refused("endCall", data).code == error_code::invalid_json);
  CHECK(refused("initiateCall", "{\"a\":" + std::string(40, '[') + std::string(40, ']') + "}").code
        == error_code::invalid_json);
}

TEST_CASE("relays are decoded byte for byte", "[direct]") {
  std::string offer =
      R"({ "type" : "offer","sdp":"v=0\r\n\u0041\"}" , "n":1.50e+1,"n":123456789012345678901 })";
  auto out = accepted<command::relay>("sendOffer",
                                      R"({"to":"bob","offer":)" + offer + R"( ,"callId":"c1"})");
  CHECK(out.call == call_id{"c1"});
  CHECK(out.to == user_id{"bob"});
  CHECK(out.kind == relay_kind::offer);
  CHECK(out.payload == offer);
  auto answer =
      accepted<command::relay>("sendAnswer", R"({"to":"bob","answer":"text","callId":"c1"})");
  CHECK(answer.kind == relay_kind::answer);
  CHECK(answer.payload == "\"text\"");
  for (auto candidate : {"null", "[]", R"([{"candidate":""}, null])", "\"\"", "0", "false", "{}"}) {
    auto relay = accepted<command::relay>("sendIceCandidate",
                                          std::string{R"({"to":"bob","callId":"c1","candidate":)"}
                                              + candidate + "}");
    CHECK(relay.kind == relay_kind::candidate);
    CHECK(relay.payload == candidate);
  }
}

TEST_CASE("a relay without receiver or payload is refused by the field's name", "[direct]") {
  auto field = [](std::string_view name, std::string_view data) {
    auto why = refused(name, data);
    CHECK(why.code == error_code::invalid_field);
    CHECK(why.call == call_id{"c1"});
    return why.message();
  };
  CHECK(field("sendOffer", R"({"callId":"c1","offer":{}})") == "Invalid field: to");
  CHECK(field("sendOffer", R"({"callId":"c1","to":7,"offer":{}})") == "Invalid field: to");
  CHECK(field("sendOffer", R"({"callId":"c1","to":" ","offer":{}})") == "Invalid field: to");
  CHECK(field("sendOffer", R"({"callId":"c1","to":"bob"})") == "Invalid field: offer");
  CHECK(field("sendOffer", R"({"callId":"c1","to":"bob","offer":null})") == "Invalid field: offer");
  CHECK(field("sendOffer", R"({"callId":"c1","to":"bob","answer":{}})") == "Invalid field: offer");
  CHECK(field("sendAnswer", R"({"callId":"c1","to":"bob","answer":null})")
        == "Invalid field: answer");
  CHECK(field("sendIceCandidate", R"({"callId":"c1","to":"bob"})") == "Invalid field: candidate");
}

TEST_CASE("an offer and an answer have a size", "[direct]") {
  auto event = [](std::string_view field, std::size_t bytes) {
    return R"({"to":"bob","callId":"c1",")" + std::string{field} + "\":\""
           + std::string(bytes - 2, 'v') + "\"}";
  };
  CHECK(decoded("sendOffer", event("offer", 100), {.sdp_bytes = 100}));
  auto why = refused("sendOffer", event("offer", 101), {.sdp_bytes = 100});
  CHECK(why.code == error_code::sdp_too_large);
  CHECK(why.call == call_id{"c1"});
  CHECK(refused("sendAnswer", event("answer", 101), {.sdp_bytes = 100}).code
        == error_code::sdp_too_large);
  CHECK(decoded("sendIceCandidate", event("candidate", 101), {.sdp_bytes = 100}));
  CHECK(decoded("sendOffer", event("offer", 100'000), {.sdp_bytes = 0}));
  CHECK(decoded("sendOffer", event("offer", 65536)));
  CHECK_FALSE(decoded("sendOffer", event("offer", 65537)));
}

TEST_CASE("bodies of REST requests are decoded without a device", "[direct]") {
  auto initiate =
      direct::decode_initiate(R"({"receiverId":"bob","callType":"video"})", user_id{"alice"});
  REQUIRE(initiate);
  CHECK(std::get<command::initiate>(*initiate).from.user == user_id{"alice"});
  CHECK(std::get<command::initiate>(*initiate).from.device.empty());
  CHECK(direct::decode_initiate("", user_id{"alice"}).error().code
        == error_code::receiver_required);
  CHECK(direct::decode_initiate("receiverId=bob", user_id{"alice"}).error().code
        == error_code::invalid_json);

  using direct::call_action;
  std::string_view body = R"({"callId":"c1"})";
  auto accept = direct::decode_action(call_action::accept, body, user_id{"alice"});
  REQUIRE(accept);
  CHECK(std::get<command::accept>(*accept).call == call_id{"c1"});
  CHECK(std::get<command::accept>(*accept).from.device.empty());
  auto reject = direct::decode_action(call_action::reject, body, user_id{"alice"});
  REQUIRE(reject);
  CHECK(std::holds_alternative<command::reject>(*reject));
  auto end = direct::decode_action(call_action::end, body, user_id{"alice"});
  REQUIRE(end);
  CHECK(std::holds_alternative<command::end>(*end));
  CHECK(direct::decode_action(call_action::end, "{}", user_id{"alice"}).error().code
        == error_code::call_id_required);
}

TEST_CASE("history parameters are decoded", "[direct]") {
  auto history = [](std::string_view text) {
    auto out = direct::decode_history(text, user_id{"alice"}, false);
    INFO(text);
    REQUIRE(out);
    CHECK(out->user == user_id{"alice"});
    CHECK_FALSE(out->missed_only);
    return *out;
  };
  auto plain = history("");
  CHECK_FALSE(plain.type);
  CHECK(plain.limit == 50);
  CHECK(plain.skip == 0);
  auto full = history("type=video&limit=100&skip=2147483647");
  CHECK(full.type == media_type::video);
  CHECK(full.limit == 100);
  CHECK(full.skip == 2147483647);
  CHECK(history("t%79pe=%61udio").type == media_type::audio);
  CHECK(history("limit=1&&other=%zz&%=1&=&x").limit == 1);
  CHECK(history("limit=1&limit=2").limit == 2);
  CHECK(direct::decode_history("limit=20", user_id{"alice"}, true)->missed_only);
}

TEST_CASE("a bad history parameter is named", "[direct]") {
  auto message = [](std::string_view text) {
    auto out = direct::decode_history(text, user_id{"alice"}, false);
    INFO(text);
    REQUIRE_FALSE(out);
    CHECK(out.error().code == error_code::invalid_query);
    return out.error().message();
  };
  for (auto bad : {"limit=0", "limit=101", "limit=-1", "limit=", "limit", "limit=abc", "limit=5x",
                   "limit=1.5", "limit=+5", "limit=%205", "limit=1e1", "limit=99999999999999999999",
                   "limit=%zz", "limit=5%", "limit=5&limit=0", "limit=0x10"})
    CHECK(message(bad) == "Invalid query parameter: limit");
  for (auto bad : {"skip=-1", "skip=2147483648", "skip=", "skip=a", "skip=%00"})
    CHECK(message(bad) == "Invalid query parameter: skip");
  for (auto bad : {"type=", "type=fax", "type=Audio", "type=audio,video"})
    CHECK(message(bad) == "Invalid query parameter: type");
}

TEST_CASE("random input is decoded or refused, and a relayed value is kept", "[direct]") {
  for (unsigned seed = 0; seed < 1000; ++seed) {
    json_maker make{seed};
    std::vector<std::string> raws;
    auto offer = make.object(raws);
    auto first = offer.find('{');
    auto value = offer.substr(first, offer.rfind('}') + 1 - first);
    INFO(value);
    auto relay = accepted<command::relay>("sendOffer",
                                          R"({"offer":)" + offer + R"(,"to":"bob","callId":"c1"})");
    REQUIRE(relay.payload == value);
    event::relayed passed{relay.call, alice.user, relay.kind, relay.payload};
    auto event = direct::encode(passed);
    REQUIRE(event->data == R"({"offer":)" + value + R"(,"from":"alice","callId":"c1"})");
  }
}
