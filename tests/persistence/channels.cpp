#include "tests/persistence/channels.hpp"

#include "tests/catch.hpp"

#include <memory>

namespace carillon::persistence::test {

channel_record channel_of(const std::string& call, const std::vector<std::string>& members,
                          std::int64_t ms) {
  channel_record channel;
  channel.call = call_id{call};
  channel.created_by = user_id{members.at(0)};
  channel.call_type = "default";
  for (const auto& member : members)
    channel.members.emplace_back(member);
  channel.created_at = at(ms);
  channel.stored = true;
  return channel;
}

channel_record shut(channel_record channel, std::int64_t ms) {
  channel.closed_at = at(ms);
  return channel;
}

chat_message said(const std::string& call, std::uint64_t seq, const std::string& id) {
  return {call_id{call},
          seq,
          id,
          user_id{"alice"},
          "text of " + id,
          "",
          at(static_cast<std::int64_t>(seq))};
}

write_op kept(const chat_message& what) { return std::make_shared<const chat_message>(what); }

std::vector<write_op> chatter(const std::string& call, int count) {
  std::vector<write_op> ops;
  for (int i = 1; i <= count; ++i)
    ops.push_back(kept(said(call, static_cast<std::uint64_t>(i) * 2, "m" + std::to_string(i))));
  return ops;
}

outbox_entry entry_of(std::uint64_t position, const std::string& call, outbox_kind kind) {
  return {position,     "c" + call,
          kind,         "/channels/messaging/call-" + call,
          R"({"a":1})", at(static_cast<std::int64_t>(position))};
}

outbox_result done(std::uint64_t position) { return {position, false, 1, {}, at(0)}; }

outbox_result buried(std::uint64_t position, const std::string& error, std::int64_t ms) {
  return {position, true, 20, error, at(ms)};
}

std::string page(record_store& store, const query::messages& what) {
  auto found = store.messages(what);
  if (!found)
    return std::string{describe(found.error().code).code};
  std::string ids;
  for (const auto& message : found->messages)
    ids.append(ids.empty() ? "" : " ").append(message.id);
  return ids + (found->has_more ? "+" : "");
}

query::messages chat_of(const std::string& call, int limit, const std::string& before,
                        const std::string& after) {
  return {user_id{"alice"}, call_id{call}, limit, before, after};
}

std::string channel_in(record_store& store, const std::string& call) {
  auto found = store.load_channel(call_id{call});
  if (!found)
    return std::string{describe(found.error().code).code};
  if (!*found)
    return "none";
  CHECK((*found)->call == call_id{call});
  std::string text;
  for (const auto& member : (*found)->members)
    text.append(text.empty() ? "[" : " ").append(member.str());
  return text + "]" + ((*found)->closed_at ? "!" : "");
}

std::string waiting(record_store& store, std::uint64_t after, std::size_t limit) {
  auto found = store.outbox(after, limit);
  INFO((found ? "" : found.error().message()));
  REQUIRE(found.ok());
  std::string positions;
  for (const auto& entry : *found)
    positions.append(positions.empty() ? "" : " ").append(std::to_string(entry.position));
  return positions;
}

outbox_backlog backlog_of(record_store& store) {
  auto found = store.backlog();
  INFO((found ? "" : found.error().message()));
  REQUIRE(found.ok());
  return *found;
}

} // namespace carillon::persistence::test
