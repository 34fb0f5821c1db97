#include "config/log.hpp"
#include "tests/actors/meeting.hpp"
#include "tests/config/captured_stderr.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

actors::engine_settings with_secret(std::string secret = "a secret of Stream") {
  actors::engine_settings how;
  how.stream = {"key", std::move(secret), std::string(64, 'a')};
  return how;
}

result<reply_value> ask_token(world& w, const std::string& user, seconds ttl) {
  return w.read(query::stream_token{user_id{user}, ttl});
}

stream_token token(world& w, const std::string& user, seconds ttl) {
  auto given = ask_token(w, user, ttl);
  REQUIRE(given.ok());
  return std::get<stream_token>(*given);
}

std::optional<stored_token> row(world& w, const std::string& user) {
  auto store = w.stores->open();
  REQUIRE(store.ok());
  auto found = (*store)->token_of(user_id{user});
  REQUIRE(found.ok());
  return *found;
}

} // namespace

TEST_CASE("a token of a day is given again while it lives long enough", "[door_tokens]") {
  world w{with_secret()};
  w.know("alice");
  auto first = token(w, "alice", long_token_ttl);
  CHECK(first.expires_at - w.time().wall(w.scheduler().clock().now()) > std::chrono::hours{23});
  REQUIRE(row(w, "alice"));
  CHECK(row(w, "alice")->sealed.find(first.text) == std::string::npos);
  CHECK(row(w, "alice")->expires_at == first.expires_at);
  w.run(seconds{10});
  CHECK(token(w, "alice", long_token_ttl).text == first.text);
  SECTION("over a restart") {
    w.restart(std::chrono::hours{22});
    CHECK(token(w, "alice", long_token_ttl).text == first.text);
  }
  SECTION("and then another one") {
    w.restart(std::chrono::hours{23});
    w.run(seconds{5});
    auto second = token(w, "alice", long_token_ttl);
    CHECK(second.text != first.text);
    CHECK(second.expires_at > first.expires_at);
    CHECK(row(w, "alice")->expires_at == second.expires_at);
  }
  SECTION("to this user only") {
    w.know("bob");
    CHECK(token(w, "bob", long_token_ttl).text != first.text);
  }
}

TEST_CASE("a token of an hour is always fresh and takes no longer one's place", "[door_tokens]") {
  world w{with_secret()};
  w.know("alice");
  auto first = token(w, "alice", short_token_ttl);
  REQUIRE(row(w, "alice"));
  CHECK(row(w, "alice")->expires_at == first.expires_at);
  w.run(seconds{2});
  CHECK(token(w, "alice", short_token_ttl).text != first.text);
  auto of_a_day = token(w, "alice", long_token_ttl);
  CHECK(of_a_day.expires_at > first.expires_at);
  static_cast<void>(token(w, "alice", short_token_ttl));
  CHECK(row(w, "alice")->expires_at == of_a_day.expires_at);
}

TEST_CASE("tokens are made while the store is away", "[door_tokens]") {
  world w{with_secret()};
  w.know("alice");
  w.stores->away = true;
  auto made = token(w, "alice", long_token_ttl);
  CHECK_FALSE(made.text.empty());
  CHECK_FALSE(token(w, "alice", short_token_ttl).text.empty());
  // Of whom the store does not know yet.
  auto bob = w.connect("bob", "b1");
  CHECK_FALSE(token(w, "bob", long_token_ttl).text.empty());
  w.stores->away = false;
  w.run(seconds{5});
  REQUIRE(row(w, "alice"));
  CHECK(row(w, "bob"));
}

TEST_CASE("that a token is not read is a line in the log", "[door_tokens]") {
  world w{with_secret()};
  w.know("alice");
  w.stores->away = true;
  test::captured_stderr log;
  log::open(log::level::warn);
  CHECK_FALSE(token(w, "alice", long_token_ttl).text.empty());
  log::set_level(log::level::off);
  CHECK(log.text().find("level=warn event=stream_token_not_read why=\"Storage is not available")
        != std::string::npos);
}

TEST_CASE("without a secret there are no tokens", "[door_tokens]") {
  world w{with_secret("")};
  w.know("alice");
  for (auto ttl : {long_token_ttl, short_token_ttl})
    CHECK(word_of(ask_token(w, "alice", ttl)) == "stream_not_configured");
  CHECK_FALSE(row(w, "alice"));
}

TEST_CASE("a user's profile is that of its row", "[door_tokens]") {
  world w;
  w.know("alice");
  auto profile = [&](const std::string& user) { return w.read(query::profile{user_id{user}}); };
  CHECK(std::get<user_ptr>(*profile("alice"))->display_name() == "alice's name");
  w.restart();
  CHECK(std::get<user_ptr>(*profile("alice"))->display_name() == "alice's name");
  CHECK(word_of(profile("nobody")) == "not_authenticated");
  w.stores->away = true;
  CHECK(word_of(profile("nobody")) == "store_unavailable");
  auto bob = w.connect("bob", "b1");
  CHECK(std::get<user_ptr>(*profile("bob"))->display_name() == "bob's name");
}
