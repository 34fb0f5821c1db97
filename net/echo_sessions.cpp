#include "net/echo_sessions.hpp"

#include "net/polling_transport.hpp"
#include "protocol/engine_io.hpp"
#include "protocol/json.hpp"
#include "protocol/random_id.hpp"

#include <utility>

namespace carillon::net {

namespace {

using socket_io::packet_type;

/// Suites wait for the answer to CONNECT and then for `auth`; clients that hand in all that one
/// read brought at once would miss the second of two that come together. The second is therefore
/// held until a pong shows that the first was handed in; over long-polling for so long.
constexpr std::chrono::milliseconds between_polls{10};

frame binary_frame(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() + 1);
  text += binary_mark;
  text += bytes;
  return std::make_shared<const std::string>(std::move(text));
}

bool is_binary(packet_type type) noexcept {
  return type == packet_type::binary_event || type == packet_type::binary_ack;
}

/// The arguments behind the event's name, as they were written.
std::string arguments_of(const std::vector<json::member>& event) {
  std::string text;
  for (std::size_t i = 1; i < event.size(); ++i) {
    text += i > 1 ? "," : "";
    text += event[i].raw;
  }
  return text;
}

/// Whether each placeholder of the payload names an attachment.
bool placeholders_hold(std::string_view value, std::size_t attachments, unsigned depth = 0) {
  if (value.starts_with('[')) {
    auto items = json::parse_array(value);
    if (!items || depth > json::max_depth)
      return false;
    for (auto& item : *items)
      if (!placeholders_hold(item.raw, attachments, depth + 1))
        return false;
  } else if (value.starts_with('{')) {
    auto object = json::object::parse(value);
    if (!object || depth > json::max_depth)
      return false;
    auto marked = object->find("_placeholder");
    if (marked && marked->raw == "true") {
      auto num = object->find("num");
      return num && num->type == json::kind::number && num->raw.size() <= 2
             && num->raw.find_first_not_of("0123456789") == std::string_view::npos
             && std::stoul(std::string{num->raw}) < attachments;
    }
    for (auto& member : object->members())
      if (!placeholders_hold(member.raw, attachments, depth + 1))
        return false;
  }
  return true;
}

} // namespace

void engine_echo_session::on_message(std::string_view text) { push("4" + std::string{text}); }

void engine_echo_session::on_attachment(std::string_view bytes) { push(binary_frame(bytes)); }

void websocket_echo::on_text(std::string_view packet) { send(ws::opcode::text, packet); }

void websocket_echo::on_binary(std::string_view bytes) { send(ws::opcode::binary, bytes); }

// Not through an outbox, where a first `b` would make a text binary.
void websocket_echo::send(ws::opcode type, std::string_view message) {
  if (way_ && way_->socket()->write(type, {message}) == channel::written::full)
    on_overflow();
}

void websocket_echo::on_overflow() {
  if (way_)
    way_->close(close_reason::too_slow);
}

void websocket_echo::on_server_stop() noexcept {
  if (way_)
    way_->abort();
}

socket_io_echo_session::socket_io_echo_session(std::shared_ptr<site> host, io_executor executor,
                                               ip_address from)
  : engine_io_session(std::move(host), executor, std::move(from))
  , deadline_(std::chrono::steady_clock::now()
              + engine_io_session::host().settings().server.connect_timeout) {}

void socket_io_echo_session::on_message(std::string_view text) {
  auto packet = socket_io::decode(text);
  if (!packet || missing_ != 0)
    return shut(close_reason::protocol_error);
  if (!is_binary(packet->type))
    return on_packet(*packet);
  auto fits = packet->attachments > 0 && packet->attachments <= socket_io::max_attachments;
  auto valid = packet->type == packet_type::binary_event
                   ? socket_io::split_event(packet->payload).ok()
                   : packet->payload.empty() || json::parse_array(packet->payload).ok();
  if (!fits || !valid)
    return shut(close_reason::protocol_error);
  waiting_ = text;
  missing_ = packet->attachments;
}

void socket_io_echo_session::on_attachment(std::string_view bytes) {
  if (missing_ == 0)
    return shut(close_reason::protocol_error);
  attachments_.emplace_back(bytes);
  if (--missing_ > 0)
    return;
  auto packet = socket_io::decode(waiting_);
  if (!placeholders_hold(packet->payload, attachments_.size()))
    return shut(close_reason::protocol_error);
  on_packet(*packet);
  waiting_.clear();
  attachments_.clear();
}

void socket_io_echo_session::on_packet(const socket_io::packet& what) {
  auto inside = joined_.find(what.nsp) != joined_.end();
  if (what.type == packet_type::connect && !inside)
    return on_connect(what);
  if (!inside || what.type == packet_type::connect || what.type == packet_type::connect_error)
    return shut(close_reason::protocol_error);
  if (what.type == packet_type::disconnect)
    joined_.erase(std::string{what.nsp});
  else if (what.type == packet_type::event || what.type == packet_type::binary_event)
    on_event(what);
  else if (!what.payload.empty() && !json::parse_array(what.payload))
    shut(close_reason::protocol_error);
}

void socket_io_echo_session::on_connect(const socket_io::packet& what) {
  if (!what.payload.empty() && !json::object::parse(what.payload))
    return shut(close_reason::protocol_error);
  if (what.nsp != "/" && what.nsp != "/custom")
    return send(socket_io::encode_connect_error(what.nsp, "Invalid namespace"));
  joined_.emplace(what.nsp);
  deadline_ = instant::max();
  send(socket_io::encode_connect(what.nsp, random_id()));
  std::string event = "42";
  if (what.nsp != "/")
    event.append(what.nsp).append(",");
  event.append("[\"auth\",").append(what.payload.empty() ? "{}" : what.payload).append("]");
  if (ending())
    return;
  auto polling = dynamic_cast<polling_transport*>(&way()) != nullptr;
  release_at_ = std::chrono::steady_clock::now()
                + (polling ? between_polls : engine_io_session::host().waits().echo_pong);
  held_.push_back(std::make_shared<const std::string>(std::move(event)));
  schedule();
  way().ping();
}

void socket_io_echo_session::on_text(std::string_view packet) {
  // Engine.IO's pong, which answers a heartbeat, is another than the WebSocket's own.
  if (packet.starts_with(static_cast<char>(engine_io::packet_type::pong)) && !ending())
    return engine_io_session::on_pong();
  engine_io_session::on_text(packet);
}

void socket_io_echo_session::on_pong() {
  if (!ending())
    release();
}

void socket_io_echo_session::release() {
  release_at_ = instant::max();
  for (auto& what : std::exchange(held_, {}))
    push(std::move(what));
}

void socket_io_echo_session::send(std::string text) {
  send(std::make_shared<const std::string>(std::move(text)));
}

void socket_io_echo_session::send(frame what) {
  if (held_.empty())
    push(std::move(what));
  else
    held_.push_back(std::move(what));
}

void socket_io_echo_session::on_deadline(instant now) {
  if (now >= release_at_)
    release();
  if (now >= deadline_)
    shut(close_reason::auth_timeout);
}

void socket_io_echo_session::on_event(const socket_io::packet& what) {
  auto event = socket_io::split_event(what.payload);
  if (!event)
    return shut(close_reason::protocol_error);
  if (what.nsp != "/" || what.payload.empty())
    return;
  auto arguments = arguments_of(*json::parse_array(what.payload));
  auto type = [&](char plain, char with_bytes) {
    return attachments_.empty()
               ? std::string{'4', plain}
               : std::string{'4', with_bytes} + std::to_string(attachments_.size()) + "-";
  };
  if (event->name == "message") {
    auto tail = arguments.empty() ? "]" : "," + arguments + "]";
    send(type('2', '5') + "[\"message-back\"" + tail);
  } else if (event->name == "message-with-ack" && what.id) {
    send(type('3', '6') + std::to_string(*what.id) + "[" + arguments + "]");
  } else {
    return;
  }
  for (auto& bytes : attachments_)
    send(binary_frame(bytes));
}

} // namespace carillon::net
