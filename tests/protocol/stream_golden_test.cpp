// The exact bytes of what the server sends of channels. A change here is a change for clients: it
// belongs into docs/protocol.md and the changelog too.

#include "protocol/dialects/families.hpp"
#include "protocol/dialects/stream.hpp"
#include "tests/catch.hpp"

using namespace carillon;

namespace {

// Spelled out here so that the tables can be read.
#define M1                                                                                         \
  R"({"id":"m1","channelId":"messaging:call-c1","callId":"c1","userId":"alice",)"                  \
  R"("text":"hi \"you\"","attachments":[],"createdAt":"2025-11-11T09:30:00.000Z"})"
#define M2                                                                                         \
  R"({"id":"m2","channelId":"messaging:call-c1","callId":"c1","userId":"bob","text":"",)"          \
  R"("attachments":[ {"a":1} ],"createdAt":"2025-11-11T09:30:01.000Z"})"

const call_id c1{"c1"};
const user_id alice{"alice"};
const user_id bob{"bob"};

time_point at(int s) { return from_epoch_ms(1762853400000 + std::int64_t{s} * 1000); }

const chat_message m1{c1, 1, "m1", alice, "hi \"you\"", {}, at(0)};
const chat_message m2{c1, 7, "m2", bob, {}, R"([ {"a":1} ])", at(1)};

user_record user(std::string id, user_claims profile) {
  return {user_id{std::move(id)}, profile, profile, {}, {}};
}

const user_record alice_row =
    user("alice", {"Alice", "alice@x.org", "https://x.org/a.png", "admin"});

} // namespace

TEST_CASE("the bytes of events of channels, over both wires", "[golden]") {
  struct row {
    wire_event_ptr what;
    std::string_view name;
    std::string_view data;
  };
  for (const auto& [what, name, data] :
       {row{stream::encode_message(m1), "message.new",
            R"({"channelId":"messaging:call-c1","message":)" M1 "}"},
        row{stream::encode_message(m2), "message.new",
            R"({"channelId":"messaging:call-c1","message":)" M2 "}"},
        row{stream::encode_read(c1, "m1", bob), "message.read",
            R"({"channelId":"messaging:call-c1","id":"m1","userId":"bob"})"},
        row{stream::encode_error({error_code::channel_closed, c1}), "message.error",
            R"({"error":"Channel is closed","code":"channel_closed",)"
            R"("channelId":"messaging:call-c1"})"},
        row{stream::encode_error(error_code::channel_required), "message.error",
            R"({"error":"channelId required","code":"channel_id_required"})"},
        row{stream::encode_error({error_code::store_unavailable, "no route to host"}),
            "message.error",
            R"({"error":"Storage is not available","code":"store_unavailable"})"}}) {
    INFO(data);
    CHECK(what->name == name);
    CHECK(what->data == data);
    auto both = '"' + std::string{name} + "\"," + std::string{data};
    CHECK(*what->socket_io() == "42[" + both + "]");
    CHECK(*what->plain()
          == R"({"event":")" + std::string{name} + R"(","data":)" + std::string{data} + "}");
    // All members get the one text.
    const ice_settings ice{{}, {}, {}, {}, {}};
    CHECK(families::encode(event::told{what}, {alice, ice, at(0)}) == what);
  }
}

TEST_CASE("the bytes of acknowledgements of channels", "[golden]") {
  CHECK(stream::encode_ack(reply_value{}) == R"({"ok":true})");
  CHECK(stream::encode_ack(reply_value{std::make_shared<const chat_message>(m1)})
        == R"({"ok":true,"message":)" M1 "}");
  CHECK(stream::encode_ack(failure{error_code::message_id_taken, c1})
        == R"({"ok":false,"error":"Message id is taken","code":"message_id_taken",)"
           R"("channelId":"messaging:call-c1"})");
  CHECK(stream::encode_ack(failure{error_code::rate_limited})
        == R"({"ok":false,"error":"Too many requests","code":"rate_limited"})");
}

TEST_CASE("the bytes of REST answers about messages", "[golden]") {
  CHECK(stream::encode_sent(m1)
        == R"({"success":true,"data":{"message":)" M1 R"(},"message":"Message sent"})");
  CHECK(stream::encode_page({{m1, m2}, true})
        == R"({"success":true,"data":{"messages":[)" M1 "," M2
           R"(],"hasMore":true},"message":"Messages"})");
  CHECK(stream::encode_page({})
        == R"({"success":true,"data":{"messages":[],"hasMore":false},"message":"Messages"})");
}

TEST_CASE("the bytes of REST answers about channels", "[golden]") {
  channel_record channel;
  channel.call = c1;
  channel.members = {alice, bob};
  CHECK(stream::encode_channel("Channel ready", channel)
        == R"({"success":true,"data":{"callId":"c1","channelId":"messaging:call-c1",)"
           R"("members":["alice","bob"]},"message":"Channel ready"})");
  CHECK(stream::encode_ended(c1)
        == R"({"success":true,"data":{"callId":"c1","channelId":"messaging:call-c1",)"
           R"("status":"ended"},"message":"Call ended"})");
}

TEST_CASE("the bytes of REST answers about users", "[golden]") {
  CHECK(stream::encode_token({"header.claims.signature", alice, "key1", at(86400)})
        == R"({"success":true,"token":"header.claims.signature","data":{)"
           R"("token":"header.claims.signature","userId":"alice","apiKey":"key1",)"
           R"("expiresAt":"2025-11-12T09:30:00.000Z"},"message":"Token generated"})");
  CHECK(stream::encode_token({"t", bob, "", at(0)}).find(R"("apiKey":null)") != std::string::npos);
  CHECK(
      stream::encode_user(alice_row)
      == R"({"success":true,"data":{"id":"alice","_id":"alice","name":"Alice","username":"Alice",)"
         R"("email":"alice@x.org","image":"https://x.org/a.png","images":["https://x.org/a.png"],)"
         R"("role":"admin"},"message":"User updated"})");
  CHECK(stream::encode_user(user("bob", {}))
        == R"({"success":true,"data":{"id":"bob","_id":"bob","name":"bob","username":"bob",)"
           R"("email":null,"image":"https://getstream.io/random_svg/?id=bob&name=bob",)"
           R"("images":["https://getstream.io/random_svg/?id=bob&name=bob"],"role":null},)"
           R"("message":"User updated"})");
}

TEST_CASE("the bytes of the quality of a call", "[golden]") {
  quality_details what;
  what.call = c1;
  what.users = {std::make_shared<const user_record>(alice_row),
                std::make_shared<const user_record>(user("bob", {}))};
  what.quality.whole.samples = 2;
  what.quality.whole.rtt_ms = 80.126;
  what.quality.whole.packet_loss = 0;
  what.quality.whole.audio_level = 0.25;
  what.quality.whole.video_fps = 29.97;
  what.quality.whole.mos = 4.384;
  what.quality.of_users.push_back({alice, what.quality.whole});
#define MEASURED                                                                                   \
  R"("samples":2,"averages":{"rttMs":80.13,"jitterMs":null,"packetLoss":0,"bitrateKbps":null,)"    \
  R"("audioLevel":0.25,"videoFps":29.97,"connectionTimeMs":null},"mos":4.38})"
  CHECK(stream::encode_quality(what)
        == R"({"success":true,"data":{"callId":"c1","summary":{)" MEASURED
           R"(,"participants":[{"userId":"alice","username":"Alice",)" MEASURED
           R"(,{"userId":"bob","username":"bob","samples":0,"averages":{"rttMs":null,)"
           R"("jitterMs":null,"packetLoss":null,"bitrateKbps":null,"audioLevel":null,)"
           R"("videoFps":null,"connectionTimeMs":null},"mos":null}]},"message":"Call quality"})");
}

TEST_CASE("the bytes of what is configured, without a secret", "[golden]") {
  CHECK(stream::encode_config({})
        == R"({"success":true,"data":{"configured":false,"apiKey":null,"hasSecret":false,)"
           R"("mirror":{"enabled":false,"queued":0,"failed":0,"lastError":null}},)"
           R"("message":"Stream configuration"})");
  CHECK(stream::encode_config({"key1", true, true, 7, 2, "2025-11-11T09:30:00.000Z timeout"})
        == R"({"success":true,"data":{"configured":true,"apiKey":"key1","hasSecret":true,)"
           R"("mirror":{"enabled":true,"queued":7,"failed":2,)"
           R"("lastError":"2025-11-11T09:30:00.000Z timeout"}},"message":"Stream configuration"})");
  stream::config_answer key;
  key.api_key = "key1";
  stream::config_answer secret;
  secret.has_secret = true;
  for (const auto& half : {key, secret})
    CHECK(stream::encode_config(half).find(R"("configured":false)") != std::string::npos);
}

TEST_CASE("the bytes of refusals over REST, which say more in development", "[golden]") {
  CHECK(stream::encode_rest_error({error_code::channel_not_found, c1}, false)
        == R"({"success":false,"data":null,"message":"Channel not found",)"
           R"("code":"channel_not_found"})");
  CHECK(
      stream::encode_rest_error({error_code::stream_not_configured, "stream.api_secret"}, false)
      == R"({"success":false,"data":null,"message":"Stream is not configured: stream.api_secret",)"
         R"("code":"stream_not_configured"})");
  CHECK(stream::encode_rest_error({error_code::store_unavailable, "no route to host"}, true)
        == R"({"success":false,"data":null,"message":"Storage is not available",)"
           R"("code":"store_unavailable","error":"Storage is not available: no route to host"})");
}
