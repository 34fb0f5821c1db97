#include "protocol/socket_io.hpp"

#include "protocol/json.hpp"
#include "protocol/json_scanner.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace carillon::socket_io {

namespace {

// JavaScript clients hold ids in doubles, which count exactly up to here.
constexpr std::uint64_t max_ack_id = (std::uint64_t{1} << 53) - 1;

constexpr std::array<std::string_view, 6> reserved_names{
    "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};

failure bad(std::string_view what) { return {error_code::invalid_field, std::string{what}}; }

bool is_binary(packet_type type) noexcept {
  return type == packet_type::binary_event || type == packet_type::binary_ack;
}

/// Takes the digits at the front of `text`; `number` is empty when there are none or too many.
struct digits {
  explicit digits(std::string_view& text) {
    auto end = std::min(text.find_first_not_of("0123456789"), text.size());
    std::uint64_t n = 0;
    auto [last, error] = std::from_chars(text.data(), text.data() + end, n);
    present = end > 0;
    if (error == std::errc{} && present)
      number = n;
    text.remove_prefix(end);
  }
  bool present = false;
  std::optional<std::uint64_t> number;
};

/// What can be said of a payload without parsing it. The rest is for whoever uses it.
bool may_have_payload(packet_type type, std::string_view payload) noexcept {
  if (payload.empty())
    return true;
  auto start = payload.find_first_not_of(" \t\r\n");
  char first = start == std::string_view::npos ? '\0' : payload[start];
  switch (type) {
  case packet_type::connect:
    return first == '{';
  case packet_type::disconnect:
    return false;
  case packet_type::connect_error:
    return first == '{' || first == '"';
  default:
    return first == '[';
  }
}

/// `type` and, unless it is the main one, the namespace.
std::string head(packet_type type, std::string_view nsp) {
  std::string out = "4";
  out += static_cast<char>('0' + static_cast<int>(type));
  if (nsp != "/") {
    out += nsp;
    out += ',';
  }
  return out;
}

std::string with_member(std::string head, std::string_view key, std::string_view value) {
  json::writer out;
  out.begin_object().field(key, value).end_object();
  return std::move(head) + out.text();
}

} // namespace

result<packet> decode(std::string_view text) {
  packet out;
  if (text.empty() || text.front() < '0' || text.front() > '6')
    return bad("packet type");
  out.type = static_cast<packet_type>(text.front() - '0');
  text.remove_prefix(1);
  if (is_binary(out.type)) {
    digits count{text};
    if (!count.number || *count.number > std::numeric_limits<unsigned>::max()
        || !text.starts_with('-'))
      return bad("attachments");
    out.attachments = static_cast<unsigned>(*count.number);
    text.remove_prefix(1);
  }
  if (text.starts_with('/')) {
    // The query that some clients append belongs to the name, as for the official server.
    out.nsp = text.substr(0, text.find(','));
    text.remove_prefix(std::min(out.nsp.size() + 1, text.size()));
  }
  digits id{text};
  if (id.present) {
    if (!id.number || *id.number > max_ack_id)
      return bad("id");
    out.id = *id.number;
  }
  if (!may_have_payload(out.type, text))
    return bad("payload");
  out.payload = text;
  return out;
}

result<event_args> split_event(std::string_view payload) {
  if (payload.empty())
    return event_args{};
  auto parsed = json::parse_array(payload);
  if (!parsed)
    return parsed.error();
  if (parsed->empty())
    return bad("event name");
  auto& name = parsed->front();
  event_args out;
  if (name.type == json::kind::string)
    out.name = std::move(name.text);
  else if (name.type == json::kind::number)
    out.name = name.raw;
  else
    return bad("event name");
  if (std::find(reserved_names.begin(), reserved_names.end(), out.name) != reserved_names.end())
    return bad("event name");
  out.count = parsed->size() - 1;
  if (out.count > 0)
    out.first = (*parsed)[1].raw;
  return out;
}

std::optional<event_view> peek_event(std::string_view payload) noexcept {
  json::scanner in{payload};
  in.enter();
  if (in.ahead() != '"')
    return std::nullopt;
  auto name = in.value();
  if (name.find('\\') != std::string_view::npos || in.ahead() == ']')
    return std::nullopt;
  return event_view{name.substr(1, name.size() - 2), payload.substr(in.position())};
}

std::string encode_connect(std::string_view nsp, std::string_view sid, std::string_view pid) {
  json::writer out;
  out.begin_object().field("sid", sid);
  if (!pid.empty())
    out.field("pid", pid);
  out.end_object();
  return head(packet_type::connect, nsp) + std::move(out).take();
}

std::string encode_connect_error(std::string_view nsp, std::string_view message,
                                 std::string_view code) {
  auto packet = with_member(head(packet_type::connect_error, nsp), "message", message);
  if (code.empty())
    return packet;
  packet.pop_back(); // the closing brace
  return with_member(packet + ",\"data\":", "code", code) + "}";
}

std::string encode_disconnect(std::string_view nsp) { return head(packet_type::disconnect, nsp); }

std::string encode_event(std::string_view name, std::string_view data, std::string_view offset) {
  std::string out;
  out.reserve(name.size() + data.size() + offset.size() + 12);
  out += "42[";
  json::append_literal(out, name);
  if (!data.empty()) {
    out += ',';
    out += data;
  }
  if (!offset.empty()) {
    out += ',';
    json::append_literal(out, offset);
  }
  out += ']';
  return out;
}

std::string encode_ack(std::uint64_t id, std::string_view data) {
  std::string out = "43" + std::to_string(id);
  out += '[';
  out += data;
  out += ']';
  return out;
}

} // namespace carillon::socket_io
