#include "net/routes/stream.hpp"

#include "net/exchange.hpp"
#include "net/site.hpp"
#include "net/url.hpp"
#include "protocol/dialects/stream.hpp"

#include <optional>
#include <utility>

namespace carillon::net::routes {

namespace {

/// The call that the path names; refuses where no call can have that id.
std::optional<call_id> call_of(exchange& x) {
  auto id = unescape(x.parameter(), false);
  if (id && is_id(*id))
    return call_id{*std::move(id)};
  x.refuse(error_code::call_not_found);
  return std::nullopt;
}

const config::stream_settings& stream_of(exchange& x) { return x.host().settings().stream; }

/// Submits and answers with what `encode` makes of the value, which is a `Value`.
template <class Value, class What, class Encode>
void answer_with(exchange& x, What what, Encode encode) {
  x.submit(std::move(what), [encode = std::move(encode)](exchange& then, reply_value& value) {
    if (const auto* found = then.expect<Value>(value))
      then.respond(200, encode(then, *found));
  });
}

// -- users -------------------------------------------------------------------

void give_token(exchange& x) {
  answer_with<stream_token>(
      x, query::stream_token{x.user(), long_token_ttl}, [](exchange& then, const auto& token) {
        return stream::encode_token(
            {token.text, then.user(), stream_of(then).api_key, token.expires_at});
      });
}

void make_token(exchange& x) {
  auto wanted = stream::decode_token(x.body(), x.user());
  if (!wanted)
    return x.refuse(wanted.error());
  if (!x.take_costly())
    return;
  if (stream_of(x).api_secret.empty())
    return x.refuse(failure{error_code::stream_not_configured, "stream.api_secret is not set"});
  if (wanted->profile.empty())
    return give_token(x);
  command::upsert_user change{{x.user(), {}, call_kind::stream}, std::move(wanted->profile)};
  x.submit(client_command{std::move(change)},
           [](exchange& then, reply_value&) { give_token(then); });
}

void upsert_user(exchange& x) {
  auto command = stream::decode_upsert(x.body(), x.user(), x.is_admin());
  if (!command)
    return x.refuse(command.error());
  x.submit(*std::move(command), [](exchange& then, reply_value& value) {
    const auto* user = then.expect<user_ptr>(value);
    if (user && *user)
      then.respond(200, stream::encode_user(**user));
    else if (user)
      then.refuse(error_code::internal);
  });
}

// -- calls -------------------------------------------------------------------

void create_channel(exchange& x) {
  auto command = stream::decode_create(x.body(), x.user());
  if (!command)
    return x.refuse(command.error());
  answer_with<channel_record>(x, *std::move(command), [](exchange&, const auto& channel) {
    return stream::encode_channel("Channel ready", channel);
  });
}

void end_call(exchange& x) {
  auto command = stream::decode_end(x.body(), x.user(), x.is_admin());
  if (!command)
    return x.refuse(command.error());
  auto call = std::get<command::close_channel>(*command).call;
  // Answered with the call or with the channel, whichever there is.
  x.submit(*std::move(command), [call = std::move(call)](exchange& then, reply_value&) {
    then.respond(200, stream::encode_ended(call));
  });
}

void tell_quality(exchange& x, call_id call) {
  answer_with<quality_details>(
      x, query::quality{x.user(), x.is_admin(), std::move(call)},
      [](exchange&, const auto& quality) { return stream::encode_quality(quality); });
}

void quality(exchange& x) {
  if (auto call = call_of(x))
    tell_quality(x, *std::move(call));
}

void report_quality(exchange& x) {
  auto call = call_of(x);
  if (!call)
    return;
  auto command = stream::decode_quality(x.body(), x.user(), *call);
  if (!command)
    return x.refuse(command.error());
  x.submit(*std::move(command),
           [call = *std::move(call)](exchange& then, reply_value&) { tell_quality(then, call); });
}

// -- messages ----------------------------------------------------------------

void send_message(exchange& x) {
  auto command = stream::decode_send(x.body(), x.user());
  if (!command)
    return x.refuse(command.error());
  x.submit(*std::move(command), [](exchange& then, reply_value& value) {
    const auto* message = then.expect<chat_message_ptr>(value);
    if (message && *message)
      then.respond(200, stream::encode_sent(**message));
    else if (message)
      then.refuse(error_code::internal);
  });
}

void list_messages(exchange& x) {
  auto channel = unescape(x.parameter(), false);
  if (!channel)
    return x.refuse(error_code::channel_not_found);
  auto wanted = stream::decode_messages(*channel, x.query(), x.user());
  if (!wanted)
    return x.refuse(wanted.error());
  answer_with<message_page>(x, *std::move(wanted),
                            [](exchange&, const auto& page) { return stream::encode_page(page); });
}

// -- configuration -----------------------------------------------------------

void tell_config(exchange& x) {
  answer_with<outbox_backlog>(x, query::backlog{x.user()}, [](exchange& then, const auto& backlog) {
    const auto* mirror = then.host().context.mirror;
    stream::config_answer what;
    what.api_key = stream_of(then).api_key;
    what.has_secret = !stream_of(then).api_secret.empty();
    what.mirror = mirror && mirror->enabled();
    what.queued = backlog.queued;
    what.failed = backlog.failed + (mirror ? mirror->dropped() : 0);
    what.last_error = mirror ? mirror->last_error() : std::string{};
    if (what.last_error.empty())
      what.last_error = backlog.last_error;
    return stream::encode_config(what);
  });
}

} // namespace

void add_stream(route_table& table) {
  using verb = route::verb;
  constexpr bool exempt = true;
  table.add("/api/stream", stream::encode_rest_error,
            {
                {verb::post, "/api/stream/token", make_token},
                {verb::post, "/api/stream/user/upsert", upsert_user},
                {verb::post, "/api/stream/call/create", create_channel},
                {verb::post, "/api/stream/call/end", end_call, exempt},
                {verb::get, "/api/stream/call/quality/:callId", quality},
                {verb::post, "/api/stream/call/quality/:callId", report_quality},
                {verb::post, "/api/stream/message/send", send_message},
                {verb::get, "/api/stream/message/:channelId", list_messages},
                {verb::get, "/api/stream/config", tell_config},
            });
}

} // namespace carillon::net::routes
