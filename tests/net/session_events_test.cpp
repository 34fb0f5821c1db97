#include "protocol/dialects/families.hpp"
#include "tests/net/fixture.hpp"
#include "tests/protocol/sessions_samples.hpp"

using namespace carillon;
using namespace carillon::net::test;

namespace {

const call_id s1{"s1"};

/// Bob and alice, each on a device, and the permit with which alice relays to bob.
struct pair {
  fixture& f;
  std::uint16_t port;
  std::unique_ptr<socket_client> bob;
  std::shared_ptr<delivery> to_bob = std::make_shared<delivery>(resume_limits{});
  device_id bob_device;
  std::unique_ptr<socket_client> alice;
  device_id alice_device;
  relay_permit_ptr permit;

  explicit pair(fixture& all)
    : f(all)
    , port(all.start()) {
    bob = f.connected(port, "bob");
    bob_device = f.sink.devices().back().id;
    to_bob->add(bob_device);
    to_bob->connect(bob_device, f.sink.link());
    alice = f.connected(port, "alice");
    alice_device = f.sink.devices().back().id;
  }
  pair(const pair&) = delete;
  pair& operator=(const pair&) = delete;
  ~pair() {
    to_bob->disconnect(bob_device);
    if (permit)
      permit->revoke();
  }

  void grant(call_kind kind) {
    origin from{user_id{"alice"}, alice_device, kind};
    origin to{user_id{"bob"}, bob_device, kind};
    std::vector<relay_permit::target> targets;
    targets.push_back({to, to_bob, relay_gate::closed});
    permit = std::make_shared<relay_permit>(
        s1, alice_device, families::words_of_relays(kind, s1, from), std::move(targets));
    permit->open(user_id{"bob"});
    f.sink.link()->grant(permit);
  }

  [[nodiscard]] std::string offer(const std::string& target) const {
    return R"(421["webrtc_offer",{"sessionId":"s1",)" + target + R"(,"offer":{ "sdp" : "v=0" }}])";
  }
};

constexpr auto acknowledged = R"(431[{"ok":true}])";

} // namespace

TEST_CASE("events of sessions reach the sink as the device's and are answered in their words") {
  fixture f;
  client_command got;
  f.sink.on_submit = [&](client_command what, reply_to reply) {
    got = std::move(what);
    reply(reply_value{samples::active()});
  };
  auto client = f.connected(f.start(), "alice");
  client->send(R"(4217["join_call_session",{"sessionId":"s1","peerId":"p","userId":"mallory"}])");
  CHECK(client->next()
        == R"(4317[{"ok":true,"sessionId":"call_1762853400000_abc123xyz",)"
           R"("status":"active","version":3}])");
  const auto& join = std::get<command::join>(got);
  CHECK(join.from == origin{user_id{"alice"}, f.sink.devices()[0].id, call_kind::session});
  CHECK(join.call == s1);
  CHECK(join.peer_id == "p");
  // The biggest acknowledgement id is not in the way of the family's bit.
  client->send(R"(429007199254740991["leave_call_session",{"sessionId":"s1"}])");
  CHECK(client->next().starts_with(R"(439007199254740991[{"ok":true,"sessionId")"));
}

TEST_CASE("refusals of session events are told as call_error") {
  fixture f;
  f.sink.on_submit = [&](client_command, reply_to reply) {
    reply(failure{error_code::call_not_found, s1});
  };
  auto client = f.connected(f.start(), "alice");
  constexpr auto not_found =
      R"(42["call_error",{"message":"Session not found","code":"session_not_found","sessionId":"s1"}])";
  client->send(R"(42["join_call_session",{"sessionId":"s1"}])");
  CHECK(client->next() == not_found);
  client->send(R"(425["leave_call_session",{"sessionId":"s1"}])");
  CHECK(client->next() == not_found);
  CHECK(client->next()
        == R"(435[{"ok":false,"error":"Session not found","code":"session_not_found",)"
           R"("sessionId":"s1"}])");
  // Bad input does not get as far as the sink.
  client->send(R"(426["media_state_changed",{"sessionId":"s1","hasVideo":1}])");
  CHECK(client->next()
        == R"(42["call_error",{"message":"Invalid field: hasVideo","code":"invalid_field",)"
           R"("sessionId":"s1"}])");
  CHECK(client->next().starts_with(R"(436[{"ok":false,"error":"Invalid field: hasVideo")"));
  client->send(R"(42["webrtc_offer"])");
  CHECK(client->next()
        == R"(42["call_error",{"message":"sessionId required","code":"session_id_required"}])");
  CHECK(f.refused(error_code::session_required) == 1);
}

TEST_CASE("refusals of reports on a direct call are told as callError") {
  fixture f;
  f.sink.on_submit = [&](client_command, reply_to reply) {
    reply(failure{error_code::call_not_found, s1});
  };
  auto client = f.connected(f.start(), "alice");
  constexpr auto not_found =
      R"(42["callError",{"error":"Call not found","code":"call_not_found","callId":"s1"}])";
  client->send(R"(42["quality_report",{"callId":"s1","rttMs":1}])");
  CHECK(client->next() == not_found);
  // Also where it does not get as far as the sink.
  client->send(R"(423["quality_report",{"callId":"s1","rttMs":-1}])");
  CHECK(client->next()
        == R"(42["callError",{"error":"Invalid field: rttMs","code":"invalid_field","callId":"s1"}])");
  CHECK(client->next()
        == R"(433[{"ok":false,"error":"Invalid field: rttMs","code":"invalid_field","callId":"s1"}])");
  client->send(R"(42["quality_report",{"callId":"s 1","rttMs":1}])");
  CHECK(client->next() == R"(42["callError",{"error":"Call not found","code":"call_not_found"}])");
  client->send(
      R"(451-["quality_report",{"callId":"s1","rttMs":1,"x":{"_placeholder":true,"num":0}}])");
  client->send_binary("x");
  CHECK(client->next()
        == R"(42["callError",{"error":"Binary data is not accepted here","code":"binary_refused"}])");
}

TEST_CASE("who has no user yet is told so in the event's words") {
  fixture f;
  socket_client client{f.start()};
  REQUIRE(!client.handshake());
  CHECK(client.read().starts_with("0{"));
  client.send("40");
  CHECK(client.next().starts_with("40{\"sid\""));
  client.send(R"(421["join_call_session",{"sessionId":"s1"}])");
  CHECK(client.next()
        == R"(42["call_error",{"message":"Not authenticated","code":"not_authenticated"}])");
  CHECK(client.next().starts_with(R"(431[{"ok":false,"error":"Not authenticated")"));
}

TEST_CASE("leaving a session is never refused for rate") {
  fixture f;
  f.settings.limits.socket_events_per_second = 1;
  f.settings.limits.socket_events_burst = 1;
  f.sink.on_submit = [](client_command, reply_to reply) { reply(reply_value{}); };
  auto client = f.connected(f.start(), "alice");
  client->send(R"(421["join_call_session",{"sessionId":"s1"}])");
  CHECK(client->next() == acknowledged);
  client->send(R"(42["join_call_session",{"sessionId":"s1"}])");
  CHECK(client->next().starts_with(
      R"(42["call_error",{"message":"Too many requests","code":"rate_limited")"));
  for (int i = 0; i < 10; ++i) {
    client->send(R"(421["leave_call_session",{"sessionId":"s1"}])");
    CHECK(client->next() == acknowledged);
  }
}

TEST_CASE("an SDP of a session over its limit is refused") {
  fixture f;
  f.settings.limits.sdp_bytes = 100;
  auto client = f.connected(f.start(), "alice");
  client->send(R"(421["webrtc_offer",{"targetSocketId":"d","sessionId":"s1","offer":")"
               + std::string(200, 'x') + R"("}])");
  CHECK(client->next().starts_with(R"(42["call_error",{"message":"SDP too large")"));
  CHECK(client->next().starts_with(R"(431[{"ok":false)"));
}

TEST_CASE("under a permit signals of a session go straight, by socket or by user") {
  fixture f;
  pair two{f};
  two.grant(call_kind::session);
  auto wanted = R"(["webrtc_offer",{"sessionId":"s1","fromSocketId":")" + two.alice_device.str()
                + R"(","fromUserId":"alice","offer":{ "sdp" : "v=0" }},)";
  int offset = 0;
  for (const auto& target : {R"("targetSocketId":")" + two.bob_device.str() + '"',
                             std::string{R"("targetUserId":"bob")"}}) {
    two.alice->send(two.offer(target));
    CHECK(two.alice->next() == acknowledged);
    CHECK(two.bob->next() == "42" + wanted + '"' + std::to_string(++offset) + "\"]");
  }
  CHECK(f.counts.relays.load() == 2);
  // Both were timed, and counted for the call.
  f.fence();
  CHECK(f.pool().relay_latency().total() == 2);
  CHECK(f.pool().relay_latency().sum > 0);
  std::uint64_t passed = 0;
  two.permit->each_tally([&](const user_id& to, const relay_counts& counts) {
    CHECK(to == user_id{"bob"});
    for (const auto& kind : counts.by_kind)
      passed += kind.n;
  });
  CHECK(passed == 2);
}

TEST_CASE("what a permit does not cover is asked of the call") {
  fixture f;
  std::vector<command::relay> got;
  f.sink.on_submit = [&](client_command what, reply_to reply) {
    auto& relay = std::get<command::relay>(what);
    relay.under_way = nullptr;
    got.push_back(relay);
    reply(error_code::target_not_in_session);
  };
  pair two{f};
  auto refuses = [&](const std::string& packet) {
    two.alice->send(packet);
    CHECK(two.alice->next().find("target_not_in_session") != std::string::npos);
    CHECK(two.alice->next().starts_with(R"(431[{"ok":false)"));
  };
  refuses(two.offer(R"("targetUserId":"bob")")); // before there is one
  two.grant(call_kind::session);
  refuses(two.offer(R"("targetUserId":"carol")"));
  refuses(two.offer(R"("targetSocketId":"nobody","targetUserId":"bob")"));
  // In the words of direct calls there is no such call.
  refuses(R"(421["sendOffer",{"callId":"s1","to":"bob","offer":1}])");
  two.permit->revoke();
  refuses(two.offer(R"("targetUserId":"bob")"));
  REQUIRE(got.size() == 5);
  CHECK(got[1].to == user_id{"carol"});
  CHECK(got[2].to_device == device_id{"nobody"});
  CHECK(got[3].from.family == call_kind::direct);
  CHECK(f.counts.relays.load() == 0);
  f.fence();
  CHECK(f.pool().relay_latency().total() == 0);
}

TEST_CASE("a permit of a direct call is none for the words of sessions") {
  fixture f;
  int asked = 0;
  f.sink.on_submit = [&](client_command, reply_to reply) {
    ++asked;
    reply(error_code::call_not_found);
  };
  pair two{f};
  two.grant(call_kind::direct);
  two.alice->send(two.offer(R"("targetUserId":"bob")"));
  CHECK(two.alice->next().find("session_not_found") != std::string::npos);
  CHECK(two.alice->next().starts_with(R"(431[{"ok":false)"));
  CHECK(asked == 1);
  two.alice->send(R"(421["sendOffer",{"callId":"s1","to":"bob","offer":1}])");
  CHECK(two.alice->next() == acknowledged);
  CHECK(two.bob->next() == R"(42["receiveOffer",{"offer":1,"from":"alice","callId":"s1"},"1"])");
}
