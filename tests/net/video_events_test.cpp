#include "protocol/video.hpp"
#include "tests/net/fixture.hpp"
#include "tests/protocol/video_samples.hpp"

using namespace carillon;
using namespace carillon::net::test;

TEST_CASE("events of video calls reach the sink as the device's and are answered in their words") {
  fixture f;
  client_command got;
  result<reply_value> next = reply_value{video_samples::view_of(video_samples::active())};
  f.sink.on_submit = [&](client_command what, reply_to reply) {
    got = std::move(what);
    reply(next);
  };
  auto client = f.connected(f.start(), "alice");
  client->send(R"(4217["call.join",{"call_id":"stand-up","user_id":"mallory"}])");
  CHECK(client->next()
        == R"(4317[{"ok":true,"call_id":"stand-up","status":"active","version":5}])");
  const auto& enter = std::get<command::enter_call>(got);
  CHECK(enter.from == origin{user_id{"alice"}, f.sink.devices()[0].id, call_kind::video});
  CHECK(enter.call == video_call_id("stand-up"));
  // The biggest acknowledgement id is not in the way of the family's bits.
  client->send(R"(429007199254740991["call.leave",{"call_id":"stand-up"}])");
  CHECK(client->next()
        == R"(439007199254740991[{"ok":true,"call_id":"stand-up","status":"active","version":5}])");
  CHECK(std::holds_alternative<command::leave>(got));

  next = error_code::call_full;
  client->send(R"(42["call.join",{"call_id":"stand-up"}])");
  CHECK(client->next() == R"(42["call.error",{"message":"Call is full","code":"call_full"}])");
  client->send(R"(421["call.join",{"call_id":"stand-up"}])");
  CHECK(client->next() == R"(42["call.error",{"message":"Call is full","code":"call_full"}])");
  CHECK(client->next() == R"(431[{"ok":false,"error":"Call is full","code":"call_full"}])");
}

TEST_CASE("bad events of video calls are refused in their words, before the sink") {
  fixture f;
  auto client = f.connected(f.start(), "alice");
  client->send(R"(42["call.leave",{}])");
  CHECK(client->next()
        == R"(42["call.error",{"message":"Invalid field: call_id","code":"invalid_field"}])");
  client->send(R"(451-["call.join",{"_placeholder":true,"num":0}])");
  client->send_binary("x");
  CHECK(client->next()
        == R"(42["call.error",{"message":"Binary data is not accepted here",)"
           R"("code":"binary_refused"}])");
  CHECK(f.refused(error_code::binary_refused) == 1);
}

TEST_CASE("leaving a video call is never refused for rate") {
  fixture f;
  f.settings.limits.socket_events_per_second = 1;
  f.settings.limits.socket_events_burst = 1;
  f.sink.on_submit = [&](client_command, reply_to reply) {
    reply(reply_value{video_samples::view_of(video_samples::over())});
  };
  auto client = f.connected(f.start(), "alice");
  client->send(R"(421["call.join",{"call_id":"stand-up"}])");
  CHECK(client->next().starts_with("431"));
  client->send(R"(42["call.join",{"call_id":"stand-up"}])");
  CHECK(client->next()
        == R"(42["call.error",{"message":"Too many requests","code":"rate_limited"}])");
  for (int i = 0; i < 5; ++i) {
    client->send(R"(422["call.leave",{"call_id":"stand-up"}])");
    CHECK(client->next()
          == R"(432[{"ok":true,"call_id":"stand-up","status":"ended","version":6}])");
  }
}
