// The migration that brought counted histories, on databases with calls; and what follows from it
// in PostgreSQL for calls that are live.

#include "tests/catch.hpp"
#include "tests/persistence/history_model.hpp"

namespace carillon::persistence::test {

namespace {

// How either database spells a truth and a moment.
std::string truth(bool yes, const sqlite_database&) { return yes ? "1" : "0"; }

std::string truth(bool yes, const postgres_database&) { return yes ? "true" : "false"; }

std::string moment(time_point t, const sqlite_database&) { return std::to_string(to_epoch_ms(t)); }

std::string moment(time_point t, const postgres_database&) {
  return "'epoch'::timestamptz + " + std::to_string(to_epoch_ms(t)) + " * interval '1 millisecond'";
}

// Calls of alice and bob as version 1 of the schema has them, as the values of an INSERT.
template <class Database>
std::string as_values(const call_record& call, const Database& in) {
  const auto text = [](std::string_view what) { return "'" + std::string{what} + "'"; };
  const auto time = [&](const std::optional<time_point>& t) { return t ? moment(*t, in) : "NULL"; };
  std::string all;
  for (const auto& value :
       {text(call.id.str()), text(call.caller.str()), text(call.direct().receiver.str()),
        text(to_string(call.direct().type)), text(to_string(call.status)),
        text(call.ended_at ? to_string(call.reason) : ""), truth(call.direct().missed, in),
        truth(false, in), std::to_string(call.version), std::to_string(call.duration_s),
        text(call.ended_by.str()), time(call.created_at), time(call.started_at),
        time(call.ended_at), time(call.ring_deadline), std::string{"NULL"}})
    all += (all.empty() ? "(" : ", ") + value;
  return all + ")";
}

call_record nth_call(int i) {
  // Equal times by the dozen, and ids that go the other way.
  auto call = ringing("c" + std::to_string(900'000 - i), i % 3 ? "alice" : "bob",
                      i % 3 ? "bob" : "alice", i / 12 * 60'000);
  call.direct().type = i % 5 == 0 ? media_type::audio : media_type::video;
  if (i % 500 == 7)
    return call; // goes on still
  return i % 4 == 1 ? missed(call) : completed(call);
}

std::string live_ids(record_store& store) {
  auto live = store.live_calls();
  REQUIRE(live.ok());
  return ids_of(*live);
}

} // namespace

TEMPLATE_TEST_CASE("a database of the first version is counted, and keeps what it has",
                   "[migrations][blocks]", sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  migrate_to(database, 1);
  history_model model;
  std::string rows;
  constexpr int calls = 3'000;
  for (int i = 0; i < calls; ++i) {
    const auto call = nth_call(i);
    model.apply(call);
    rows += (i == 0 ? "" : ", ") + as_values(call, database);
  }
  database.script("INSERT INTO direct_calls (id, caller_id, receiver_id, call_type, status, reason,"
                  " missed, via_rest, version, duration_s, ended_by, created_at, started_at,"
                  " ended_at, ring_deadline, call_deadline) VALUES "
                  + rows);
  const bool sqlite = std::is_same_v<TestType, sqlite_database>;
  for (int i = 0; i < calls; i += 100) {
    const auto call = nth_call(i);
    model.apply(hide_op{call.caller, call.id});
    database.script("UPDATE direct_calls SET caller_hidden = " + std::string{sqlite ? "1" : "true"}
                    + " WHERE id = '" + call.id.str() + "'");
  }

  auto store = store_at(database.url());
  // Of 2,980 and 2,990 entries, those that are not the newest 256.
  CHECK(database.value("SELECT count(*) FROM history_blocks") == "10");
  CHECK(database.value(wrong_blocks()) == "0");
  for (const auto* user : {"alice", "bob"}) {
    for (bool missed_only : {false, true}) {
      for (int skip : {0, 500, 1'000, 1'500, 2'600, 2'960, 5'000}) {
        auto what = page_of(user, 60, skip);
        what.missed_only = missed_only;
        const auto expected = model.page(what);
        auto found = store->history(what);
        REQUIRE(found.ok());
        CHECK(found->calls == expected.calls);
        CHECK(found->has_more == expected.has_more);
      }
    }
  }
  CHECK(live_ids(*store) == "c899993 c899493 c898993 c898493 c897993 c897493");

  // And it goes on from there.
  const auto last = completed(nth_call(7));
  model.apply(last);
  CHECK(written(*store, {last}) == "1");
  CHECK(database.value(wrong_blocks()) == "0");
  CHECK(live_ids(*store) == "c899493 c898993 c898493 c897993 c897493");
}

TEST_CASE("PostgreSQL finds live calls without a look at all others", "[postgres][blocks]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  auto store = store_at(database.url());
  constexpr int minute = 60'000;
  const auto write = [&](int from, int to) {
    std::vector<write_op> ops;
    for (int i = from; i < to; ++i)
      ops.emplace_back(
          completed(ringing("c" + std::to_string(i), "u" + std::to_string(i), "bob", i * 1'000)));
    REQUIRE(store->write(ops).ok());
  };
  CHECK(written(*store, {ringing("long", "alice", "carol", 0)}) == "1");
  write(0, 4'100); // more than an hour
  CHECK(written(*store, {ringing("new", "alice", "dave", 68 * minute)}) == "1");
  CHECK(database.value("SELECT count(*) FROM call_marks WHERE live_since > 'epoch'") == "1");
  CHECK(database.value("SELECT string_agg(id, ' ') FROM long_calls") == "long");
  CHECK(live_ids(*store) == "long new");

  // What comes late: from a spool, or from a server whose clock is slow.
  CHECK(written(*store, {ringing("late", "erin", "dave", 10 * minute)}) == "1");
  CHECK(live_ids(*store) == "long late new");
  auto back = completed(ringing("back", "erin", "frank", 11 * minute));
  CHECK(written(*store, {back}) == "1");
  back.ended_at.reset(); // no server does that
  back.version += 1;
  CHECK(written(*store, {back}) == "1");
  CHECK(live_ids(*store) == "long late back new");

  CHECK(written(*store, {completed(ringing("long", "alice", "carol", 0)),
                         completed(ringing("late", "erin", "dave", 10 * minute))})
        == "11");
  CHECK(live_ids(*store) == "back new");
  back.version += 1;
  back.ended_at = back.started_at;
  CHECK(written(*store, {back}) == "1");
  write(4'100, 8'300);
  CHECK(database.value("SELECT string_agg(id, ' ') FROM long_calls") == "new");
  CHECK(live_ids(*store) == "new");
  CHECK(store->erase_old(at(100 * minute), 10'000).ok());
  CHECK(live_ids(*store) == "new");
  CHECK(written(*store, {completed(ringing("new", "alice", "dave", 68 * minute))}) == "1");
  CHECK(live_ids(*store).empty());
  CHECK(store->erase_old(at(100 * minute), 10'000).ok());
  CHECK(database.value("SELECT count(*) FROM long_calls") == "0");
}

TEST_CASE("a restart leaves the next one less to look at", "[postgres][blocks]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  auto store = store_at(database.url());
  const auto call = ringing("old", "alice", "bob", 0);
  CHECK(written(*store, {call, ringing("new", "carol", "dave", 3'600'000)}) == "11");
  const std::string mark = "SELECT live_since > 'epoch' FROM call_marks";
  CHECK(database.value(mark) == "f");
  CHECK(live_ids(*store) == "old new");
  CHECK(database.value(mark) == "t");
  CHECK(live_ids(*store) == "old new");
  CHECK(written(*store, {completed(call)}) == "1");
  CHECK(live_ids(*store) == "new");
  CHECK(database.value("SELECT count(*) FROM long_calls") == "0");

  database.script("TRUNCATE direct_calls");
  CHECK(live_ids(*store).empty());
  CHECK(database.value(wrong_blocks()) == "0");
}

TEST_CASE("PostgreSQL rewrites a call without touching an index", "[postgres]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  auto store = store_at(database.url());
  for (int i = 0; i < 200; i += 20) {
    std::vector<write_op> begun;
    std::vector<write_op> active;
    std::vector<write_op> ended;
    for (int n = i; n < i + 20; ++n) {
      auto call = ringing("c" + std::to_string(n), "alice", "bob", n);
      begun.emplace_back(call);
      ended.emplace_back(completed(call));
      call.status = call_status::active;
      call.version = 2;
      active.emplace_back(call);
    }
    REQUIRE(store->write(begun).ok());
    REQUIRE(store->write(active).ok());
    REQUIRE(store->write(ended).ok());
  }
  store.reset(); // a connection's counts are there soon after its end
  const std::string updates = "SELECT n_tup_upd FROM pg_stat_user_tables"
                              " WHERE relid = 'direct_calls'::regclass";
  for (int i = 0; i < 1'000 && database.value(updates) != "400"; ++i) {
  }
  CHECK(database.value(updates) == "400");
  CHECK(database.value("SELECT n_tup_hot_upd FROM pg_stat_user_tables"
                       " WHERE relid = 'direct_calls'::regclass")
        == "400");
}

} // namespace carillon::persistence::test
