#include "persistence/postgres_writes.hpp"

#include "persistence/postgres_channel_tables.hpp"
#include "persistence/postgres_columns.hpp"
#include "persistence/postgres_session_tables.hpp"
#include "persistence/postgres_statements.hpp"
#include "persistence/postgres_timelines.hpp"
#include "persistence/postgres_video_tables.hpp"
#include "persistence/rows.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_set>

namespace carillon::persistence {

namespace {

std::string_view view(const std::string& text) { return text; }

postgres_rows put_users(postgres_access& db, std::span<const write_op> ops,
                        const std::vector<std::size_t>& which) {
  postgres_columns<11> columns;
  for (auto i : which) {
    const auto& u = *std::get<user_ptr>(ops[i]);
    columns.add(view(u.id.str()), view(u.profile.name), view(u.profile.email),
                view(u.profile.image), view(u.profile.role), view(u.claimed.name),
                view(u.claimed.email), view(u.claimed.image), view(u.claimed.role), u.created_at,
                u.updated_at);
  }
  return db.run(postgres_sql::put_users(), columns.take());
}

postgres_rows put_calls(postgres_access& db, std::span<const write_op> ops,
                        const std::vector<std::size_t>& which) {
  postgres_columns<16> columns;
  for (auto i : which) {
    const auto& c = std::get<call_record>(ops[i]);
    const auto& part = c.direct();
    columns.add(view(c.id.str()), view(c.caller.str()), view(part.receiver.str()),
                to_string(part.type), to_string(c.status), stored_word(c.reason), part.missed,
                part.via_rest, std::int64_t{c.version}, c.duration_s, view(c.ended_by.str()),
                c.created_at, c.started_at, c.ended_at, c.ring_deadline, c.call_deadline);
  }
  return db.run(postgres_sql::put_calls(), columns.take());
}

postgres_rows hide_calls(postgres_access& db, std::span<const write_op> ops,
                         const std::vector<std::size_t>& which) {
  postgres_columns<2> columns;
  for (auto i : which) {
    const auto& h = std::get<hide_op>(ops[i]);
    columns.add(view(h.call.str()), view(h.user.str()));
  }
  return db.run(postgres_sql::hide_calls(), columns.take());
}

// The id of the row that an op writes, or what it belongs to.
struct row_of_op {
  std::string_view operator()(const user_ptr& user) const { return user->id.str(); }
  std::string_view operator()(const call_record& call) const { return call.id.str(); }
  std::string_view operator()(const hide_op& hide) const { return hide.call.str(); }
  std::string_view operator()(const quality_sample& sample) const { return sample.call.str(); }
  std::string_view operator()(const recording_news& news) const { return news.what.call.str(); }
  std::string_view operator()(const stored_token& token) const { return token.user.str(); }
  std::string_view operator()(const channel_record& channel) const { return channel.call.str(); }
  std::string_view operator()(const chat_message_ptr& message) const { return message->call.str(); }
  std::string_view operator()(const outbox_entry& entry) const { return entry.lane; }
  std::string_view operator()(const outbox_result&) const { return {}; }
  std::string_view operator()(const timeline_ptr& told) const { return told->call.str(); }
};

std::string_view row_of(const write_op& op) { return std::visit(row_of_op{}, op); }

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

// What tells rows apart that have no id: of an op, and of the row that its statement returns.
std::string sample_key(const write_op& op) {
  const auto& s = std::get<quality_sample>(op);
  return key_of(s.call.str(), s.user.str(), to_epoch_ms(s.at));
}

std::string sample_row(const postgres_rows::row& row) {
  return key_of(row.text(0), row.text(1), row.number(2));
}

std::string message_key(const write_op& op) {
  const auto& m = *std::get<chat_message_ptr>(op);
  return key_of(m.call.str(), m.id, 0);
}

std::string message_row(const postgres_rows::row& row) {
  return key_of(row.text(0), row.text(1), 0);
}

std::uint64_t position_of(const write_op& op) {
  if (const auto* entry = std::get_if<outbox_entry>(&op))
    return entry->position;
  return std::get<outbox_result>(op).position;
}

std::string position_key(const write_op& op) { return std::to_string(position_of(op)); }

std::string position_row(const postgres_rows::row& row) { return std::string{row.text(0)}; }

template <class KeyOfOp, class KeyOfRow>
void write_keyed(postgres_access& db, put_rows put, std::span<const write_op> ops,
                 const std::vector<std::size_t>& which, std::vector<bool>& changed, KeyOfOp of_op,
                 KeyOfRow of_row) {
  if (which.empty())
    return;
  const auto rows = put(db, ops, which);
  std::unordered_set<std::string> keys;
  for (std::size_t row = 0; row < rows.size(); ++row)
    keys.insert(of_row(rows[row]));
  for (auto i : which)
    changed[i] = keys.contains(of_op(ops[i]));
}

} // namespace

std::vector<write_group> sorted_groups(std::span<const write_op> ops) {
  auto groups = split_into_groups(ops);
  for (auto& group : groups) {
    for (auto* which : {&group.users, &group.direct_calls, &group.sessions, &group.hides,
                        &group.video_calls, &group.tokens, &group.channels, &group.timelines})
      std::sort(which->begin(), which->end(),
                [&](auto a, auto b) { return row_of(ops[a]) < row_of(ops[b]); });
    std::stable_sort(group.recordings.begin(), group.recordings.end(),
                     [&](auto a, auto b) { return row_of(ops[a]) < row_of(ops[b]); });
    std::sort(group.samples.begin(), group.samples.end(), [&](auto a, auto b) {
      const auto& x = std::get<quality_sample>(ops[a]);
      const auto& y = std::get<quality_sample>(ops[b]);
      return std::tie(x.call, x.user, x.at) < std::tie(y.call, y.user, y.at);
    });
    std::sort(group.messages.begin(), group.messages.end(), [&](auto a, auto b) {
      const auto& x = *std::get<chat_message_ptr>(ops[a]);
      const auto& y = *std::get<chat_message_ptr>(ops[b]);
      return std::tie(x.call, x.seq) < std::tie(y.call, y.seq);
    });
    for (auto* which : {&group.entries, &group.results})
      std::sort(which->begin(), which->end(),
                [&](auto a, auto b) { return position_of(ops[a]) < position_of(ops[b]); });
  }
  return groups;
}

bool only_direct_calls(const write_group& group) noexcept {
  return group.users.empty() && group.sessions.empty() && group.hides.empty()
         && group.samples.empty() && group.video_calls.empty() && group.recordings.empty()
         && group.tokens.empty() && group.channels.empty() && group.messages.empty()
         && group.entries.empty() && group.results.empty() && group.timelines.empty();
}

void put_group(postgres_access& db, std::span<const write_op> ops, const write_group& group,
               std::vector<bool>& changed) {
  write_rows(db, put_users, ops, group.users, changed);
  write_rows(db, put_calls, ops, group.direct_calls, changed);
  write_rows(db, postgres_tables::put_sessions, ops, group.sessions, changed);
  write_rows(db, hide_calls, ops, group.hides, changed);
  write_keyed(db, postgres_tables::put_samples, ops, group.samples, changed, sample_key,
              sample_row);
  write_rows(db, postgres_tables::put_video_calls, ops, group.video_calls, changed);
  for (auto i : group.recordings)
    changed[i] = postgres_tables::put_recording(db, std::get<recording_news>(ops[i]));
  write_rows(db, postgres_tables::put_tokens, ops, group.tokens, changed);
  write_rows(db, postgres_tables::put_channels, ops, group.channels, changed);
  write_keyed(db, postgres_tables::put_messages, ops, group.messages, changed, message_key,
              message_row);
  write_keyed(db, postgres_tables::put_entries, ops, group.entries, changed, position_key,
              position_row);
  write_keyed(db, postgres_tables::put_results, ops, group.results, changed, position_key,
              position_row);
  if (!group.timelines.empty())
    postgres_tables::put_timelines(db, ops, group.timelines);
  for (auto i : group.timelines)
    changed[i] = true;
}

void mark_same(postgres_access& db, std::span<const write_op> ops, const write_group& group,
               std::vector<bool>& changed) {
  postgres_columns<2> columns;
  for (auto i : group.direct_calls) {
    const auto& c = std::get<call_record>(ops[i]);
    columns.add(view(c.id.str()), std::int64_t{c.version});
  }
  mark_changed(db.run(postgres_sql::same_calls(), columns.take()), ops, group.direct_calls,
               changed);
}

} // namespace carillon::persistence
