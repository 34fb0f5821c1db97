// What every store promises of sessions and their people.

#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/sessions.hpp"

#include <algorithm>
#include <random>
#include <thread>

namespace carillon::persistence::test {

namespace {

// What tells a row from itself after it was written again, for each of a session's people.
std::string rows_of(const postgres_database& database, const std::string& session) {
  return database.value("SELECT string_agg(user_id || ' ' || xmin || ' ' || xmax, ', '"
                        " ORDER BY position) FROM session_participants WHERE session_id = '"
                        + session + "'");
}

} // namespace

TEMPLATE_TEST_CASE("a session comes back as it was written", "[store][sessions]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());

  auto call = opened("s1", {"alice", "bob", "carol"});
  auto facts = *call.session().facts;
  facts.type = session_type::therapy;
  facts.therapy_session = "t \"1\"";
  facts.seats = 2;
  facts.settings = R"({"allowScreenShare" : true, "isVideoEnabled":true,"more":["\\",{},"Å{}"]})";
  facts.metadata = R"({"title":"\"NULL\", {x}","tags":["a\u0000b"]})";
  read_flags(facts);
  call.session().facts = std::make_shared<const session_facts>(facts);
  CHECK(written(*store, {call}) == "1");
  CHECK(stored_session(*store, "s1") == call);

  call = joined(joined(call, "alice", 1'001), "bob", 2'002);
  entry(call, "bob").media = {true, false, true};
  entry(call, "bob").ever = {true, true, true};
  CHECK(written(*store, {call}) == "1");
  CHECK(stored_session(*store, "s1") == call);

  call = left(call, "bob", 3'333, true);
  CHECK(written(*store, {call}) == "1");
  CHECK(stored_session(*store, "s1") == call);

  // The same entry after coming back.
  call = joined(call, "bob", 4'000);
  CHECK(written(*store, {call}) == "1");
  CHECK(stored_session(*store, "s1") == call);

  call = closed(call, 9'876);
  CHECK(call.people[1].present == milliseconds{1'331 + 5'876});
  CHECK(written(*store, {call}) == "1");
  CHECK(stored_session(*store, "s1") == call);
  CHECK(database.value("SELECT count(*) FROM session_participants") == "3");

  // It is not of another kind, and there is no other.
  auto direct = store->load_call(call_kind::direct, call_id{"s1"});
  REQUIRE(direct.ok());
  CHECK_FALSE(direct->has_value());
  for (const auto& odd :
       {std::string{}, std::string("s1\0", 3), std::string{"\xff"}, std::string{"s1' OR '1'='1"}}) {
    auto none = store->load_call(call_kind::session, call_id{odd});
    REQUIRE(none.ok());
    CHECK_FALSE(none->has_value());
  }
}

TEMPLATE_TEST_CASE("every word, reason and end of time of a session survives", "[store][sessions]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  std::vector<write_op> ops;
  for (int i = 0; i <= static_cast<int>(end_reason::last_left); ++i) {
    auto call = opened("r" + std::to_string(i), {"alice", "bob"}, i);
    call.reason = static_cast<end_reason>(i);
    auto facts = *call.session().facts;
    facts.type = static_cast<session_type>(i % 3);
    call.session().facts = std::make_shared<const session_facts>(facts);
    call.people[1].invited = static_cast<invitation>(i % 4);
    call.people[1].joined_at = from_epoch_ms(i % 2 ? 253'402'300'799'999 : 0);
    call.people[1].present = milliseconds{i * 1'000'000'007LL};
    call.people[1].version = i % 2 ? 0xFFFFFFFF : 1;
    call.version = i % 2 ? 0xFFFFFFFF : 1;
    ops.emplace_back(call);
  }
  REQUIRE(store->write(ops).ok());
  for (const auto& op : ops) {
    const auto& call = std::get<call_record>(op);
    CHECK(stored_session(*store, call.id.str()) == call);
  }
}

TEMPLATE_TEST_CASE("only a newer version changes a session or one of its people",
                   "[store][sessions]", sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const auto first = opened("s1", {"alice", "bob"});
  const auto second = joined(first, "alice", 5);
  const auto third = joined(second, "bob", 6);

  CHECK(written(*store, {first}) == "1");
  CHECK(written(*store, {first}) == "0");
  CHECK(written(*store, {third, second, first}) == "100");
  CHECK(written(*store, {third}) == "0");
  CHECK(stored_session(*store, "s1") == third);

  // An old version, as a spool that is replayed has it, changes nobody.
  CHECK(written(*store, {left(second, "alice", 7)}) == "0");
  CHECK(stored_session(*store, "s1") == third);

  // In one batch, also when it is not collapsed, as if written one after the other; and versions
  // that were never written are no gap.
  const auto other = opened("s2", {"carol", "dave"});
  CHECK(written(*store, {other, closed(joined(joined(other, "dave", 1), "carol", 2), 3), other})
        == "110");
  CHECK(stored_session(*store, "s2").people[1].present == milliseconds{2});
}

TEST_CASE("PostgreSQL touches only the people that changed", "[postgres][sessions]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  auto store = store_at(database.url());
  auto call = opened("s1", {"alice", "bob", "carol"});
  CHECK(written(*store, {call}) == "1");
  const auto row = [&](int which) {
    const auto all = rows_of(database, "s1");
    auto from = std::size_t{0};
    for (int i = 0; i < which; ++i)
      from = all.find(", ", from) + 2;
    return all.substr(from, all.find(", ", from) - from);
  };
  const std::vector<std::string> before{row(0), row(1), row(2)};
  call = joined(call, "bob", 5);
  CHECK(written(*store, {call}) == "1");
  // Neither written nor locked.
  CHECK(row(0) == before[0]);
  CHECK(row(1) != before[1]);
  CHECK(row(2) == before[2]);
  const auto after = rows_of(database, "s1");
  CHECK(written(*store, {call}) == "0");
  CHECK(rows_of(database, "s1") == after);
}

TEST_CASE("servers that write the same sessions do not lock each other out",
          "[postgres][sessions]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  store_at(database.url());
  constexpr int servers = 4;
  std::vector<int> failures(servers);
  std::vector<std::thread> threads;
  for (int server = 0; server < servers; ++server) {
    threads.emplace_back([&, server, stores = stores_at(database.url())] {
      auto store = stores->open();
      std::mt19937 random{static_cast<unsigned>(server)};
      for (std::uint32_t round = 1; round <= 20; ++round) {
        std::vector<write_op> ops;
        for (int i = 0; i < 20; ++i) {
          auto call = opened("s" + std::to_string(i), {"alice", "bob", "carol", "dave"}, i);
          call.version = round;
          for (auto& one : call.people)
            one.version = round;
          ops.emplace_back(call);
          ops.emplace_back(measured("s" + std::to_string(i), "bob", round));
        }
        std::shuffle(ops.begin(), ops.end(), random);
        if (!store || !(*store)->write(ops))
          ++failures[static_cast<std::size_t>(server)];
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  CHECK(failures == std::vector<int>(servers, 0));
  CHECK(database.value("SELECT min(version) FROM sessions") == "20");
  CHECK(database.value("SELECT min(version) FROM session_participants") == "20");
  CHECK(database.value("SELECT count(*) FROM call_quality") == "400");
}

TEST_CASE("SQLite touches only the people that changed", "[sqlite][sessions]") {
  sqlite_database database;
  auto store = store_at(database.url());
  database.script("CREATE TABLE touched (user_id TEXT);"
                  "CREATE TRIGGER touch AFTER UPDATE ON session_participants BEGIN"
                  " INSERT INTO touched VALUES (NEW.user_id); END");
  auto call = opened("s1", {"alice", "bob", "carol"});
  CHECK(written(*store, {call}) == "1");
  call = joined(call, "bob", 5);
  CHECK(written(*store, {call}) == "1");
  CHECK(written(*store, {call}) == "0");
  CHECK(database.value("SELECT group_concat(user_id) FROM touched") == "bob");
}

TEMPLATE_TEST_CASE("the restart finds the sessions that have not ended", "[store][sessions]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const auto waits = opened("s1", {"alice", "bob"}, 2);
  const auto active =
      joined(joined(opened("s0", {"bob", "carol", "alice"}, 1), "carol", 9), "alice", 10);
  written(*store, {waits, active, closed(opened("s2", {"alice", "bob"}, 0), 9),
                   ringing("c1", "alice", "dave", 3), completed(ringing("c2", "a", "b", 4))});

  auto live = store->live_calls();
  REQUIRE(live.ok());
  CHECK(ids_of(*live) == "c1 s0 s1");
  CHECK(live->at(1) == active);
  CHECK(live->at(2) == waits);
}

TEMPLATE_TEST_CASE("the clean-up takes old sessions with their people and samples, in bites",
                   "[store][sessions]", sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  std::vector<write_op> ops;
  const std::vector<std::string> people{"alice", "bob"};
  for (int i = 0; i < 5; ++i)
    ops.emplace_back(closed(opened("old" + std::to_string(i), people, i), i + 1));
  ops.emplace_back(opened("live", people, 0));
  ops.emplace_back(closed(opened("new", people, 5'000), 6'000));
  ops.emplace_back(completed(ringing("direct", "alice", "bob", 1)));
  ops.emplace_back(completed(ringing("recent", "alice", "bob", 5'000)));
  for (const char* id : {"old0", "old3", "live", "new", "direct", "recent"}) {
    ops.emplace_back(measured(id, "alice", 7));
    ops.emplace_back(measured(id, "bob", 8));
  }
  REQUIRE(store->write(ops).ok());

  const auto erase = [&](std::size_t limit) {
    auto erased = store->erase_old(at(4), limit); // old4 was begun just then, not before
    REQUIRE(erased.ok());
    return *erased;
  };
  CHECK(erase(0) == 0);
  CHECK(erase(3) == 3); // the direct one, and two sessions
  CHECK(erase(3) == 2);
  CHECK(erase(3) == 0);
  CHECK(listed(*store, sessions_of("bob")) == "new old4 live of 3");
  CHECK(database.value("SELECT count(*) FROM session_participants") == "6");
  CHECK(database.value("SELECT count(*) FROM call_quality") == "6");
  CHECK(database.value("SELECT count(*) FROM call_quality WHERE call_id IN"
                       " ('live', 'new', 'recent')")
        == "6");

  auto all = store->erase_old(time_point::max(), 10);
  REQUIRE(all.ok());
  CHECK(*all == 3);
  CHECK(listed(*store, sessions_of("bob")) == "live of 1");
  CHECK(database.value("SELECT count(*) FROM call_quality") == "2");
}

TEMPLATE_TEST_CASE("a session that a store cannot hold is refused, with its whole batch",
                   "[store][sessions]", sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const auto good = opened("good", {"alice", "bob"});
  auto twice = opened("twice", {"alice", "bob", "bob"});
  auto nobody = opened("nobody", {"alice", "bob"});
  nobody.people.clear();
  auto bare = opened("bare", {"alice", "bob"});
  bare.session().facts.reset();
  auto odd = measured("good", "alice", 1);
  odd.mos = 1.0 / 0.0;
  for (const auto& op : std::vector<write_op>{twice, nobody, bare, odd}) {
    auto refused = store->write(std::vector<write_op>{good, op});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == error_code::internal);
    CHECK(refused.error().detail.empty());
    CHECK(listed(*store, sessions_of("alice")) == "of 0");
  }
}

TEMPLATE_TEST_CASE("a session that is not readable is passed over, or refused", "[store][sessions]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const std::vector<std::string> people{"alice", "bob"};
  written(*store, {opened("s1", people, 1), opened("s2", people, 2), opened("s3", people, 3),
                   opened("s4", people, 4)});
  database.script("UPDATE sessions SET status = 'frozen' WHERE id = 's2'");
  database.script("UPDATE session_participants SET role = 'king'"
                  " WHERE session_id = 's3' AND user_id = 'bob'");
  CHECK(listed(*store, sessions_of("bob")) == "s4 s1 of 4");
  auto live = store->live_calls();
  REQUIRE(live.ok());
  CHECK(ids_of(*live) == "s1 s4");
  for (const char* id : {"s2", "s3"}) {
    auto found = store->load_call(call_kind::session, call_id{id});
    REQUIRE_FALSE(found.ok());
    CHECK(found.error().code == error_code::internal);
  }
  CHECK(stored_session(*store, "s4") == opened("s4", people, 4));
}

TEMPLATE_TEST_CASE("a database from before there were sessions keeps what it has",
                   "[migrations][sessions]", sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  const int version = GENERATE(1, 2);
  TestType database;
  migrate_to(database, version);
  const bool sqlite = std::is_same_v<TestType, sqlite_database>;
  const std::string time = sqlite ? "1" : "'epoch'::timestamptz";
  const std::string no = sqlite ? "0" : "false";
  database.script("INSERT INTO direct_calls (id, caller_id, receiver_id, call_type, status, reason,"
                  " missed, via_rest, version, duration_s, ended_by, created_at, started_at,"
                  " ended_at, ring_deadline, call_deadline) VALUES ('c1', 'alice', 'bob', 'audio',"
                  " 'rejected', 'rejected', "
                  + no + ", " + no + ", 2, 0, 'bob', " + time + ", NULL, " + time
                  + ", NULL, NULL)");

  auto store = store_at(database.url());
  CHECK(page(*store, page_of("alice")) == "c1");
  CHECK(listed(*store, sessions_of("alice")) == "of 0");
  CHECK(written(*store, {opened("s1", {"alice", "bob"}), measured("c1", "bob", 1)}) == "11");
  CHECK(listed(*store, sessions_of("alice")) == "s1 of 1");
  // Its samples go with a call that was there before.
  auto erased = store->erase_old(at(0), 10);
  REQUIRE(erased.ok());
  CHECK(*erased == 1);
  CHECK(database.value("SELECT count(*) FROM call_quality") == "0");
}

} // namespace carillon::persistence::test
