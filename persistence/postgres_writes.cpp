#include "persistence/postgres_writes.hpp"

#include "persistence/postgres_array.hpp"
#include "persistence/postgres_statements.hpp"
#include "persistence/rows.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
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

void mark_changed(const postgres_rows& rows, std::span<const write_op> ops,
                  const std::vector<std::size_t>& which, std::vector<bool>& changed) {
  std::unordered_set<std::string_view> ids;
  for (std::size_t i = 0; i < rows.size(); ++i)
    ids.insert(rows[i].text(0));
  for (auto i : which)
    changed[i] = changed[i] || ids.contains(row_of(ops[i]));
}

void write_rows(postgres_access& db, put_rows put, std::span<const write_op> ops,
                const std::vector<std::size_t>& which, std::vector<bool>& changed) {
  if (!which.empty())
    mark_changed(put(db, ops, which), ops, which, changed);
}

} // namespace

std::vector<write_group> sorted_groups(std::span<const write_op> ops) {
  auto groups = split_into_groups(ops);
  for (auto& group : groups) {
    for (auto* which : {&group.users, &group.records, &group.hides})
      std::sort(which->begin(), which->end(),
                [&](auto a, auto b) { return row_of(ops[a]) < row_of(ops[b]); });
  }
  return groups;
}

void put_group(postgres_access& db, std::span<const write_op> ops, const write_group& group,
               std::vector<bool>& changed) {
  write_rows(db, put_users, ops, group.users, changed);
  write_rows(db, put_calls, ops, group.records, changed);
  write_rows(db, hide_calls, ops, group.hides, changed);
}

void mark_same(postgres_access& db, std::span<const write_op> ops, const write_group& group,
               std::vector<bool>& changed) {
  std::array<postgres_array, 2> columns;
  for (auto i : group.records) {
    const auto& c = std::get<call_record>(ops[i]);
    add_row(columns, view(c.id.str()), std::int64_t{c.version});
  }
  mark_changed(db.run(postgres_sql::same_calls(), taken(columns)), ops, group.records, changed);
}

} // namespace carillon::persistence
