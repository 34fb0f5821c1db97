#include "tests/persistence/outsider.hpp"

#include "persistence/postgres_session.hpp"
#include "persistence/store_error.hpp"
#include "tests/catch.hpp"
#include "tests/persistence/plans.hpp"

#include <unistd.h>

#include <cstdlib>

namespace carillon::persistence::test {

outsider::outsider(const postgres_database& database)
  : database_(database)
  , name_("carillon_outsider_" + std::to_string(::getpid())) {
  database_.script("CREATE ROLE " + name_ + " LOGIN PASSWORD 'outside'; GRANT USAGE ON SCHEMA "
                   + database_.schema() + " TO " + name_
                   + "; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "
                   + database_.schema() + " TO " + name_);
}

outsider::~outsider() {
  try {
    database_.script("DROP OWNED BY " + name_ + "; DROP ROLE " + name_);
  } catch (const store_error& e) {
    WARN("role " << name_ << " stays: " << e.what());
  }
}

bool outsider::possible(const postgres_database& database) {
  if (database.value("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
      == "t")
    return true;
  for (const auto& [name, word] : {std::pair{"CARILLON_REQUIRE_POSTGRES", "1"}, {"CI", "true"}}) {
    const char* value = std::getenv(name);
    if (value != nullptr && std::string{value} == word)
      FAIL("the role of CARILLON_TEST_POSTGRES may not make another, and that is required here");
  }
  WARN("SKIPPED: the role of CARILLON_TEST_POSTGRES may not make another");
  return false;
}

std::string outsider::url() const {
  const auto url = database_.url();
  const auto host = url.find('@');
  REQUIRE(host != std::string::npos);
  return "postgresql://" + name_ + ":outside" + url.substr(host);
}

std::string outsider::sees(const std::string& user, const std::string& sql) const {
  std::string text;
  as(user, [&](postgres_access& db) {
    const auto rows = db.script("SELECT row_to_json(q)::text FROM (" + sql + ") AS q");
    for (std::size_t i = 0; i < rows.size(); ++i)
      text.append(text.empty() ? "" : "\n").append(rows[i].text(0));
  });
  return text;
}

std::string outsider::lists(const std::string& user, const std::string& sql) const {
  std::string text;
  as(user, [&](postgres_access& db) {
    const auto rows = db.script(sql);
    for (std::size_t i = 0; i < rows.size(); ++i)
      text.append(text.empty() ? "" : " ").append(rows[i].text(0));
  });
  return text;
}

std::string outsider::changes(const std::string& user, const std::string& sql) const {
  std::string done;
  try {
    as(user, [&](postgres_access& db) { done = std::to_string(db.script(sql).affected()); });
  } catch (const store_error& e) {
    const std::string why = e.what();
    return has(why, "row-level security") || has(why, "permission denied") ? "refused" : why;
  }
  return done;
}

void outsider::as(const std::string& user,
                  const std::function<void(postgres_access&)>& what) const {
  postgres_session session{database_.url()};
  session.write([&](postgres_access& db) {
    db.script("SET LOCAL ROLE " + name_);
    if (!user.empty())
      db.script("SET LOCAL carillon.user_id = '" + user + "'");
    what(db);
  });
}

} // namespace carillon::persistence::test
