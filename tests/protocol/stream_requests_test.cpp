// Requests to Stream, against what its own SDK (stream-chat 9.53) sends.

#include "protocol/stream_requests.hpp"

#include "protocol/json.hpp"
#include "protocol/records.hpp"
#include "tests/catch.hpp"

using namespace carillon;

namespace {

const call_id one{"1"};
const time_point now = from_epoch_ms(1762853400000);

user_ptr user(std::string id, user_claims profile) {
  return std::make_shared<const user_record>(
      user_record{user_id{std::move(id)}, profile, profile, {}, {}});
}

chat_message hello() { return {one, 3, "m1", user_id{"user-123"}, "hello", {}, now}; }

} // namespace

TEST_CASE("users are made as the SDK makes them", "[mirror]") {
  auto made = stream::upsert_users(
      "c1", std::vector{user("user-123", {"John", "j@x.org", "http://x/i.png", "editor"})}, now);
  CHECK(made.position == 0);
  CHECK(made.lane == "c1");
  CHECK(made.kind == outbox_kind::users);
  CHECK(made.path == "/users");
  CHECK(made.created_at == now);
  CHECK(made.body
        == R"({"users":{"user-123":{"id":"user-123","name":"John","role":"user",)"
           R"("image":"http://x/i.png"}}})");
  auto several = stream::upsert_users(
      "u", std::vector{user("a\"b", {"", "", "", "admin"}), user("b", {})}, now);
  CHECK(several.body
        == R"({"users":{"a\"b":{"id":"a\"b","name":"a\"b","role":"admin",)"
           R"("image":"https://getstream.io/random_svg/?id=a%22b&name=a%22b"},)"
           R"("b":{"id":"b","name":"b","role":"user",)"
           R"("image":"https://getstream.io/random_svg/?id=b&name=b"}}})");
  CHECK(json::valid(several.body));
}

TEST_CASE("a channel is opened as the SDK opens it", "[mirror]") {
  channel_record channel;
  channel.call = one;
  channel.created_by = user_id{"user-123"};
  channel.members = {user_id{"user-123"}, user_id{"user-456"}};
  auto made = stream::open_channel(channel, now);
  CHECK(made.lane == "c1");
  CHECK(made.kind == outbox_kind::open);
  CHECK(made.path == "/channels/messaging/call-1/query");
  CHECK(made.created_at == now);
  CHECK(
      made.body
      == R"({"data":{"members":["user-123","user-456"],"created_by_id":"user-123","name":"Call"},)"
         R"("state":false,"watch":false,"presence":false})");
}

TEST_CASE("a message is sent as the SDK sends it, under an id of its own", "[mirror]") {
  auto made = stream::send_message(hello());
  CHECK(made.lane == "c1");
  CHECK(made.kind == outbox_kind::message);
  CHECK(made.path == "/channels/messaging/call-1/message");
  CHECK(made.created_at == now);
  CHECK(made.body == R"({"message":{"id":"1-m1","text":"hello","user_id":"user-123"}})");
  auto more = hello();
  more.text = "a \"b\"\n";
  more.attachments = R"([ {"type":"image"} ])";
  CHECK(stream::send_message(more).body
        == R"({"message":{"id":"1-m1","text":"a \"b\"\n","user_id":"user-123",)"
           R"("attachments":[ {"type":"image"} ]}})");
  CHECK(stream::remote_id(hello()) == "1-m1");
}

TEST_CASE("a channel is closed by an update that keeps its name", "[mirror]") {
  auto made = stream::close_channel(one, now);
  CHECK(made.lane == "c1");
  CHECK(made.kind == outbox_kind::close);
  CHECK(made.path == "/channels/messaging/call-1");
  CHECK(made.created_at == now);
  CHECK(made.body == R"({"data":{"name":"Call","frozen":true}})");
}

TEST_CASE("lanes of calls and users are not the same", "[mirror]") {
  CHECK(stream::lane_of(call_id{"x"}) == "cx");
  CHECK(stream::lane_of(user_id{"x"}) == "ux");
}

TEST_CASE("ids are escaped in paths", "[mirror]") {
  CHECK(stream::escape_segment("AZaz09-._~") == "AZaz09-._~");
  CHECK(stream::escape_segment("a/b?c#d%e f:\xC3\xA9") == "a%2Fb%3Fc%23d%25e%20f%3A%C3%A9");
  CHECK(stream::close_channel(call_id{"../x"}, now).path == "/channels/messaging/call-..%2Fx");
}

TEST_CASE("the server's token is the SDK's, byte for byte", "[mirror]") {
  CHECK(stream::server_token("dummy-secret-for-capture-only-0123456789")
        == "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzZXJ2ZXIiOnRydWV9."
           "pDpUyzn5L0xXB8Q5x0b9J4sVBHqrCOo-aOKViFAWuQI");
}

TEST_CASE("what a request does has a word", "[mirror]") {
  CHECK(to_string(outbox_kind::users) == "users");
  CHECK(to_string(outbox_kind::open) == "open");
  CHECK(to_string(outbox_kind::message) == "message");
  CHECK(to_string(outbox_kind::close) == "close");
}
