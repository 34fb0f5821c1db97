#include "net/plain_session.hpp"

#include "protocol/json.hpp"

#include <charconv>

namespace carillon::net {

namespace {

/// The frame's `id`; nothing when it is no whole number that JavaScript can hold.
std::optional<std::uint64_t> id_of(const json::object& message, bool& valid) {
  auto given = message.find("id");
  valid = true;
  if (!given || given->type == json::kind::null)
    return std::nullopt;
  std::uint64_t id = 0;
  auto text = given->raw;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), id);
  valid = given->type == json::kind::number && problem == std::errc{}
          && end == text.data() + text.size() && id < (std::uint64_t{1} << 53);
  return valid ? std::optional{id} : std::nullopt;
}

} // namespace

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
  auto message = json::object::parse(text);
  if (!message)
    return complain(error_code::invalid_json);
  auto event = message->string("event");
  if (!event)
    return complain({error_code::invalid_field, "event"});
  bool valid_id = true;
  auto id = id_of(*message, valid_id);
  if (!valid_id)
    return complain({error_code::invalid_field, "id"});
  auto data = message->find("data");
  auto raw = data ? data->raw : std::string_view{};
  if (event == "hello")
    return on_hello(raw);
  on_event(*event, raw, id);
}

void plain_session::on_hello(std::string_view data) {
  if (admitted())
    return complain({error_code::invalid_field, "hello"});
  auto object = json::object::parse(data);
  if (!object)
    return complain({error_code::invalid_field, "data"});
  std::optional<resume_request> resume;
  if (auto given = object->find("resume"); given && given->type == json::kind::object) {
    if (auto named = json::object::parse(given->raw))
      resume = resume_of(named->string("pid").value_or(std::string_view{}),
                         named->string("offset").value_or(std::string_view{}));
  }
  enter(object->string("token").value_or(std::string_view{}), std::move(resume));
}

void plain_session::on_attachment(std::string_view) {
  counters::add(host().context.counts.events_in);
  refuse(error_code::binary_refused, {});
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
