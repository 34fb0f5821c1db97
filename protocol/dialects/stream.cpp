#include "protocol/dialects/stream.hpp"

#include "protocol/utf8.hpp"

#include <algorithm>
#include <array>
#include <utility>

// What clients send over sockets; a message over REST, too.

namespace carillon::stream {

namespace {

result<call_id> channel_in(const json::object& from) {
  auto name = from.string("channelId");
  if (!name)
    return error_code::channel_required;
  auto call = call_of_channel(*name);
  if (!call)
    return error_code::channel_not_found;
  return *std::move(call);
}

/// A JSON array as it was sent; empty when there is nothing in it.
result<std::string> attachments_in(const json::object& from, const call_id& call) {
  const auto* sent = from.find("attachments");
  if (is_absent(sent))
    return std::string{};
  if (sent->type != json::kind::array || sent->raw.size() > attachment_bytes)
    return bad_field(call, "attachments");
  auto elements = json::parse_array(sent->raw);
  if (!elements)
    return elements.error();
  auto fits = elements->size() <= most_attachments
              && std::all_of(elements->begin(), elements->end(), [](const json::member& one) {
                   return one.type == json::kind::object;
                 });
  if (!fits)
    return bad_field(call, "attachments");
  return elements->empty() ? std::string{} : std::string{sent->raw};
}

result<std::string> text_in(const json::object& from, const call_id& call, bool may_be_empty) {
  const auto* sent = from.find("text");
  if (!is_absent(sent) && sent->type != json::kind::string)
    return bad_field(call, "text");
  auto text = is_absent(sent) ? std::string{} : sent->text;
  if (text.empty() && !may_be_empty)
    return failure{error_code::text_required, call};
  if (characters_in(text) > text_characters)
    return failure{error_code::text_too_long, call};
  if (text.find('\0') != std::string::npos) // PostgreSQL cannot keep it
    return bad_field(call, "text");
  return text;
}

/// The id that the client gave its message; empty: none.
result<std::string> own_id_in(const json::object& from, const call_id& call) {
  const auto* sent = from.find("id");
  if (is_absent(sent))
    return std::string{};
  if (sent->type != json::kind::string || !is_id(sent->text))
    return bad_field(call, "id");
  return sent->text;
}

result<client_command> decode_message(const json::object& from, origin who, const decode_limits&) {
  auto call = channel_in(from);
  if (!call)
    return call.error();
  auto attachments = attachments_in(from, *call);
  if (!attachments)
    return attachments.error();
  auto text = text_in(from, *call, !attachments->empty());
  if (!text)
    return text.error();
  auto id = own_id_in(from, *call);
  if (!id)
    return id.error();
  return client_command{command::send_message{std::move(who), *std::move(call), *std::move(id),
                                              *std::move(text), *std::move(attachments)}};
}

result<client_command> decode_read(const json::object& from, origin who, const decode_limits&) {
  auto call = channel_in(from);
  if (!call)
    return call.error();
  auto id = id_in(from, "id", error_code::message_required, error_code::message_not_found);
  if (!id) {
    auto why = id.error();
    why.call = *std::move(call);
    return why;
  }
  return client_command{command::mark_read{std::move(who), *std::move(call), *std::move(id)}};
}

constexpr std::array<event_row, 2> rows{{
    {"sendMessage", decode_message},
    {"message.read", decode_read},
}};

} // namespace

const event_table& events() noexcept {
  static constexpr event_table table{call_kind::stream, rows};
  return table;
}

bool knows(std::string_view event_name) noexcept { return events().find(event_name) != nullptr; }

result<client_command> decode_event(std::string_view event_name, std::string_view data,
                                    origin from) {
  return events().decode(event_name, data, std::move(from), {});
}

result<client_command> decode_send(std::string_view body, const user_id& user) {
  return decode_event("sendMessage", body, origin{user, {}});
}

} // namespace carillon::stream
