#include "net/engine_door.hpp"

#include "net/echo_sessions.hpp"
#include "net/engine_io_handshake.hpp"
#include "net/plain_session.hpp"
#include "net/polling_transport.hpp"
#include "net/site.hpp"
#include "net/socket_io_session.hpp"
#include "net/url.hpp"
#include "net/websocket_handshake.hpp"
#include "protocol/plain_frame.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>

namespace http = boost::beast::http;

namespace carillon::net {

namespace {

constexpr std::string_view methods = "GET, POST, OPTIONS";

url target_of(const exchange::request& from) {
  return split_target({from.target().data(), from.target().size()});
}

bool on_engine_io(wire speaks) noexcept {
  return speaks == wire::socket_io || speaks == wire::engine_echo;
}

void preflight(exchange& by) {
  auto& asked = by.current();
  exchange::response answer{204, {}, {}, {{"Allow", std::string{methods}}}};
  auto origin = asked[http::field::origin];
  if (asked.find(http::field::access_control_request_method) != asked.end())
    by.host().cors.decorate_preflight(answer.headers, {origin.data(), origin.size()}, methods);
  by.finish(std::move(answer));
}

poll_request request_of(exchange& by, std::shared_ptr<engine_io_session> session) {
  auto& asked = by.current();
  poll_request what;
  what.method = asked.method();
  what.binary = asked[http::field::content_type] == "application/octet-stream";
  what.body = std::move(asked.body());
  what.reply = by.hold(std::move(session));
  return what;
}

void begin_polling(exchange& by, wire speaks) {
  auto& asked = by.current();
  auto session =
      make_session(by.shared_host(), by.executor(),
                   {speaks, nullptr, {}, handshake_token(asked), by.client_address(asked)});
  auto way = std::make_shared<polling_transport>(by.shared_host(), by.executor());
  if (!way->start(session))
    return by.refuse(error_code::shutting_down);
  session->take(request_of(by, session));
}

} // namespace

std::optional<wire> wire_at(std::string_view path, bool echoes) noexcept {
  if (path == "/socket.io")
    return wire::socket_io;
  if (path == "/ws")
    return wire::plain;
  if (echoes && path == "/engine.io")
    return wire::engine_echo;
  if (echoes && path == "/ws-echo")
    return wire::raw_echo;
  return std::nullopt;
}

std::optional<door> open_door(const site& host, const exchange::request& wanted) {
  auto target = target_of(wanted);
  auto speaks = wire_at(target.path, host.settings().server.conformance_echo);
  if (!speaks || !has_websocket_key(wanted) || !has_websocket_version(wanted))
    return std::nullopt;
  door to{*speaks, nullptr, std::string{target.query}, {}, {}};
  if (on_engine_io(*speaks)) {
    auto verdict = judge_handshake(host.sessions, wanted.method(), target.query, true);
    auto* asked = std::get_if<engine_request>(&verdict);
    if (!asked)
      return std::nullopt;
    to.session = std::move(asked->session);
  }
  return to;
}

void take_engine_request(exchange& by, wire speaks) {
  auto& asked = by.current();
  if (asked.method() == http::verb::options)
    return preflight(by);
  if (!on_engine_io(speaks)) {
    by.host().context.counts.refused(error_code::invalid_field);
    if (asked.method() != http::verb::get)
      return by.finish({405, "WebSocket only", "text/plain", {{"Allow", "GET"}}});
    auto versioned = asked.find(http::field::sec_websocket_version) != asked.end();
    if (boost::beast::websocket::is_upgrade(asked) && versioned && !has_websocket_version(asked))
      return by.finish({426,
                        "Bad Sec-WebSocket-Version",
                        "text/plain",
                        {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}}});
    if (boost::beast::websocket::is_upgrade(asked))
      return by.finish({400, "Bad Sec-WebSocket-Key or -Version", "text/plain", {}});
    return by.finish({426, "WebSocket only", "text/plain", {{"Upgrade", "websocket"}}});
  }
  auto upgrade = boost::beast::websocket::is_upgrade(asked);
  auto verdict =
      judge_handshake(by.host().sessions, asked.method(), target_of(asked).query, upgrade);
  auto* wanted = std::get_if<engine_request>(&verdict);
  if (!wanted || wanted->websocket) {
    auto* why = std::get_if<handshake_error>(&verdict);
    auto error = why ? *why : handshake_error::bad_request;
    return by.finish(upgrade ? refusal_of_upgrade(error) : refusal_response(error));
  }
  if (!wanted->session)
    return begin_polling(by, speaks);
  auto to = wanted->session->executor();
  boost::asio::dispatch(
      to, [session = wanted->session, what = request_of(by, wanted->session)]() mutable {
        session->take(std::move(what));
      });
}

std::shared_ptr<engine_io_session> make_session(std::shared_ptr<site> host, io_executor executor,
                                                door through) {
  auto from = std::move(through.from);
  auto& token = through.token;
  switch (through.speaks) {
  case wire::engine_echo:
    return std::make_shared<engine_echo_session>(std::move(host), executor, std::move(from));
  case wire::plain: {
    auto named = query_value(through.query, "resume").value_or(std::string{});
    std::string_view all{named};
    auto comma = std::min(all.find(','), all.size());
    auto resume = resume_of(all.substr(0, comma), all.substr(std::min(comma + 1, all.size())));
    return std::make_shared<plain_session>(std::move(host), executor, std::move(from),
                                           std::move(token), std::move(resume));
  }
  default:
    break;
  }
  if (host->settings().server.conformance_echo)
    return std::make_shared<socket_io_echo_session>(std::move(host), executor, std::move(from));
  return std::make_shared<socket_io_session>(std::move(host), executor, std::move(from),
                                             std::move(token));
}

} // namespace carillon::net
