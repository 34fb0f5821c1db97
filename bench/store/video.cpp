#include "bench/store/video.hpp"

#include "persistence/postgres_session.hpp"
#include "persistence/postgres_video_reads.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace carillon::store_bench {

namespace {

using persistence::postgres_access;
using persistence::postgres_statement;
using std::chrono::steady_clock;

constexpr int users = 50'000;
constexpr int runs = 101;
constexpr int at_once = 50'000; ///< calls that one statement makes

// Ids of 24 characters; `users` itself is the one in every hundredth call.
std::string id_in_sql(const std::string& number) {
  return "('65f0c0de' || lpad(to_hex(" + number + "), 16, '0'))";
}

user_id nth(int number) {
  char text[25];
  std::snprintf(text, sizeof text, "65f0c0de%016x", static_cast<unsigned>(number));
  return user_id{std::string_view{text, 24}};
}

// A number below `users` for the text, the small ones far more often: the first one is had by one
// in 220, half of all are had by one in 200,000 each.
std::string somebody(const std::string& text) {
  return "floor(" + std::to_string(users) + " * power((hashtext(" + text
         + ") & 1073741823) / 1073741824.0, 2))::integer";
}

std::string after(const std::string& number, int steps) {
  return "((" + number + " + " + std::to_string(steps) + ") % " + std::to_string(users) + ")";
}

void fill_users(const database& where) {
  where.script("INSERT INTO users (id, name, email, image, role, claim_name, claim_email,"
               " claim_image, claim_role, created_at, updated_at) SELECT "
               + id_in_sql("n")
               + ", 'User ' || n, 'user' || n || '@example.com', '', '', '', '', '',"
               + " '', now(), now() FROM generate_series(0, " + std::to_string(users) + ") AS n");
}

// A call each half minute, the last ones in 1,000 not over. Three different people are in each.
void fill_calls(const database& where, int from, int to, int calls) {
  const auto regular = std::to_string(users);
  const std::string numbers =
      "WITH drawn AS (SELECT n, " + somebody("'a' || n") + " AS a, " + somebody("'b' || n")
      + " AS b, " + somebody("'c' || n") + " AS c FROM generate_series(" + std::to_string(from)
      + ", " + std::to_string(to - 1) + ") AS n)," + " apart AS (SELECT n, a, CASE WHEN b = a THEN "
      + after("b", 1) + " ELSE b END AS b, c FROM drawn),"
      + " people AS (SELECT n, CASE WHEN n % 200 = 0 THEN " + regular + " ELSE a END AS a, b,"
      + " CASE WHEN n % 200 = 100 THEN " + regular + " WHEN c NOT IN (a, b) THEN c WHEN "
      + after("c", 1) + " NOT IN (a, b) THEN " + after("c", 1) + " ELSE " + after("c", 2)
      + " END AS c, md5('call' || n)::uuid AS id,"
      + " timestamptz '2025-11-01 00:00Z' + n * interval '30 s' AS at,"
      + " n >= " + std::to_string(calls - calls / 1000) + " AS lives FROM apart),"
      + " made AS (INSERT INTO video_calls (id, call_id, call_type, created_by, status, started_at,"
        " ended_at, duration_seconds, created_at, updated_at, version, awake)"
        " SELECT id, 'call-' || n, 'default', "
      + id_in_sql("a")
      + ", CASE WHEN lives THEN 'active' ELSE 'ended' END, at + interval '2 s',"
        " CASE WHEN NOT lives THEN at + interval '602 s' END, CASE WHEN NOT lives THEN 600 END,"
        " at, at + interval '602 s', 8, lives FROM people)";
  where.script(
      numbers
      + " INSERT INTO video_call_participants (id, call_id, user_id, role, joined_at, left_at,"
        " duration_seconds, created_at, updated_at, position, entered_at, present_ms, version)"
        " SELECT md5('leg' || n || ' ' || k)::uuid, id, "
      + id_in_sql("CASE k WHEN 0 THEN a WHEN 1 THEN b ELSE c END")
      + ", CASE k WHEN 0 THEN 'admin' ELSE 'participant' END, at + k * interval '3 s',"
        " CASE WHEN NOT lives THEN at + interval '602 s' END,"
        " CASE WHEN NOT lives THEN 602 - 3 * k END, at, at + interval '602 s', k,"
        " CASE WHEN lives THEN at + k * interval '3 s' END,"
        " CASE WHEN lives THEN 0 ELSE (602 - 3 * k) * 1000 END, 8"
        " FROM people CROSS JOIN generate_series(0, 2) AS k");
}

void fill(const database& where, int calls) {
  fill_users(where);
  for (int from = 0; from < calls; from += at_once)
    fill_calls(where, from, std::min(from + at_once, calls), calls);
  where.script("VACUUM (ANALYZE)"); // as autovacuum does
  std::printf("PostgreSQL, %s calls, %s participations, %s users\n",
              where.script("SELECT count(*) FROM video_calls").c_str(),
              where.script("SELECT count(*) FROM video_call_participants").c_str(),
              where.script("SELECT count(*) FROM users").c_str());
}

template <class Ask>
void print_time(const std::string& name, Ask ask) {
  std::vector<double> took;
  std::size_t rows = 0;
  for (int i = 0; i < runs; ++i) {
    const auto begin = steady_clock::now();
    const auto found = ask();
    took.push_back(std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count());
    if (!found)
      give_up(found.error().message());
    rows = found->size();
  }
  std::sort(took.begin(), took.end());
  std::printf("%-44s median %7.3f ms, p95 %7.3f ms (%zu calls)\n", name.c_str(), took[runs / 2],
              took[runs * 95 / 100], rows);
}

// As a connection that is used for long runs it: by then PostgreSQL has decided how.
void print_plan(const database& where, const char* name, const postgres_statement& statement,
                const std::string& values) {
  std::printf("\n%s\n", name);
  persistence::postgres_session{where.url()}.read([&](postgres_access& db) {
    db.script("PREPARE asked AS " + statement.sql);
    for (int i = 0; i < 10; ++i)
      db.script("EXECUTE asked" + values);
    const auto plan = db.script("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE asked" + values);
    for (std::size_t line = 0; line < plan.size(); ++line)
      std::printf("  %s\n", std::string{plan[line].text(0)}.c_str());
    db.script("DEALLOCATE asked");
  });
}

} // namespace

void measure_video(database& where, int calls) {
  where.open().reset();
  fill(where, calls);
  auto store = where.open();
  struct {
    const char* name;
    user_id user;
    int offset; ///< where its last page begins, and that of the one in the middle
  } const asking[] = {
      {"in every hundredth call", nth(users), calls / 100 - 100},
      {"the busiest of the others", nth(0), calls / 100},
      {"one of the many", nth(users / 2), 0},
  };
  for (const auto& [name, user, offset] : asking) {
    for (int skip : {0, offset / 10, offset}) {
      if (skip == 0 || offset > 0)
        print_time("history, " + std::string{name} + ", offset " + std::to_string(skip),
                   [&, who = user] {
                     return store->video_history({who, 25, skip});
                   });
      if (offset == 0)
        break;
    }
    print_time("active, " + std::string{name},
               [&, who = user] { return store->active_video_calls(who); });
  }
  const auto user = "('" + nth(users).str() + "'";
  namespace sql = persistence::postgres_sql;
  print_plan(where, "history, offset 0", sql::video_history(), user + ", 25, 0)");
  print_plan(where, "history, far back", sql::video_history(),
             user + ", 25, " + std::to_string(calls / 100 - 100) + ")");
  print_plan(where, "active", sql::active_video_calls(), user + ")");
}

} // namespace carillon::store_bench
