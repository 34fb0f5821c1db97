#include "tests/actors/world.hpp"

using namespace carillon;
using namespace carillon::test;

TEST_CASE("calls go on while the store is away, and are written once it is back",
          "[persistence_actor]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  w.stores->away = true;

  auto id = w.call(alice, "bob"); // confirmed: it waits on disk
  REQUIRE(w.ask(bob, command::accept{bob->who, id}).ok());
  auto refused = w.history("alice");
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == error_code::store_unavailable);
  CHECK(refused.error().retry_after_s > 0);
  REQUIRE(w.ask(alice, command::end{alice->who, id}).ok());
  CHECK(w.counts.batches_spooled > 0);

  w.stores->away = false;
  w.run(seconds{5});
  auto page = w.history("alice");
  REQUIRE(page.ok());
  REQUIRE(page->calls.size() == 1);
  CHECK(page->calls[0].call.status == call_status::completed);
}

TEST_CASE("a token's user is served while the store is away", "[persistence_actor]") {
  world w;
  w.stores->away = true;
  auto alice = w.connect("alice", "a1");
  CHECK(alice->names == std::vector<std::string>{"callState"});
}

TEST_CASE("a user who came while the store was away is known when it is back",
          "[persistence_actor]") {
  world w;
  auto alice = w.connect("alice", "a1");
  w.stores->away = true;
  auto newbie = w.connect("newbie", "n1");
  w.know("passer-by");
  REQUIRE(w.ask(alice, w.initiate(alice, "newbie")).error().code
          == error_code::store_unavailable);
  w.stores->away = false;
  w.run(seconds{5});
  auto call = w.ask(alice, w.initiate(alice, "newbie"));
  REQUIRE(call.ok());
  CHECK(call_of(call).receiver().user->display_name() == "newbie's name");
  CHECK(newbie->count("incomingCall") == 1);
}

TEST_CASE("nothing is hidden while the store is away", "[persistence_actor]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  w.stores->away = true;
  auto id = w.call(alice, "bob");
  auto hidden = w.read(query::hide{user_id{"alice"}, id});
  CHECK(hidden.error().code == error_code::store_unavailable);
}

TEST_CASE("a call can be hidden once from each side", "[persistence_actor]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  auto id = w.call(alice, "bob");
  REQUIRE(w.ask(alice, command::end{alice->who, id}).ok());
  auto hide = [&](const char* user, const call_id& call) {
    return w.read(query::hide{user_id{user}, call});
  };
  CHECK(hide("alice", id).ok());
  CHECK(hide("alice", id).error().code == error_code::call_not_found);
  CHECK(hide("carol", id).error().code == error_code::call_not_found);
  CHECK(w.history("alice")->calls.empty());
  CHECK(w.history("bob")->calls.size() == 1);
}

TEST_CASE("old calls are deleted once a day", "[persistence_actor]") {
  actors::engine_settings how;
  how.retention_days = 1;
  world w{how};
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  auto first = w.call(alice, "bob");
  REQUIRE(w.ask(alice, command::end{alice->who, first}).ok());
  w.restart(std::chrono::hours{12});
  w.run(std::chrono::minutes{2});
  CHECK(w.history("alice")->calls.size() == 1);
  w.restart(std::chrono::hours{13});
  w.run(std::chrono::minutes{2});
  CHECK(w.history("alice")->calls.empty());
}
