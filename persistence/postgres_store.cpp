#include "persistence/postgres_store.hpp"

#include "persistence/op_check.hpp"
#include "persistence/open.hpp"
#include "persistence/postgres_array.hpp"
#include "persistence/postgres_schema.hpp"
#include "persistence/postgres_session.hpp"
#include "persistence/postgres_statements.hpp"
#include "persistence/rows.hpp"
#include "persistence/store_guard.hpp"
#include "persistence/write_groups.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace carillon::persistence {

namespace {

// One array for each column, in the order of the statement's parameters.
template <std::size_t Columns>
std::array<std::string, Columns> taken(std::array<postgres_array, Columns>& columns) {
  std::array<std::string, Columns> texts;
  std::transform(columns.begin(), columns.end(), texts.begin(),
                 [](postgres_array& column) { return column.take(); });
  return texts;
}

template <class... Values>
void add_row(std::array<postgres_array, sizeof...(Values)>& columns, const Values&... values) {
  std::size_t at = 0;
  (columns[at++].add(values), ...);
}

std::string_view view(const std::string& text) { return text; }

postgres_rows put_users(postgres_access& db, std::span<const write_op> ops,
                        const std::vector<std::size_t>& which) {
  std::array<postgres_array, 11> columns;
  for (auto i : which) {
    const auto& u = *std::get<user_ptr>(ops[i]);
    add_row(columns, view(u.id.str()), view(u.profile.name), view(u.profile.email),
            view(u.profile.image), view(u.profile.role), view(u.claimed.name),
            view(u.claimed.email), view(u.claimed.image), view(u.claimed.role), u.created_at,
            u.updated_at);
  }
  return db.run(postgres_sql::put_users(), taken(columns));
}

postgres_rows put_calls(postgres_access& db, std::span<const write_op> ops,
                        const std::vector<std::size_t>& which) {
  std::array<postgres_array, 16> columns;
  for (auto i : which) {
    const auto& c = std::get<call_record>(ops[i]);
    add_row(columns, view(c.id.str()), view(c.caller.str()), view(c.receiver.str()),
            to_string(c.type), to_string(c.status), stored_word(c.reason), c.missed, c.via_rest,
            std::int64_t{c.version}, c.duration_s, view(c.ended_by.str()), c.created_at,
            c.started_at, c.ended_at, c.ring_deadline, c.call_deadline);
  }
  return db.run(postgres_sql::put_calls(), taken(columns));
}

postgres_rows hide_calls(postgres_access& db, std::span<const write_op> ops,
                         const std::vector<std::size_t>& which) {
  std::array<postgres_array, 2> columns;
  for (auto i : which) {
    const auto& h = std::get<hide_op>(ops[i]);
    add_row(columns, view(h.call.str()), view(h.user.str()));
  }
  return db.run(postgres_sql::hide_calls(), taken(columns));
}

// The id of the row that an op writes.
std::string_view row_of(const write_op& op) {
  if (const auto* user = std::get_if<user_ptr>(&op))
    return (*user)->id.str();
  if (const auto* record = std::get_if<call_record>(&op))
    return record->id.str();
  return std::get<hide_op>(op).call.str();
}

using put_rows = postgres_rows (*)(postgres_access&, std::span<const write_op>,
                                   const std::vector<std::size_t>&);

void write_rows(postgres_access& db, put_rows put, std::span<const write_op> ops,
                const std::vector<std::size_t>& which, std::vector<bool>& changed) {
  if (which.empty())
    return;
  const auto rows = put(db, ops, which);
  std::unordered_set<std::string_view> ids;
  for (std::size_t i = 0; i < rows.size(); ++i)
    ids.insert(rows[i].text(0));
  for (auto i : which)
    changed[i] = ids.contains(row_of(ops[i]));
}

class postgres_store final : public record_store {
public:
  postgres_store(const std::string& url, milliseconds patience)
    : session_(url, patience)
    , guard_(without_password(url)) {}

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
  std::vector<user_record> find_users(std::span<const user_id> ids);
  std::vector<call_record> find_calls(const postgres_statement& statement,
                                      std::span<const std::string> parameters, std::size_t limit,
                                      bool& more);

  postgres_session session_;
  store_guard guard_;
};

status postgres_store::migrate() {
  return guard_.run("migrate", store_guard::detail::told, [&] {
    bring_up_to_date(session_);
    return std::monostate{};
  });
}

result<std::vector<bool>> postgres_store::write(std::span<const write_op> ops) {
  return guard_.run("write", store_guard::detail::hidden, [&] {
    for (const auto& op : ops) {
      if (const auto why = why_unstorable(op))
        throw store_error(store_error::cause::data, subject_of(op) + ": " + *why);
    }
    std::vector<bool> changed(ops.size());
    if (ops.empty())
      return changed;
    const auto groups = split_into_groups(ops);
    session_.write([&](postgres_access& db) {
      for (const auto& group : groups) {
        write_rows(db, put_users, ops, group.users, changed);
        write_rows(db, put_calls, ops, group.records, changed);
        write_rows(db, hide_calls, ops, group.hides, changed);
      }
    });
    return changed;
  });
}

std::vector<user_record> postgres_store::find_users(std::span<const user_id> ids) {
  postgres_array wanted;
  for (const auto& id : ids) {
    if (storable_text(id.str())) // no other text can be in a row
      wanted.add(view(id.str()));
  }
  const std::array parameters{wanted.take()};
  std::vector<user_record> users;
  session_.read([&](postgres_access& db) {
    users.clear();
    const auto rows = db.run(postgres_sql::load_users(), parameters);
    for (std::size_t i = 0; i < rows.size(); ++i)
      users.push_back(read_user(rows[i]));
  });
  return users;
}

result<std::optional<user_record>> postgres_store::load_user(const user_id& id) {
  return guard_.run("load_user", store_guard::detail::hidden, [&]() -> std::optional<user_record> {
    auto users = find_users({&id, 1});
    if (users.empty())
      return std::nullopt;
    return std::move(users.front());
  });
}

result<std::vector<user_record>> postgres_store::load_users(std::span<const user_id> ids) {
  return guard_.run("load_users", store_guard::detail::hidden, [&] { return find_users(ids); });
}

result<std::optional<call_record>> postgres_store::load_call(const call_id& id) {
  return guard_.run("load_call", store_guard::detail::hidden, [&] {
    const std::array parameters{id.str()};
    std::optional<call_record> call;
    if (!storable_text(id.str()))
      return call;
    session_.read([&](postgres_access& db) {
      const auto rows = db.run(postgres_sql::load_call(), parameters);
      call = rows.size() == 0 ? std::nullopt : std::optional{require_call(rows[0])};
    });
    return call;
  });
}

// Up to `limit` calls; `more` says whether the answer had further rows.
std::vector<call_record> postgres_store::find_calls(const postgres_statement& statement,
                                                    std::span<const std::string> parameters,
                                                    std::size_t limit, bool& more) {
  std::vector<call_record> calls;
  session_.read([&](postgres_access& db) {
    calls.clear();
    const auto rows = db.run(statement, parameters);
    more = rows.size() > limit;
    for (std::size_t i = 0; i < std::min(rows.size(), limit); ++i) {
      if (auto call = read_call(rows[i]))
        calls.push_back(std::move(*call));
    }
  });
  return calls;
}

result<record_page> postgres_store::history(const query::history& what) {
  return guard_.run("history", store_guard::detail::hidden, [&] {
    const auto limit = static_cast<std::size_t>(std::max(what.limit, 0));
    std::vector<std::string> parameters{what.user.str(), std::to_string(limit + 1),
                                        std::to_string(std::max(what.skip, 0))};
    if (what.type)
      parameters.emplace_back(to_string(*what.type));
    record_page page;
    if (!storable_text(what.user.str()))
      return page;
    page.calls = find_calls(postgres_sql::history(what.missed_only, what.type.has_value()),
                            parameters, limit, page.has_more);
    return page;
  });
}

result<std::vector<call_record>> postgres_store::live_calls() {
  return guard_.run("live_calls", store_guard::detail::hidden, [&] {
    bool more = false;
    return find_calls(postgres_sql::live_calls(), {}, static_cast<std::size_t>(-1), more);
  });
}

result<std::size_t> postgres_store::erase_old(time_point before, std::size_t limit) {
  return guard_.run("erase_old", store_guard::detail::hidden, [&] {
    std::size_t erased = 0;
    session_.write([&](postgres_access& db) {
      const std::array aged{std::to_string(to_epoch_ms(storable_time(before))),
                            std::to_string(limit)};
      erased = db.run(postgres_sql::erase_aged(), aged).affected();
      if (erased == limit)
        return;
      const std::array hidden{std::to_string(limit - erased)};
      erased += db.run(postgres_sql::erase_hidden(), hidden).affected();
    });
    return erased;
  });
}

status postgres_store::ping() {
  return guard_.run("ping", store_guard::detail::told, [&] {
    session_.read([](postgres_access& db) { db.script("SELECT 1"); });
    return std::monostate{};
  });
}

class postgres_factory final : public store_factory {
public:
  postgres_factory(std::string url, milliseconds patience)
    : url_(std::move(url))
    , patience_(patience) {}

  result<std::unique_ptr<record_store>> open() override {
    return std::unique_ptr<record_store>{std::make_unique<postgres_store>(url_, patience_)};
  }

private:
  std::string url_;
  milliseconds patience_;
};

} // namespace

std::shared_ptr<store_factory> postgres_stores(std::string url, milliseconds patience) {
  return std::make_shared<postgres_factory>(std::move(url), patience);
}

} // namespace carillon::persistence
