#include "persistence/sqlite_channel_tables.hpp"

#include "persistence/op_check.hpp"
#include "persistence/sqlite_channel_statements.hpp"

#include <algorithm>

namespace carillon::persistence::sqlite_tables {

namespace {

std::size_t erase(sqlite_session& db, const std::string& sql, time_point before,
                  std::size_t limit) {
  return db.query(sql)
      .add(to_epoch_ms(storable_time(before)))
      .add(static_cast<std::int64_t>(limit))
      .run();
}

} // namespace

bool put_channel(sqlite_session& db, const channel_record& what) {
  const auto members = members_text(what.members);
  auto q = db.query(sqlite_sql::put_channel());
  q.add(what.call.str()).add(what.created_by.str()).add(what.call_type).add(members);
  q.add(to_epoch_ms(what.created_at));
  q.add(what.closed_at ? std::optional{std::int64_t{to_epoch_ms(*what.closed_at)}} : std::nullopt);
  return q.run() > 0;
}

bool put_message(sqlite_session& db, const chat_message& what) {
  auto q = db.query(sqlite_sql::put_message());
  q.add(what.call.str()).add(stored_place(what.seq)).add(what.id).add(what.from.str());
  return q.add(what.text).add(what.attachments).add(to_epoch_ms(what.at)).run() > 0;
}

bool put_entry(sqlite_session& db, const outbox_entry& what) {
  auto q = db.query(sqlite_sql::put_entry());
  q.add(stored_place(what.position)).add(what.lane).add(to_string(what.kind));
  return q.add(what.path).add(what.body).add(to_epoch_ms(what.created_at)).run() > 0;
}

bool put_result(sqlite_session& db, const outbox_result& what) {
  auto q = db.query(what.dead ? sqlite_sql::bury_entry() : sqlite_sql::drop_entry());
  q.add(stored_place(what.position));
  if (what.dead)
    q.add(to_epoch_ms(what.at)).add(std::int64_t{what.attempts}).add(what.error);
  return q.run() > 0;
}

std::optional<channel_record> load_channel(sqlite_session& db, const call_id& call) {
  auto q = db.query(sqlite_sql::load_channel());
  if (!q.add(call.str()).step())
    return std::nullopt;
  return read_channel(q);
}

std::uint64_t last_seq(sqlite_session& db, const call_id& call) {
  auto q = db.query(sqlite_sql::last_seq());
  return q.add(call.str()).step() ? static_cast<std::uint64_t>(q.number(0)) : 0;
}

std::optional<chat_message> find_message(sqlite_session& db, const call_id& call,
                                         const std::string& id) {
  auto q = db.query(sqlite_sql::find_message());
  if (!q.add(call.str()).add(id).step())
    return std::nullopt;
  return read_message(q);
}

std::optional<message_page> messages(sqlite_session& db, const query::messages& what) {
  const auto from = beginning_of(what);
  const auto& begin = from == page_from::after ? what.after : what.before;
  const auto limit = static_cast<std::size_t>(std::max(what.limit, 0));
  std::vector<chat_message> rows;
  {
    auto q = db.query(sqlite_sql::messages(from));
    q.add(what.call.str()).add(static_cast<std::int64_t>(limit + 1));
    if (from != page_from::newest)
      q.add(begin);
    while (q.step())
      rows.push_back(read_message(q));
  }
  if (from == page_from::after && !what.before.empty()) {
    const auto end = find_message(db, what.call, what.before);
    if (!end)
      return std::nullopt;
    std::erase_if(rows, [&](const chat_message& m) { return m.seq >= end->seq; });
  }
  // Nothing comes also where there is no such message.
  if (rows.empty() && !begin.empty() && !find_message(db, what.call, begin))
    return std::nullopt;
  return make_page(std::move(rows), limit, from);
}

std::vector<outbox_entry> outbox(sqlite_session& db, std::uint64_t after, std::size_t limit) {
  auto q = db.query(sqlite_sql::outbox());
  q.add(stored_place(after)).add(static_cast<std::int64_t>(limit));
  std::vector<outbox_entry> entries;
  while (q.step()) {
    if (auto entry = read_entry(q))
      entries.push_back(std::move(*entry));
  }
  return entries;
}

outbox_backlog backlog(sqlite_session& db) {
  auto q = db.query(sqlite_sql::backlog());
  return q.step() ? read_backlog(q) : outbox_backlog{};
}

std::size_t erase_channels(sqlite_session& db, time_point before, std::size_t limit) {
  return erase(db, sqlite_sql::erase_channels(), before, limit);
}

std::size_t erase_dead_letters(sqlite_session& db, time_point before, std::size_t limit) {
  return erase(db, sqlite_sql::erase_dead_letters(), before, limit);
}

} // namespace carillon::persistence::sqlite_tables
