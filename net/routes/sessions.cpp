#include "net/routes/sessions.hpp"

#include "net/exchange.hpp"
#include "net/site.hpp"
#include "net/url.hpp"
#include "protocol/dialects/sessions.hpp"

#include <optional>

namespace carillon::net::routes {

namespace {

/// The session that the path names; refuses where no session can have that id.
std::optional<call_id> session_of(exchange& x) {
  auto id = unescape(x.parameter(), false);
  if (id && is_id(*id))
    return call_id{std::move(*id)};
  x.refuse(error_code::session_not_found);
  return std::nullopt;
}

origin asker(exchange& x) { return {x.user(), {}, call_kind::session}; }

/// Whether the session asks for no more seats than there can be; refuses if it does.
bool has_room_for(exchange& x, const client_command& cmd) {
  const auto* gather = std::get_if<command::gather>(&cmd);
  auto most = static_cast<std::uint32_t>(x.host().settings().calls.max_participants);
  if (!gather || gather->facts.seats <= most)
    return true;
  x.refuse(failure{error_code::invalid_field, "maxParticipants"});
  return false;
}

void initiate(exchange& x) {
  auto command = sessions::decode_initiate(x.body(), x.user());
  if (!command)
    return x.refuse(command.error());
  if (!has_room_for(x, *command) || !x.take_costly())
    return;
  x.submit(std::move(*command), [](exchange& then, reply_value& value) {
    if (auto* view = then.expect<call_view>(value))
      then.respond(200,
                   sessions::encode_initiated(*view, then.host().ice_servers_for(then.user())));
  });
}

void join(exchange& x) {
  auto session = session_of(x);
  if (!session)
    return;
  x.submit(client_command{command::ask_to_join{asker(x), std::move(*session)}},
           [](exchange& then, reply_value& value) {
             if (auto* view = then.expect<call_view>(value))
               then.respond(
                   200, sessions::encode_may_join(*view, then.host().ice_servers_for(then.user())));
           });
}

void details(exchange& x) {
  auto session = session_of(x);
  if (!session)
    return;
  x.submit(query::details{x.user(), x.is_admin(), std::move(*session)},
           [](exchange& then, reply_value& value) {
             if (auto* what = then.expect<session_details>(value))
               then.respond(200, sessions::encode_details(*what, then.host().context.time.now()));
           });
}

void media(exchange& x) {
  auto session = session_of(x);
  if (!session)
    return;
  auto command = sessions::decode_media(x.body(), x.user(), std::move(*session));
  if (!command)
    return x.refuse(command.error());
  x.submit(std::move(*command), [](exchange& then, reply_value& value) {
    if (auto* view = then.expect<call_view>(value))
      then.respond(200, sessions::encode_media(*view, then.user()));
  });
}

void end(exchange& x) {
  auto session = session_of(x);
  if (!session)
    return;
  x.submit(client_command{command::end{asker(x), std::move(*session), x.is_admin()}},
           [](exchange& then, reply_value& value) {
             if (auto* view = then.expect<call_view>(value))
               then.respond(200, sessions::encode_ended(*view));
           });
}

void history(exchange& x) {
  auto wanted = sessions::decode_history(x.query(), x.user());
  if (!wanted)
    return x.refuse(wanted.error());
  x.submit(*wanted, [asked = *wanted](exchange& then, reply_value& value) {
    if (auto* page = then.expect<call_page>(value))
      then.respond(200, sessions::encode_page(*page, asked, then.host().context.time.now()));
  });
}

void analytics(exchange& x) {
  auto wanted = sessions::decode_usage(x.query(), x.user());
  if (!wanted)
    return x.refuse(wanted.error());
  x.submit(std::move(*wanted), [](exchange& then, reply_value& value) {
    if (auto* usage = then.expect<usage_report>(value))
      then.respond(200, sessions::encode_usage(*usage));
  });
}

} // namespace

void add_sessions(route_table& table) {
  using verb = route::verb;
  table.add("/api/video-call", sessions::encode_rest_error,
            {
                {verb::post, "/api/video-call/initiate", initiate},
                {verb::post, "/api/video-call/join/:sessionId", join},
                {verb::get, "/api/video-call/session/:sessionId", details},
                {verb::put, "/api/video-call/session/:sessionId/media", media},
                {verb::post, "/api/video-call/session/:sessionId/end", end, true},
                {verb::get, "/api/video-call/history", history},
                {verb::get, "/api/video-call/analytics", analytics},
            });
}

} // namespace carillon::net::routes
