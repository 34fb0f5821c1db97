#include "persistence/channel_codec.hpp"

#include "config/log.hpp"
#include "protocol/json.hpp"

#include <memory>
#include <utility>

namespace carillon::persistence {

void put_channel(byte_writer& out, const channel_record& what) {
  out.text(what.call.str());
  out.text(what.created_by.str());
  out.text(what.call_type);
  out.time(what.created_at);
  out.time(what.closed_at);
  out.number(what.members.size(), 4);
  for (const auto& member : what.members)
    out.text(member.str());
}

channel_record get_channel(byte_reader& in) {
  channel_record what;
  what.call = call_id{in.text()};
  what.created_by = user_id{in.text()};
  what.call_type = in.text();
  what.created_at = in.time();
  what.closed_at = in.maybe_time();
  what.stored = true;
  const auto members = in.number(4);
  for (std::uint64_t i = 0; i < members && in.ok(); ++i)
    what.members.emplace_back(in.text());
  return what;
}

void put_message(byte_writer& out, const chat_message& what) {
  out.text(what.call.str());
  out.number(what.seq, 8);
  out.text(what.id);
  out.text(what.from.str());
  out.text(what.text);
  out.text(what.attachments);
  out.time(what.at);
}

chat_message_ptr get_message(byte_reader& in) {
  chat_message what;
  what.call = call_id{in.text()};
  what.seq = in.number(8);
  what.id = in.text();
  what.from = user_id{in.text()};
  what.text = in.text();
  what.attachments = in.text();
  what.at = in.time();
  return std::make_shared<const chat_message>(std::move(what));
}

void put_entry(byte_writer& out, const outbox_entry& what) {
  out.number(what.position, 8);
  out.text(what.lane);
  out.text(to_string(what.kind));
  out.text(what.path);
  out.text(what.body);
  out.time(what.created_at);
}

std::optional<outbox_entry> get_entry(byte_reader& in) {
  outbox_entry what;
  what.position = in.number(8);
  what.lane = in.text();
  const auto word = in.text();
  if (!in.ok())
    return std::nullopt;
  const auto kind = outbox_kind_in(word);
  if (!kind)
    return std::nullopt;
  what.kind = *kind;
  what.path = in.text();
  what.body = in.text();
  what.created_at = in.time();
  return what;
}

void put_result(byte_writer& out, const outbox_result& what) {
  out.number(what.position, 8);
  out.number(what.dead ? 1 : 0, 1);
  out.number(what.attempts, 4);
  out.text(what.error);
  out.time(what.at);
}

outbox_result get_result(byte_reader& in) {
  outbox_result what;
  what.position = in.number(8);
  what.dead = in.number(1) != 0;
  what.attempts = static_cast<std::uint32_t>(in.number(4));
  what.error = in.text();
  what.at = in.time();
  return what;
}

std::optional<outbox_kind> outbox_kind_in(std::string_view word) {
  for (auto kind :
       {outbox_kind::users, outbox_kind::open, outbox_kind::message, outbox_kind::close}) {
    if (to_string(kind) == word)
      return kind;
  }
  log::error("outbox_not_readable", {{"kind", word}});
  return std::nullopt;
}

std::string members_text(const std::vector<user_id>& members) {
  json::writer out;
  out.begin_array();
  for (const auto& member : members)
    out.value(member.str());
  out.end_array();
  return std::move(out).take();
}

std::optional<std::vector<user_id>> members_in(std::string_view text) {
  const auto elements = json::parse_array(text);
  if (!elements)
    return std::nullopt;
  std::vector<user_id> members;
  for (const auto& one : *elements) {
    if (one.type != json::kind::string)
      return std::nullopt;
    members.emplace_back(one.text);
  }
  return members;
}

} // namespace carillon::persistence
