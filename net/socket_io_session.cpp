#include "net/socket_io_session.hpp"

#include "protocol/dialects/families.hpp"
#include "protocol/json.hpp"
#include "protocol/plain_frame.hpp"

namespace carillon::net {

socket_io_session::socket_io_session(std::shared_ptr<site> host, io_executor executor,
                                     ip_address from, std::string token)
  : device_session(std::move(host), executor, std::move(from))
  , handshake_token_(std::move(token)) {}

void socket_io_session::on_message(std::string_view text) {
  using socket_io::packet_type;
  auto packet = socket_io::decode(text);
  if (!packet || attachments_ != 0)
    return shut(close_reason::protocol_error);
  if (packet->type == packet_type::connect)
    return on_connect(*packet);
  // As in the reference implementation, whoever speaks to a namespace it is not in is closed.
  if (outside() || packet->nsp != "/")
    return shut(close_reason::protocol_error);
  switch (packet->type) {
  case packet_type::event:
    return on_event_packet(*packet);
  case packet_type::binary_event:
  case packet_type::binary_ack:
    return on_binary_packet(*packet);
  case packet_type::disconnect:
    return leave();
  case packet_type::ack: // nothing that the server sends asks for one
    if (!packet->payload.empty() && !json::parse_array(packet->payload))
      shut(close_reason::protocol_error);
    return;
  case packet_type::connect:
  case packet_type::connect_error:
    return shut(close_reason::protocol_error);
  }
}

void socket_io_session::on_connect(const socket_io::packet& what) {
  if (what.nsp != "/")
    return push(socket_io::encode_connect_error(what.nsp, "Invalid namespace"));
  if (!outside())
    return shut(close_reason::protocol_error);
  std::string token;
  std::optional<resume_request> resume;
  if (!what.payload.empty()) {
    auto auth = json::object::parse(what.payload);
    if (!auth)
      return shut(close_reason::protocol_error);
    auto given = auth->find("token");
    if (given && given->type != json::kind::string && given->type != json::kind::null) {
      host().context.counts.refused(error_code::unauthorized);
      return turn_away(error_code::unauthorized);
    }
    token = auth->string("token").value_or(std::string_view{});
    resume = resume_of(auth->string("pid").value_or(std::string_view{}),
                       auth->string("offset").value_or(std::string_view{}));
  }
  if (token.empty())
    token = handshake_token_;
  if (!token.empty())
    return enter(token, std::move(resume));
  enter_as_guest();
  push(socket_io::encode_connect("/", device().str()));
}

void socket_io_session::welcome(const user_id&, const attachment& place) {
  push(socket_io::encode_connect("/", place.device.str(), place.pid));
}

void socket_io_session::turn_away(const failure& why) {
  // A bad token has its exact answer; what else may be wrong is told by its code as well.
  auto code = why.code == error_code::unauthorized ? std::string_view{} : describe(why.code).code;
  push(socket_io::encode_connect_error("/", why.message(), code));
}

frame socket_io_session::farewell() const {
  // After a DISCONNECT packet clients do not connect again by themselves; after a mere close they
  // do.
  return std::make_shared<const std::string>(socket_io::encode_disconnect("/"));
}

std::string socket_io_session::event_frame(std::string_view name, std::string_view data) const {
  return socket_io::encode_event(name, data);
}

std::string socket_io_session::ack_frame(std::uint64_t id, std::string_view data) const {
  return socket_io::encode_ack(id, data);
}

void socket_io_session::on_event_packet(const socket_io::packet& what) {
  if (may_relay_straight() && json::valid(what.payload))
    if (auto view = socket_io::peek_event(what.payload))
      if (relay_straight(view->name, view->rest, what.id))
        return;
  auto event = socket_io::split_event(what.payload);
  if (!event)
    return shut(close_reason::protocol_error);
  on_event(event->name, event->first, what.id);
}

void socket_io_session::on_binary_packet(const socket_io::packet& what) {
  refuse_binary_ = what.type == socket_io::packet_type::binary_event;
  auto fits = what.attachments > 0 && what.attachments <= socket_io::max_attachments;
  auto valid = what.payload.empty() || json::parse_array(what.payload).ok();
  if (refuse_binary_) {
    auto event = socket_io::split_event(what.payload);
    binary_family_ = event ? families::family_of(event->name, event->first) : call_kind::direct;
    valid = event.ok();
  }
  if (!fits || !valid)
    return shut(close_reason::protocol_error);
  attachments_ = what.attachments;
  binary_ack_ = what.id;
}

void socket_io_session::on_attachment(std::string_view) {
  if (attachments_ == 0)
    return shut(close_reason::protocol_error);
  if (--attachments_ > 0 || !refuse_binary_)
    return;
  counters::add(host().context.counts.events_in);
  refuse(error_code::binary_refused, binary_ack_, binary_family_);
}

} // namespace carillon::net
