#include "tests/net/fixture.hpp"

using namespace carillon;
using namespace carillon::net::test;

namespace {

constexpr auto said_json =
    R"({"id":"m7","channelId":"messaging:call-c1","callId":"c1","userId":"alice","text":"hello",)"
    R"("attachments":[],"createdAt":"2025-11-11T09:30:00.000Z"})";

reply_value said() {
  return std::make_shared<const chat_message>(chat_message{
      call_id{"c1"}, 7, "m7", user_id{"alice"}, "hello", "", from_epoch_ms(1762853400000)});
}

} // namespace

TEST_CASE("messages sent by socket reach the sink as the device's and are answered") {
  fixture f;
  client_command got;
  result<reply_value> next = said();
  f.sink.on_submit = [&](client_command what, reply_to reply) {
    got = std::move(what);
    reply(next);
  };
  auto client = f.connected(f.start(), "alice");
  // The biggest acknowledgement id is not in the way of the family's bits.
  client->send(
      R"(429007199254740991["sendMessage",{"channelId":"messaging:call-c1","text":"hello",)"
      R"("id":"m7"}])");
  CHECK(client->next()
        == R"(439007199254740991[{"ok":true,"message":)" + std::string{said_json} + "}]");
  const auto& send = std::get<command::send_message>(got);
  CHECK(send.from == origin{user_id{"alice"}, f.sink.devices()[0].id, call_kind::stream});
  CHECK(send.id == "m7");

  next = reply_value{};
  client->send(R"(425["message.read",{"channelId":"messaging:call-c1","id":"m7"}])");
  CHECK(client->next() == R"(435[{"ok":true}])");
  CHECK(std::get<command::mark_read>(got).id == "m7");

  next = failure{error_code::channel_closed, call_id{"c1"}};
  client->send(R"(426["sendMessage",{"channelId":"messaging:call-c1","text":"hello"}])");
  constexpr auto refusal = R"("error":"Channel is closed","code":"channel_closed",)"
                           R"("channelId":"messaging:call-c1"}])";
  CHECK(client->next() == R"(42["message.error",{)" + std::string{refusal});
  CHECK(client->next() == R"(436[{"ok":false,)" + std::string{refusal});
}

TEST_CASE("bad messages are refused in their words, before the sink") {
  fixture f;
  auto client = f.connected(f.start(), "alice");
  client->send(R"(42["sendMessage",{"text":"hello"}])");
  CHECK(client->next()
        == R"(42["message.error",{"error":"channelId required","code":"channel_id_required"}])");
  client->send(R"(451-["sendMessage",{"_placeholder":true,"num":0}])");
  client->send_binary("x");
  CHECK(client->next()
        == R"(42["message.error",{"error":"Binary data is not accepted here",)"
           R"("code":"binary_refused"}])");
  client->send(R"(42["message.read",{"channelId":"messaging:call-c1"}])");
  CHECK(client->next()
        == R"(42["message.error",{"error":"id required","code":"message_id_required",)"
           R"("channelId":"messaging:call-c1"}])");
}

TEST_CASE("messages count against the rate of their device") {
  fixture f;
  f.settings.limits.socket_events_per_second = 1;
  f.settings.limits.socket_events_burst = 1;
  f.sink.on_submit = [](client_command, reply_to reply) { reply(said()); };
  auto client = f.connected(f.start(), "alice");
  constexpr auto message = R"(421["sendMessage",{"channelId":"messaging:call-c1","text":"a"}])";
  client->send(message);
  client->send(message);
  CHECK(client->next().starts_with(R"(431[{"ok":true,)"));
  CHECK(client->next()
        == R"(42["message.error",{"error":"Too many requests","code":"rate_limited"}])");
}
