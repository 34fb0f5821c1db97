#include "net/routes/direct.hpp"

#include "net/exchange.hpp"
#include "net/site.hpp"
#include "net/url.hpp"
#include "protocol/dialects/direct.hpp"
#include "protocol/json_writer.hpp"

namespace carillon::net::routes {

namespace {

void initiate(exchange& x) {
  auto command = direct::decode_initiate(x.body(), x.user());
  if (!command)
    return x.refuse(command.error());
  if (!x.take_costly())
    return;
  x.submit(std::move(*command), [](exchange& then, reply_value& value) {
    if (auto* view = then.expect<call_view>(value))
      then.respond(200, direct::encode_call("Call initiated", *view));
  });
}

template <direct::call_action Action>
void act(exchange& x) {
  auto command = direct::decode_action(Action, x.body(), x.user());
  if (!command)
    return x.refuse(command.error());
  x.submit(std::move(*command), [](exchange& then, reply_value& value) {
    constexpr std::string_view message = Action == direct::call_action::accept   ? "Call accepted"
                                         : Action == direct::call_action::reject ? "Call rejected"
                                                                                 : "Call ended";
    if (auto* view = then.expect<call_view>(value))
      then.respond(200, direct::encode_call(message, *view));
  });
}

template <bool MissedOnly>
void list(exchange& x) {
  auto wanted = direct::decode_history(x.query(), x.user(), MissedOnly);
  if (!wanted)
    return x.refuse(wanted.error());
  x.submit(std::move(*wanted), [](exchange& then, reply_value& value) {
    if (auto* page = then.expect<call_page>(value))
      then.respond(200, direct::encode_page(*page, then.user()));
  });
}

void hide(exchange& x) {
  auto call = unescape(x.parameter(), false);
  if (!call)
    return x.refuse(error_code::call_not_found);
  x.submit(query::hide{x.user(), call_id{std::move(*call)}}, [](exchange& then, reply_value&) {
    then.respond(200, direct::encode_done("Call deleted"));
  });
}

void ice_servers(exchange& x) {
  json::writer answer;
  answer.begin_object().field("success", true).key("data").begin_object();
  answer.key("iceServers").raw(x.host().ice_servers_for(x.user()));
  answer.end_object().end_object();
  x.respond(200, std::move(answer).take());
}

} // namespace

void add_direct(route_table& table) {
  using verb = route::verb;
  using direct::call_action;
  table.add("/api/calls", direct::encode_rest_error,
            {
                {verb::post, "/api/calls/initiate", initiate},
                {verb::post, "/api/calls/accept", act<call_action::accept>},
                {verb::post, "/api/calls/reject", act<call_action::reject>, true},
                {verb::post, "/api/calls/end", act<call_action::end>, true},
                {verb::get, "/api/calls/history", list<false>},
                {verb::get, "/api/calls/missed", list<true>},
                {verb::get, "/api/calls/ice-servers", ice_servers},
                {verb::delete_, "/api/calls/history/:callId", hide},
            });
}

} // namespace carillon::net::routes
