#include "persistence/channel_rows.hpp"

#include <algorithm>

namespace carillon::persistence {

std::string channel_columns(spell_time times) {
  return "call_id, created_by, call_type, members, " + times("created_at") + ", "
         + times("closed_at");
}

std::string message_columns(spell_time times) {
  return "call_id, seq, id, user_id, body, attachments, " + times("created_at");
}

std::string entry_columns(spell_time times) {
  return "position, lane, kind, path, body, " + times("created_at");
}

std::string backlog_columns() {
  return "(SELECT count(*) FROM stream_outbox WHERE failed_at IS NULL),"
         " (SELECT count(*) FROM stream_outbox WHERE failed_at IS NOT NULL),"
         " coalesce((SELECT error FROM stream_outbox WHERE failed_at IS NOT NULL"
         " ORDER BY failed_at DESC, position DESC LIMIT 1), ''),"
         " coalesce((SELECT max(position) FROM stream_outbox), 0)";
}

page_from beginning_of(const query::messages& what) noexcept {
  if (!what.after.empty())
    return page_from::after;
  return what.before.empty() ? page_from::newest : page_from::before;
}

std::string page_query(page_from from, spell_time times,
                       std::string (*spell)(int number, std::string_view type)) {
  const auto call = spell(1, "text");
  auto sql = "SELECT " + message_columns(times) + " FROM channel_messages WHERE call_id = " + call;
  if (from != page_from::newest)
    sql += std::string{" AND seq "} + (from == page_from::after ? ">" : "<")
           + " (SELECT seq FROM channel_messages WHERE call_id = " + call
           + " AND id = " + spell(3, "text") + ")";
  sql += " ORDER BY seq";
  sql += from == page_from::after ? "" : " DESC";
  return sql + " LIMIT " + spell(2, "bigint");
}

message_page make_page(std::vector<chat_message> rows, std::size_t limit, page_from from) {
  message_page page;
  page.has_more = rows.size() > limit;
  if (page.has_more)
    rows.resize(limit);
  if (from != page_from::after)
    std::reverse(rows.begin(), rows.end());
  page.messages = std::move(rows);
  return page;
}

} // namespace carillon::persistence
