#include "persistence/history_sql.hpp"

#include "persistence/postgres_session.hpp"
#include "persistence/sqlite_session.hpp"
#include "tests/catch.hpp"
#include "tests/persistence/history_model.hpp"

#include <array>

namespace carillon::persistence::test {

namespace {

// Histories of everybody's calls, by the caller alone: not what direct calls have, and without an
// index of their own.
history_sql of_callers(const history_spelling& how) {
  const history_view all{{{"", "caller_id = {user}", "0"}}, "n0"};
  return {how, "called", "direct_calls", all};
}

std::string dollar(int number, std::string_view type) {
  return "$" + std::to_string(number) + "::" + std::string{type};
}

std::string question_mark(int number, std::string_view) { return "?" + std::to_string(number); }

history_sql sql_for(const postgres_database&) {
  return of_callers(
      {&dollar, "'-infinity'::timestamptz", "'infinity'::timestamptz", "greatest", false, true});
}

history_sql sql_for(const sqlite_database&) {
  return of_callers({&question_mark, "-1", "9223372036854775807", "max", false, false});
}

std::int64_t number_of(const postgres_database& database, const std::string& sql,
                       const std::vector<std::string>& parameters) {
  std::int64_t number = -1;
  postgres_session{database.url()}.write([&](postgres_access& db) {
    const auto rows = db.run({"asked", sql}, parameters);
    number = rows.size() > 0 ? rows[0].number(0) : static_cast<std::int64_t>(rows.affected());
  });
  return number;
}

std::int64_t number_of(const sqlite_database& database, const std::string& sql,
                       const std::vector<std::string>& parameters) {
  sqlite_session session{database.file()};
  session.open();
  auto q = session.query(sql);
  q.add(parameters[0]);
  for (std::size_t i = 1; i < parameters.size(); ++i)
    q.add(std::int64_t{std::stoll(parameters[i])});
  return q.step() ? q.number(0) : -1;
}

} // namespace

TEMPLATE_TEST_CASE("another kind of history is counted by the same SQL", "[blocks]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  std::vector<write_op> ops;
  for (int i = 0; i < 100; ++i)
    ops.emplace_back(completed(ringing("c" + std::to_string(100 + i), i % 4 ? "bob" : "alice",
                                       i % 4 ? "alice" : "bob", i)));
  REQUIRE(store->write(ops).ok());

  const auto sql = sql_for(database);
  const history_view view{{{"", "caller_id = {user}", "0"}}, "n0"};
  CHECK(number_of(database, sql.fresh(), {"bob", "1000"}) == 75);
  CHECK(number_of(database, sql.fresh(), {"bob", "20"}) == 20);
  CHECK(number_of(database, sql.total(view), {"bob"}) == 75);
  CHECK(number_of(database, sql.total(view), {"nobody"}) == 0);
  number_of(database, sql.make_blocks(), {"bob", "10", "1000", "15"});
  CHECK(database.value("SELECT count(*) FROM history_blocks WHERE kind = 'called'") == "6");
  CHECK(database.value("SELECT sum(n0) FROM history_blocks WHERE kind = 'called'") == "60");
  CHECK(number_of(database, sql.fresh(), {"bob", "1000"}) == 15);
  CHECK(number_of(database, sql.total(view), {"bob"}) == 75);
  CHECK(number_of(database, sql.total(view), {"alice"}) == 25);

  const auto newer = "SELECT newer FROM (" + sql.place(view, "37") + ") AS places";
  CHECK(number_of(database, newer, {"bob"}) == 35);
  CHECK(number_of(database, "SELECT newer FROM (" + sql.place(view, "14") + ") AS p", {"bob"})
        == 0);
}

} // namespace carillon::persistence::test
