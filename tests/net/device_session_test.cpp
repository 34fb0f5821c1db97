#include "tests/net/fixture.hpp"
#include "tests/protocol/direct_samples.hpp"

using namespace carillon;
using namespace carillon::net::test;

namespace {

call_view a_call() { return samples::direct_calls::ringing("c1"); }

} // namespace

TEST_CASE("failed tokens of sockets and of requests count together") {
  fixture f;
  f.settings.limits.auth_failures = 2;
  auto port = f.start();
  socket_client client{port};
  opened(client);
  http_client rest{port};
  client.send(fixture::connect_packet("bad"));
  CHECK(client.next() == R"(44{"message":"Authentication error"})");
  headers bad{{"Authorization", "Bearer bad"}};
  CHECK(rest.request("GET", "/api/calls/missed", {}, bad).result_int() == 401);
  client.send(fixture::connect_packet("bad"));
  CHECK(
      client.next()
      == R"(44{"message":"Too many failed authentications","data":{"code":"auth_rate_limited"}})");
  CHECK(rest.request("GET", "/api/calls/missed", {}, bad).result_int() == 429);
  client.send(fixture::connect_packet(f.token("alice")));
  CHECK(client.next().starts_with("40{\"sid\""));
}

TEST_CASE("a socket that cannot be attached is told so instead of being connected") {
  fixture f;
  f.sink.on_attach = [&](user_ptr user, device_id id, client_link_ptr link,
                         std::optional<resume_request>, reply_to reply) {
    link->offer(std::make_shared<const wire_event>("callState", R"({"calls":[]})"));
    link.reset();
    f.sink.detach(user->id, id, nullptr, false);
    reply(error_code::too_many_devices);
  };
  socket_client client{f.start()};
  opened(client);
  client.send(fixture::connect_packet(f.token("alice")));
  CHECK(client.next() == R"(44{"message":"Too many devices","data":{"code":"too_many_devices"}})");
  CHECK(f.refused(error_code::too_many_devices) == 1);
}

TEST_CASE("what the client sends before it is attached waits and keeps its order") {
  fixture f;
  std::promise<std::pair<client_link_ptr, reply_to>> asked;
  auto question = asked.get_future();
  f.sink.on_attach = [&](user_ptr, device_id, client_link_ptr link, std::optional<resume_request>,
                         reply_to reply) {
    asked.set_value({std::move(link), std::move(reply)});
  };
  std::vector<std::string> got;
  f.sink.on_submit = [&](client_command what, reply_to reply) {
    got.push_back(std::get<command::accept>(what).call.str());
    reply(reply_value{a_call()});
  };
  socket_client client{f.start()};
  opened(client);
  client.send(fixture::connect_packet(f.token("alice")));
  for (int i = 0; i < 50; ++i)
    client.send("42" + std::to_string(i) + R"(["acceptCall",{"callId":")" + std::to_string(i)
                + "\"}]");
  REQUIRE(question.wait_for(patience) == std::future_status::ready);
  {
    auto [link, reply] = question.get();
    link->offer(std::make_shared<const wire_event>("callState", R"({"calls":[]})"));
    reply(reply_value{attachment{f.sink.devices().back().id, "pid", false}});
  }
  CHECK(client.next().starts_with("40{\"sid\""));
  CHECK(client.next() == no_calls);
  for (int i = 0; i < 50; ++i)
    CHECK(client.next().starts_with("43" + std::to_string(i) + R"([{"ok":true)"));
  CHECK(got.size() == 50);
  CHECK(std::is_sorted(got.begin(), got.end(),
                       [](auto& a, auto& b) { return std::stoi(a) < std::stoi(b); }));
}

TEST_CASE(
    "events reach the sink as the device's, whatever the client writes, and are acknowledged") {
  fixture f;
  client_command got;
  f.sink.on_submit = [&](client_command what, reply_to reply) {
    got = std::move(what);
    reply(reply_value{a_call()});
  };
  auto client = f.connected(f.start(), "alice");
  client->send(
      R"(4217["initiateCall",{"receiverId":"bob","callType":"audio","from":"mallory","userId":"x"}])");
  CHECK(client->next().starts_with(R"(4317[{"ok":true,"callId":"c1")"));
  auto& initiate = std::get<command::initiate>(got);
  CHECK(initiate.from.user == user_id{"alice"});
  CHECK(initiate.from.device == f.sink.devices()[0].id);
  CHECK(initiate.receiver == user_id{"bob"});

  client->send(
      R"(420["sendIceCandidate",{"to":"bob","callId":"c1","candidate":{"a": [1,2 ],"b":"\u00e4"}}])");
  CHECK(client->next().starts_with(R"(430[{"ok":true)"));
  auto& relay = std::get<command::relay>(got);
  CHECK(relay.payload == R"({"a": [1,2 ],"b":"\u00e4"})");
  CHECK(relay.kind == relay_kind::candidate);
  CHECK(f.counts.events_in.load() == 2);
}

TEST_CASE("failures are told as callError, and as an acknowledgement to who asks") {
  fixture f;
  error_code next = error_code::call_not_found;
  f.sink.on_submit = [&](client_command, reply_to reply) { reply(next); };
  auto client = f.connected(f.start(), "alice");
  client->send(R"(42["acceptCall",{"callId":"c9"}])");
  CHECK(client->next() == R"(42["callError",{"error":"Call not found","code":"call_not_found"}])");
  client->send(R"(425["acceptCall",{"callId":"c9"}])");
  CHECK(client->next().starts_with(R"(42["callError")"));
  CHECK(client->next().starts_with(R"(435[{"ok":false,"error":"Call not found")"));
  // Bad input does not get as far as the sink.
  client->send(R"(426["acceptCall",{}])");
  CHECK(client->next()
        == R"(42["callError",{"error":"callId required","code":"call_id_required"}])");
  CHECK(client->next()
        == R"(436[{"ok":false,"error":"callId required","code":"call_id_required"}])");
  client->send(R"(42["initiateCall"])");
  CHECK(client->next().find("receiverId required") != std::string::npos);
  // These have events of their own, which the actors send.
  next = error_code::user_offline;
  client->send(R"(427["initiateCall",{"receiverId":"bob","callType":"audio"}])");
  CHECK(client->next().starts_with(R"(437[{"ok":false)"));
  CHECK(f.refused(error_code::user_offline) == 1);
  CHECK(f.refused(error_code::call_id_required) == 1);
}

TEST_CASE("answers from other threads arrive") {
  fixture f;
  std::promise<reply_to> asked;
  auto question = asked.get_future();
  f.sink.on_submit = [&](client_command, reply_to reply) { asked.set_value(std::move(reply)); };
  auto client = f.connected(f.start(), "alice");
  client->send(R"(421["acceptCall",{"callId":"c1"}])");
  REQUIRE(question.wait_for(patience) == std::future_status::ready);
  question.get()(reply_value{a_call()});
  CHECK(client->next().starts_with(R"(431[{"ok":true)"));
}

TEST_CASE("unknown events are ignored unless they ask") {
  fixture f;
  auto client = f.connected(f.start(), "alice");
  client->send(R"(42["whatever",1,2])");
  client->send(R"(429["whatever",{"callId":"c"}])");
  CHECK(client->next() == R"(439[{"ok":false,"error":"Unknown event","code":"unknown_event"}])");
}

TEST_CASE("a socket without a token may authenticate later") {
  fixture f;
  auto port = f.start();
  for (bool as_object : {false, true}) {
    socket_client client{port};
    opened(client);
    client.send("40");
    auto connected = client.next();
    REQUIRE(connected.starts_with("40{\"sid\":\""));
    auto sid = connected.substr(10, 20);

    client.send(R"(421["acceptCall",{"callId":"c1"}])");
    CHECK(client.next()
          == R"(42["callError",{"error":"Not authenticated","code":"not_authenticated"}])");
    CHECK(client.next().starts_with(R"(431[{"ok":false,"error":"Not authenticated")"));

    client.send(R"(422["authenticate","nonsense"])");
    CHECK(
        client.next()
        == R"(42["authentication_error",{"message":"Authentication error","code":"unauthorized"}])");
    CHECK(client.next().starts_with(R"(432[{"ok":false,"error":"Authentication error")"));

    auto token = "\"" + f.token("alice") + "\"";
    client.send(R"(423["authenticate",)" + (as_object ? "{\"token\":" + token + "}" : token) + "]");
    CHECK(client.next() == R"(42["authenticated",{"userId":"alice","socketId":")" + sid + "\"}]");
    CHECK(client.next() == R"(433[{"ok":true,"userId":"alice","socketId":")" + sid + "\"}]");
    CHECK(client.next() == no_calls);
    CHECK(f.sink.devices().back().id == device_id{sid});
    client.close();
    CHECK(f.sink.wait_detached());
  }
}

TEST_CASE("authenticate without a token is an authentication error") {
  fixture f;
  socket_client client{f.start()};
  opened(client);
  client.send("40{}");
  client.next();
  for (auto* packet : {R"(42["authenticate"])", R"(42["authenticate",7])",
                       R"(42["authenticate",{"token":7}])", R"(42["authenticate",null,"x"])"}) {
    client.send(packet);
    CHECK(client.next().starts_with(
        R"(42["authentication_error",{"message":"Authentication error")"));
  }
}

TEST_CASE("a socket that does not authenticate in time is disconnected for good") {
  fixture f;
  f.waits.guest = std::chrono::milliseconds{50};
  socket_client client{f.start()};
  opened(client);
  client.send("40");
  CHECK(client.read_close() == describe(close_reason::auth_timeout).code);
  CHECK(client.last() == "41");
}

TEST_CASE("a token that expires is told, and a fresh one of the same user goes on") {
  fixture f;
  auto port = f.start();
  socket_client client{port};
  opened(client);
  client.send(fixture::connect_packet(f.token("alice", seconds{-1}))); // within the leeway
  CHECK(client.next().starts_with("40{\"sid\""));
  CHECK(client.next() == no_calls);
  CHECK(client.next() == R"(42["token_expired",{"graceSeconds":60}])");
  client.send(R"(421["authenticate",")" + f.token("bob") + "\"]");
  CHECK(
      client.next()
      == R"(42["authentication_error",{"message":"Token belongs to another user","code":"wrong_user"}])");
  CHECK(client.next().find("wrong_user") != std::string::npos);
  client.send(R"(42["authenticate",")" + f.token("alice") + "\"]");
  CHECK(client.next().starts_with(R"(42["authenticated",{"userId":"alice")"));
  CHECK(f.sink.devices().size() == 1);
  CHECK(f.sink.seen_users() == std::vector<std::string>{"alice", "alice"});
}

TEST_CASE("without a fresh token the device is disconnected after the grace") {
  fixture f;
  f.waits.expiry_grace = std::chrono::milliseconds{50};
  socket_client client{f.start()};
  opened(client);
  client.send(fixture::connect_packet(f.token("alice", seconds{-1})));
  CHECK(client.read_close() == describe(close_reason::token_expired).code);
  CHECK(client.last() == "41");
  CHECK(f.sink.wait_detached());
}

TEST_CASE("a client names the session to go on with") {
  fixture f;
  std::vector<std::optional<resume_request>> asked;
  f.sink.on_attach = [&](user_ptr, device_id id, client_link_ptr,
                         std::optional<resume_request> resume, reply_to reply) {
    asked.push_back(std::move(resume));
    reply(reply_value{attachment{id, "pid", asked.back().has_value()}});
  };
  auto port = f.start();
  for (auto* more : {"", R"(,"pid":"p","offset":"17")", R"(,"pid":"p")",
                     R"(,"pid":"p","offset":"x1")", R"(,"pid":"p","offset":17)", R"(,"pid":7)"}) {
    socket_client client{port};
    opened(client);
    client.send("40{\"token\":\"" + f.token("alice") + "\"" + more + "}");
    CHECK(client.next().starts_with("40{\"sid\""));
    client.close();
    CHECK(f.sink.wait_detached());
    CHECK(f.sink.devices().back().may_resume);
  }
  REQUIRE(asked.size() == 6);
  CHECK_FALSE(asked[0]);
  CHECK(asked[1]->offset == 17);
  CHECK(asked[1]->pid == "p");
  for (int i = 2; i < 5; ++i)
    CHECK(asked[static_cast<std::size_t>(i)]->offset == 0);
  CHECK_FALSE(asked[5]);
}

TEST_CASE("events over a device's rate are refused, but never an end or a reject") {
  fixture f;
  f.settings.limits.socket_events_per_second = 1;
  f.settings.limits.socket_events_burst = 3;
  f.sink.on_submit = [](client_command, reply_to reply) { reply(reply_value{a_call()}); };
  auto client = f.connected(f.start(), "alice");
  int refused = 0;
  for (int i = 0; i < 8; ++i) {
    client->send(R"(421["acceptCall",{"callId":"c"}])");
    auto answer = client->next();
    if (answer.starts_with(
            R"(42["callError",{"error":"Too many requests","code":"rate_limited")")) {
      ++refused;
      answer = client->next();
      CHECK(answer.find("rate_limited") != std::string::npos);
    }
  }
  CHECK(refused >= 1);
  for (int i = 0; i < 20; ++i)
    for (auto* name : {"endCall", "rejectCall"}) {
      client->send("421[\"" + std::string{name} + R"(",{"callId":"c"}])");
      CHECK(client->next().starts_with(R"(431[{"ok":true)"));
    }
}

TEST_CASE("costly events share the user's rate with its other sockets and REST") {
  fixture f;
  f.settings.limits.costly_per_minute = 3;
  f.sink.on_submit = [](client_command, reply_to reply) { reply(reply_value{a_call()}); };
  auto port = f.start();
  auto one = f.connected(port, "alice");
  auto two = f.connected(port, "alice");
  http_client rest{port};
  auto dial = R"(421["initiateCall",{"receiverId":"bob","callType":"audio"}])";
  one->send(dial);
  CHECK(one->next().starts_with(R"(431[{"ok":true)"));
  two->send(dial);
  CHECK(two->next().starts_with(R"(431[{"ok":true)"));
  auto request = [&] {
    return rest
        .request("POST", "/api/calls/initiate", R"({"receiverId":"bob","callType":"audio"})",
                 {{"Authorization", f.bearer("alice")}})
        .result_int();
  };
  CHECK(request() == 200);
  CHECK(request() == 429);
  one->send(dial);
  CHECK(one->next().find("rate_limited") != std::string::npos);
  CHECK(one->next().starts_with(R"(431[{"ok":false)"));
}

TEST_CASE("an SDP over its limit is refused") {
  fixture f;
  f.settings.limits.sdp_bytes = 100;
  auto client = f.connected(f.start(), "alice");
  client->send(R"(421["sendOffer",{"to":"bob","callId":"c1","offer":{"sdp":")"
               + std::string(200, 'x') + R"("}}])");
  CHECK(client->next().find("sdp_too_large") != std::string::npos);
  CHECK(client->next().starts_with(R"(431[{"ok":false)"));
}
