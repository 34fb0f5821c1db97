#include "persistence/sqlite_store.hpp"

#include "config/log.hpp"
#include "persistence/migrations.hpp"
#include "persistence/op_check.hpp"
#include "persistence/rows.hpp"
#include "persistence/sqlite_session.hpp"
#include "persistence/sqlite_statements.hpp"
#include "persistence/store_guard.hpp"

#include <algorithm>
#include <chrono>

namespace carillon::persistence {

namespace {

// Another process that migrates the same file may have a large table to work on.
constexpr std::chrono::minutes migration_patience{10};

std::int64_t flag(bool value) { return value ? 1 : 0; }

std::optional<std::int64_t> ms(const std::optional<time_point>& t) {
  if (!t)
    return std::nullopt;
  return to_epoch_ms(*t);
}

class sqlite_store final : public record_store {
public:
  sqlite_store(const std::filesystem::path& file, milliseconds patience)
    : session_(file)
    , patience_(patience)
    , guard_("sqlite:" + file.string()) {}

  status migrate() override;
  result<std::vector<bool>> write(std::span<const write_op> ops) override;
  result<std::optional<user_record>> load_user(const user_id& id) override;
  result<std::vector<user_record>> load_users(std::span<const user_id> ids) override;
  result<std::optional<call_record>> load_call(const call_id& id) override;
  result<record_page> history(const query::history& what) override;
  result<std::vector<call_record>> live_calls() override;
  result<std::size_t> erase_old(time_point before, std::size_t limit) override;
  status ping() override;

private:
  // Runs `work` on an open connection; a connection on which something went wrong is not used
  // again.
  template <class Work>
  auto with_session(std::string_view what, Work work,
                    store_guard::detail shown = store_guard::detail::hidden) {
    return guard_.run(what, shown, [&] {
      session_.open(patience_);
      try {
        return work();
      } catch (const store_error& e) {
        if (e.why() == store_error::cause::away)
          session_.close();
        throw;
      }
    });
  }

  std::optional<user_record> find_user(const user_id& id);
  bool put(const user_ptr& user);
  bool put(const call_record& call);
  bool put(const hide_op& hide);
  int schema_version();
  bool migrate_once();

  sqlite_session session_;
  milliseconds patience_;
  store_guard guard_;
};

int sqlite_store::schema_version() {
  {
    auto table = session_.query(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'");
    if (!table.step())
      return 0;
  }
  auto latest = session_.query("SELECT coalesce(max(version), 0) FROM schema_migrations");
  latest.step();
  return static_cast<int>(latest.number(0));
}

// Runs the next migration, if there is one.
bool sqlite_store::migrate_once() {
  const auto all = sqlite_migrations();
  sqlite_transaction transaction{session_};
  const auto version = static_cast<std::size_t>(schema_version());
  if (version > all.size())
    throw store_error(store_error::cause::away,
                      "the database is of a later version of the program");
  if (version == all.size())
    return false;
  const auto& next = all[version];
  session_.script("CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY,"
                  " name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT");
  session_.script(std::string{next.sql});
  const auto now = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
  session_.query("INSERT INTO schema_migrations VALUES (?1, ?2, ?3)")
      .add(std::int64_t{next.version})
      .add(next.name)
      .add(to_epoch_ms(now))
      .run();
  transaction.commit();
  log::info("schema_migrated", {{"version", next.version}, {"name", next.name}});
  return true;
}

status sqlite_store::migrate() {
  return with_session(
      "migrate",
      [&] {
        // The usual start: nothing to do, and no lock to wait for.
        if (static_cast<std::size_t>(schema_version()) == sqlite_migrations().size())
          return std::monostate{};
        session_.open(migration_patience);
        while (migrate_once()) {
        }
        return std::monostate{};
      },
      store_guard::detail::told);
}

bool sqlite_store::put(const user_ptr& user) {
  auto q = session_.query(sqlite_sql::put_user());
  q.add(user->id.str());
  for (const auto* claims : {&user->profile, &user->claimed})
    q.add(claims->name).add(claims->email).add(claims->image).add(claims->role);
  return q.add(to_epoch_ms(user->created_at)).add(to_epoch_ms(user->updated_at)).run() > 0;
}

bool sqlite_store::put(const call_record& call) {
  auto q = session_.query(sqlite_sql::put_call());
  q.add(call.id.str()).add(call.caller.str()).add(call.receiver.str());
  q.add(to_string(call.type)).add(to_string(call.status)).add(stored_word(call.reason));
  q.add(flag(call.missed)).add(flag(call.via_rest)).add(std::int64_t{call.version});
  q.add(call.duration_s).add(call.ended_by.str()).add(to_epoch_ms(call.created_at));
  q.add(ms(call.started_at)).add(ms(call.ended_at));
  q.add(ms(call.ring_deadline)).add(ms(call.call_deadline));
  return q.run() > 0;
}

bool sqlite_store::put(const hide_op& hide) {
  return session_.query(sqlite_sql::hide_call()).add(hide.call.str()).add(hide.user.str()).run()
         > 0;
}

result<std::vector<bool>> sqlite_store::write(std::span<const write_op> ops) {
  return with_session("write", [&] {
    std::vector<bool> changed;
    changed.reserve(ops.size());
    sqlite_transaction transaction{session_};
    for (const auto& op : ops) {
      if (const auto why = why_unstorable(op))
        throw store_error(store_error::cause::data, subject_of(op) + ": " + *why);
      changed.push_back(std::visit([&](const auto& what) { return put(what); }, op));
    }
    transaction.commit();
    return changed;
  });
}

std::optional<user_record> sqlite_store::find_user(const user_id& id) {
  auto q = session_.query(sqlite_sql::load_user());
  if (!q.add(id.str()).step())
    return std::nullopt;
  return read_user(q);
}

result<std::optional<user_record>> sqlite_store::load_user(const user_id& id) {
  return with_session("load_user", [&] { return find_user(id); });
}

result<std::vector<user_record>> sqlite_store::load_users(std::span<const user_id> ids) {
  return with_session("load_users", [&] {
    std::vector<user_record> users;
    std::vector<user_id> wanted{ids.begin(), ids.end()};
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    for (const auto& id : wanted) {
      if (auto user = find_user(id))
        users.push_back(std::move(*user));
    }
    return users;
  });
}

result<std::optional<call_record>> sqlite_store::load_call(const call_id& id) {
  return with_session("load_call", [&]() -> std::optional<call_record> {
    auto q = session_.query(sqlite_sql::load_call());
    if (!q.add(id.str()).step())
      return std::nullopt;
    return require_call(q);
  });
}

result<record_page> sqlite_store::history(const query::history& what) {
  return with_session("history", [&] {
    const auto limit = static_cast<std::size_t>(std::max(what.limit, 0));
    auto q = session_.query(sqlite_sql::history(what.missed_only, what.type.has_value()));
    q.add(what.user.str()).add(static_cast<std::int64_t>(limit) + 1);
    q.add(std::int64_t{std::max(what.skip, 0)});
    if (what.type)
      q.add(to_string(*what.type));
    record_page page;
    for (std::size_t row = 0; q.step(); ++row) {
      if (row == limit)
        page.has_more = true;
      else if (auto call = read_call(q))
        page.calls.push_back(std::move(*call));
    }
    return page;
  });
}

result<std::vector<call_record>> sqlite_store::live_calls() {
  return with_session("live_calls", [&] {
    std::vector<call_record> calls;
    auto q = session_.query(sqlite_sql::live_calls());
    while (q.step()) {
      if (auto call = read_call(q))
        calls.push_back(std::move(*call));
    }
    return calls;
  });
}

result<std::size_t> sqlite_store::erase_old(time_point before, std::size_t limit) {
  return with_session("erase_old", [&] {
    sqlite_transaction transaction{session_};
    auto erased = session_.query(sqlite_sql::erase_aged())
                      .add(to_epoch_ms(storable_time(before)))
                      .add(static_cast<std::int64_t>(limit))
                      .run();
    if (erased < limit)
      erased += session_.query(sqlite_sql::erase_hidden())
                    .add(static_cast<std::int64_t>(limit - erased))
                    .run();
    transaction.commit();
    return erased;
  });
}

status sqlite_store::ping() {
  return with_session(
      "ping",
      [&] {
        session_.query("SELECT count(*) FROM sqlite_master").step();
        return std::monostate{};
      },
      store_guard::detail::told);
}

class sqlite_factory final : public store_factory {
public:
  sqlite_factory(std::filesystem::path file, milliseconds patience)
    : file_(std::move(file))
    , patience_(patience) {}

  result<std::unique_ptr<record_store>> open() override {
    return std::unique_ptr<record_store>{std::make_unique<sqlite_store>(file_, patience_)};
  }

private:
  std::filesystem::path file_;
  milliseconds patience_;
};

} // namespace

std::shared_ptr<store_factory> sqlite_stores(std::filesystem::path file, milliseconds patience) {
  return std::make_shared<sqlite_factory>(std::move(file), patience);
}

} // namespace carillon::persistence
