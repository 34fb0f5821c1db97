#include "protocol/dialects/families.hpp"
#include "protocol/dialects/video.hpp"
#include "tests/catch.hpp"
#include "tests/protocol/video_samples.hpp"

using namespace carillon;

namespace {

const origin device{user_id{"alice"}, device_id{"d1"}};
const origin sender{user_id{"alice"}, device_id{"d1"}, call_kind::video};

result<client_command> decode(std::string_view name, std::string_view data) {
  return families::decode_event(name, data, device, {});
}

} // namespace

TEST_CASE("a call is joined and left over a socket", "[video_dialect]") {
  auto join = decode("call.join", R"({"call_id":"stand-up","user_id":"mallory"})");
  REQUIRE(join);
  const auto& enter = std::get<command::enter_call>(*join);
  CHECK(enter.from == sender);
  CHECK(enter.call == video_call_id("stand-up"));
  CHECK_FALSE(enter.as_admin);
  CHECK(families::family_of(*join) == call_kind::video);
  auto left = decode("call.leave", R"({"call_id":"stand-up"})");
  REQUIRE(left);
  const auto& leave = std::get<command::leave>(*left);
  CHECK(leave.from == sender);
  CHECK(leave.call == enter.call);
}

TEST_CASE("an event without a call is refused", "[video_dialect]") {
  for (const auto* name : {"call.join", "call.leave"}) {
    for (const auto* data : {"", "{}", "[]", R"({"call_id":7})", R"({"call_id":" "})", "\"c\""}) {
      auto decoded = decode(name, data);
      REQUIRE_FALSE(decoded);
      CHECK(decoded.error().message() == "Invalid field: call_id");
    }
    CHECK(decode(name, "{").error().code == error_code::invalid_json);
    // No call can have that id.
    CHECK(decode(name, R"({"call_id":"a b"})").error().code == error_code::call_not_found);
  }
  CHECK(video::decode_event("call.start", "{}", device, {}).error().code
        == error_code::unknown_event);
}

TEST_CASE("leaving a video call is never refused for rate", "[video_dialect]") {
  auto join = families::find("call.join");
  REQUIRE(join);
  CHECK(join->family == call_kind::video);
  CHECK_FALSE(join->exempt_from_rate);
  CHECK_FALSE(join->costly);
  auto leave = families::find("call.leave");
  REQUIRE(leave);
  CHECK(leave->exempt_from_rate);
  CHECK_FALSE(families::find("call.created"));
  CHECK_FALSE(families::find("call."));
}

TEST_CASE("refusals and answers of video calls are in their words", "[families]") {
  failure why{error_code::call_not_found, call_id{"4d3e3a58-4bd4-5a0c-a54c-7a5a3c1f4e0a"}};
  auto event = families::encode_error(call_kind::video, why);
  REQUIRE(event);
  CHECK(event->name == "call.error");
  // The id that the server knows it by is no client's business.
  CHECK(event->data == R"({"message":"Call not found","code":"call_not_found"})");
  CHECK(families::encode_error(call_kind::video, error_code::user_busy));
  CHECK(families::encode_ack(call_kind::video, why)
        == R"({"ok":false,"error":"Call not found","code":"call_not_found"})");
  auto view = video_samples::view_of(video_samples::fresh());
  CHECK(families::encode_ack(call_kind::video, reply_value{view})
        == R"({"ok":true,"call_id":"stand-up","status":"created","version":1})");
}
