#include "net/plain_session.hpp"

#include "protocol/json.hpp"
#include "protocol/plain_frame.hpp"

namespace carillon::net {

plain_session::plain_session(std::shared_ptr<site> host, io_executor executor, ip_address from,
                             std::string token, std::optional<resume_request> resume)
  : device_session(std::move(host), executor, std::move(from))
  , handshake_token_(std::move(token))
  , resume_(std::move(resume)) {}

void plain_session::greet() {
  enter_as_guest();
  if (!handshake_token_.empty())
    enter(std::exchange(handshake_token_, {}), std::move(resume_));
}

void plain_session::send_ping() { way().ping(); }

void plain_session::on_text(std::string_view text) {
  if (ending())
    return;
  auto message = decode_plain(text);
  if (!message)
    return complain(message.error());
  if (message->event == "hello")
    return on_hello(message->data);
  if (!may_relay_straight() || !relay_straight(message->event, message->data, message->id))
    on_event(message->event, message->data, message->id);
}

void plain_session::on_hello(std::string_view data) {
  if (admitted())
    return complain({error_code::invalid_field, "hello"});
  auto hello = decode_hello(data);
  if (!hello)
    return complain(hello.error());
  enter(hello->token, std::move(hello->resume));
}

void plain_session::on_attachment(std::string_view) {
  counters::add(host().context.counts.events_in);
  refuse(error_code::binary_refused, {});
}

channel::written plain_session::write_event(channel& to, std::string_view name,
                                            std::string_view data, std::uint64_t offset) const {
  offset_text last{offset};
  if (offset == 0)
    return to.write(ws::opcode::text, {"{\"event\":\"", name, "\",\"data\":", data, "}"});
  return to.write(ws::opcode::text, {"{\"event\":\"", name, "\",\"data\":", data, ",\"offset\":\"",
                                     last.text(), "\"}"});
}

std::string plain_session::event_frame(std::string_view name, std::string_view data) const {
  json::writer text;
  text.begin_object().field("event", name).key("data").raw(data).end_object();
  return std::move(text).take();
}

std::string plain_session::ack_frame(std::uint64_t id, std::string_view data) const {
  json::writer text;
  text.begin_object()
      .field("ack", static_cast<std::int64_t>(id))
      .key("data")
      .raw(data)
      .end_object();
  return std::move(text).take();
}

void plain_session::welcome(const user_id& user, const attachment& place) {
  json::writer data;
  data.begin_object().field("sid", std::string_view{place.device.str()});
  data.field("pid", std::string_view{place.pid}).field("recovered", place.recovered);
  data.field("userId", std::string_view{user.str()}).end_object();
  push(event_frame("hello", data.text()));
}

void plain_session::turn_away(const failure& why) {
  json::writer data;
  data.begin_object().field("error", std::string_view{why.message()});
  data.field("code", describe(why.code).code).end_object();
  push(event_frame("error", data.text()));
}

void plain_session::complain(const failure& why) {
  host().context.counts.refused(why.code);
  turn_away(why);
}

} // namespace carillon::net
