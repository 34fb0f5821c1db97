#include "net/routes/video.hpp"

#include "config/log.hpp"
#include "net/exchange.hpp"
#include "net/site.hpp"
#include "net/url.hpp"
#include "protocol/dialects/video.hpp"
#include "protocol/stream_webhook.hpp"

#include <optional>
#include <utility>

namespace carillon::net::routes {

namespace {

/// What clients call the call that the path names; refuses where no call can have that id.
std::optional<std::string> call_of(exchange& x) {
  auto id = unescape(x.parameter(), false);
  if (id && is_id(*id))
    return id;
  x.refuse(error_code::call_not_found);
  return std::nullopt;
}

origin asker(exchange& x) { return {x.user(), {}, call_kind::video}; }

const config::stream_settings& stream_of(exchange& x) { return x.host().settings().stream; }

/// Whether tokens can be signed and webhooks be checked; refuses if not.
bool has_secret(exchange& x) {
  if (!stream_of(x).api_secret.empty())
    return true;
  x.refuse(failure{error_code::stream_not_configured, "stream.api_secret is not set"});
  return false;
}

/// Submits and answers with what `encode` makes of the value, which is a `Value`.
template <class Value, class What, class Encode>
void answer_with(exchange& x, What what, Encode encode) {
  x.submit(std::move(what), [encode = std::move(encode)](exchange& then, reply_value& value) {
    if (const auto* found = then.expect<Value>(value))
      then.respond(200, encode(then, *found));
  });
}

// -- the asking user ---------------------------------------------------------

void make_token(exchange& x) {
  if (!x.take_costly() || !has_secret(x))
    return;
  answer_with<stream_token>(
      x, query::stream_token{x.user(), long_token_ttl}, [](exchange& then, const auto& token) {
        return video::encode_token(token, then.user(), stream_of(then).api_key);
      });
}

void tell_user(exchange& x) {
  x.submit(query::profile{x.user()}, [](exchange& then, reply_value& value) {
    const auto* user = then.expect<user_ptr>(value);
    if (user && *user)
      then.respond(200, video::encode_user(**user, stream_of(then).api_key));
    else if (user)
      then.refuse(error_code::internal);
  });
}

void history(exchange& x) {
  auto wanted = video::decode_history(x.query(), x.user());
  if (!wanted)
    return x.refuse(wanted.error());
  answer_with<video_page>(x, *wanted, [asked = *wanted](exchange&, const auto& page) {
    return video::encode_history(page, asked);
  });
}

void active(exchange& x) {
  answer_with<video_page>(x, query::video_active{x.user()},
                          [](exchange&, const auto& page) { return video::encode_active(page); });
}

void invitations(exchange& x) {
  auto wanted = video::decode_invitations(x.query(), x.user());
  if (!wanted)
    return x.refuse(wanted.error());
  answer_with<std::vector<video_invitation>>(x, *std::move(wanted), [](exchange&, const auto& all) {
    return video::encode_invitations(all);
  });
}

void stats(exchange& x) {
  answer_with<video_stats>(x, query::video_stats{x.user()},
                           [](exchange&, const auto& found) { return video::encode_stats(found); });
}

// -- one call ----------------------------------------------------------------

void create(exchange& x) {
  auto command = video::decode_create(x.body(), x.user());
  if (!command)
    return x.refuse(command.error());
  if (!x.take_costly())
    return;
  answer_with<call_view>(x, *std::move(command),
                         [](exchange&, const auto& view) { return video::encode_created(view); });
}

void details(exchange& x) {
  auto call = call_of(x);
  if (!call)
    return;
  answer_with<call_view>(x, query::video_call{x.user(), x.is_admin(), video_call_id(*call)},
                         [](exchange& then, const auto& view) {
                           return video::encode_call(view, then.host().context.time.now());
                         });
}

void set_status(exchange& x) {
  auto call = call_of(x);
  if (!call)
    return;
  auto command = video::decode_status(x.body(), x.user(), x.is_admin(), *call);
  if (!command)
    return x.refuse(command.error());
  answer_with<call_view>(x, *std::move(command),
                         [](exchange&, const auto& view) { return video::encode_status(view); });
}

void join(exchange& x) {
  auto call = call_of(x);
  if (!call)
    return;
  command::enter_call enter{asker(x), video_call_id(*call)};
  enter.as_admin = x.is_admin();
  answer_with<call_view>(x, client_command{std::move(enter)}, [](exchange& then, const auto& view) {
    return video::encode_joined(view, then.user());
  });
}

void leave(exchange& x) {
  auto call = call_of(x);
  if (!call)
    return;
  answer_with<call_view>(
      x, client_command{command::leave{asker(x), video_call_id(*call), x.is_admin()}},
      [](exchange& then, const auto& view) { return video::encode_left(view, then.user()); });
}

void kick(exchange& x) {
  auto call = call_of(x);
  if (!call)
    return;
  auto command = video::decode_kick(x.body(), x.user(), x.is_admin(), *call);
  if (!command)
    return x.refuse(command.error());
  auto whom = std::get<command::kick>(*command).whom;
  answer_with<call_view>(x, *std::move(command),
                         [whom = std::move(whom)](exchange&, const auto& view) {
                           return video::encode_left(view, whom);
                         });
}

template <bool Accepts>
void answer_invitation(exchange& x) {
  auto call = call_of(x);
  if (!call)
    return;
  answer_with<call_view>(
      x,
      client_command{
          command::answer_invitation{asker(x), video_call_id(*call), Accepts, x.is_admin()}},
      [](exchange& then, const auto& view) { return video::encode_answered(view, then.user()); });
}

void recordings(exchange& x) {
  auto call = call_of(x);
  if (!call)
    return;
  answer_with<video_recordings>(
      x, query::video_recordings{x.user(), x.is_admin(), video_call_id(*call)},
      [](exchange&, const auto& all) { return video::encode_recordings(all); });
}

// -- nobody in particular ----------------------------------------------------

void health(exchange& x) {
  const auto& stream = stream_of(x);
  x.respond(200, video::encode_health(x.host().context.time.now(), !stream.api_key.empty(),
                                      !stream.api_secret.empty()));
}

std::string_view header_of(exchange& x, std::string_view name) {
  auto value = x.current()[name];
  return {value.data(), value.size()};
}

void received(exchange& x) { x.respond(200, R"({"received":true})"); }

void webhook(exchange& x) {
  if (!has_secret(x))
    return;
  const auto& stream = stream_of(x);
  webhook_headers headers{header_of(x, "X-Signature"), header_of(x, "X-Webhook-Id"),
                          header_of(x, "X-Api-Key")};
  auto for_others =
      !headers.api_key.empty() && !stream.api_key.empty() && headers.api_key != stream.api_key;
  if (for_others || !is_signed(x.body(), headers.signature, stream.api_secret)) {
    log::warn("webhook_refused", {{"why", for_others ? "another application" : "bad signature"},
                                  {"peer", x.client_address(x.current()).to_string()}});
    return x.refuse(error_code::bad_signature);
  }
  auto news = read_webhook(x.body(), headers, x.host().context.time.now());
  if (!news)
    return x.refuse(news.error());
  if (!*news) {
    log::debug("webhook_ignored", {{"webhook", headers.id}});
    return received(x);
  }
  x.submit(**std::move(news), [](exchange& then, reply_value&) { received(then); });
}

} // namespace

void add_video(route_table& table) {
  using verb = route::verb;
  constexpr bool exempt = true;
  constexpr bool anybody = true;
  table.add(
      "/video", video::encode_rest_error,
      {
          {verb::post, "/video/token", make_token, false, false, video::encode_token_error},
          {verb::get, "/video/user", tell_user},
          {verb::get, "/video/health", health, exempt, anybody},
          {verb::get, "/video/invitations", invitations},
          {verb::post, "/video/webhook", webhook, exempt, anybody},
          {verb::post, "/video/calls", create},
          // A word where others have the call's id can be no id: video_rest.cpp refuses it.
          {verb::get, "/video/calls/history", history, false, false, video::encode_history_error},
          {verb::get, "/video/calls/active", active, false, false, video::encode_active_error},
          {verb::get, "/video/calls/stats", stats},
          {verb::get, "/video/calls/:callId", details},
          {verb::patch, "/video/calls/:callId/status", set_status, exempt},
          {verb::post, "/video/calls/:callId/join", join},
          {verb::post, "/video/calls/:callId/leave", leave, exempt},
          {verb::post, "/video/calls/:callId/accept", answer_invitation<true>},
          {verb::post, "/video/calls/:callId/decline", answer_invitation<false>, exempt},
          {verb::post, "/video/calls/:callId/kick", kick},
          {verb::get, "/video/calls/:callId/recordings", recordings},
      });
}

} // namespace carillon::net::routes
