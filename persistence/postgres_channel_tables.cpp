#include "persistence/postgres_channel_tables.hpp"

#include "persistence/op_check.hpp"
#include "persistence/postgres_channel_statements.hpp"
#include "persistence/postgres_columns.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace carillon::persistence::postgres_tables {

namespace {

std::string_view view(const std::string& text) { return text; }

std::array<std::string, 2> erased_by(time_point before, std::size_t limit) {
  return {std::to_string(to_epoch_ms(storable_time(before))), std::to_string(limit)};
}

} // namespace

postgres_rows put_channels(postgres_access& db, std::span<const write_op> ops,
                           const std::vector<std::size_t>& which) {
  postgres_columns<6> columns;
  for (auto i : which) {
    const auto& c = std::get<channel_record>(ops[i]);
    const auto members = members_text(c.members);
    columns.add(view(c.call.str()), view(c.created_by.str()), view(c.call_type), view(members),
                c.created_at, c.closed_at);
  }
  return db.run(postgres_sql::put_channels(), columns.take());
}

postgres_rows put_messages(postgres_access& db, std::span<const write_op> ops,
                           const std::vector<std::size_t>& which) {
  postgres_columns<7> columns;
  for (auto i : which) {
    const auto& m = *std::get<chat_message_ptr>(ops[i]);
    columns.add(view(m.call.str()), stored_place(m.seq), view(m.id), view(m.from.str()),
                view(m.text), view(m.attachments), m.at);
  }
  return db.run(postgres_sql::put_messages(), columns.take());
}

postgres_rows put_entries(postgres_access& db, std::span<const write_op> ops,
                          const std::vector<std::size_t>& which) {
  postgres_columns<6> columns;
  for (auto i : which) {
    const auto& e = std::get<outbox_entry>(ops[i]);
    columns.add(stored_place(e.position), view(e.lane), to_string(e.kind), view(e.path),
                view(e.body), e.created_at);
  }
  return db.run(postgres_sql::put_entries(), columns.take());
}

postgres_rows put_results(postgres_access& db, std::span<const write_op> ops,
                          const std::vector<std::size_t>& which) {
  postgres_columns<5> columns;
  for (auto i : which) {
    const auto& r = std::get<outbox_result>(ops[i]);
    columns.add(stored_place(r.position), r.dead, r.at, std::int64_t{r.attempts}, view(r.error));
  }
  return db.run(postgres_sql::put_results(), columns.take());
}

std::optional<channel_record> load_channel(postgres_access& db, const call_id& call) {
  const auto rows = db.run(postgres_sql::load_channel(), std::array{call.str()});
  if (rows.size() == 0)
    return std::nullopt;
  return read_channel(rows[0]);
}

std::uint64_t last_seq(postgres_access& db, const call_id& call) {
  const auto rows = db.run(postgres_sql::last_seq(), std::array{call.str()});
  return rows.size() > 0 ? static_cast<std::uint64_t>(rows[0].number(0)) : 0;
}

std::optional<chat_message> find_message(postgres_access& db, const call_id& call,
                                         const std::string& id) {
  if (!storable_text(id))
    return std::nullopt;
  const auto rows = db.run(postgres_sql::find_message(), std::array{call.str(), id});
  if (rows.size() == 0)
    return std::nullopt;
  return read_message(rows[0]);
}

std::optional<message_page> messages(postgres_access& db, const query::messages& what) {
  const auto from = beginning_of(what);
  const auto& begin = from == page_from::after ? what.after : what.before;
  if (!storable_text(begin))
    return std::nullopt;
  const auto limit = static_cast<std::size_t>(std::max(what.limit, 0));
  std::vector<std::string> parameters{what.call.str(), std::to_string(limit + 1)};
  if (from != page_from::newest)
    parameters.push_back(begin);
  std::vector<chat_message> rows;
  const auto found = db.run(postgres_sql::messages(from), parameters);
  for (std::size_t i = 0; i < found.size(); ++i)
    rows.push_back(read_message(found[i]));
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

std::vector<outbox_entry> outbox(postgres_access& db, std::uint64_t after, std::size_t limit) {
  const auto rows = db.run(postgres_sql::outbox(),
                           std::array{std::to_string(stored_place(after)), std::to_string(limit)});
  std::vector<outbox_entry> entries;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (auto entry = read_entry(rows[i]))
      entries.push_back(std::move(*entry));
  }
  return entries;
}

outbox_backlog backlog(postgres_access& db) {
  return read_backlog(db.run(postgres_sql::backlog(), {})[0]);
}

std::size_t erase_channels(postgres_access& db, time_point before, std::size_t limit) {
  return db.run(postgres_sql::erase_channels(), erased_by(before, limit)).affected();
}

std::size_t erase_dead_letters(postgres_access& db, time_point before, std::size_t limit) {
  return db.run(postgres_sql::erase_dead_letters(), erased_by(before, limit)).affected();
}

} // namespace carillon::persistence::postgres_tables
