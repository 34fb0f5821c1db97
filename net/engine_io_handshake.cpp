#include "net/engine_io_handshake.hpp"

#include "net/url.hpp"
#include "protocol/plain_frame.hpp"

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace carillon::net {

namespace {

std::string_view text_of(handshake_error why) noexcept {
  switch (why) {
  case handshake_error::unknown_transport:
    return "Transport unknown";
  case handshake_error::unknown_session:
    return "Session ID unknown";
  case handshake_error::bad_method:
    return "Bad handshake method";
  case handshake_error::bad_request:
    return "Bad request";
  case handshake_error::forbidden:
    return "Forbidden";
  case handshake_error::unsupported_version:
    return "Unsupported protocol version";
  }
  return "Bad request";
}

} // namespace

std::variant<engine_request, handshake_error> judge_handshake(const engine_sessions& sessions,
                                                              http::verb method,
                                                              std::string_view query,
                                                              bool upgrade) {
  engine_request wanted;
  auto transport = query_value(query, "transport");
  wanted.websocket = transport == "websocket";
  if (!wanted.websocket && transport != "polling")
    return handshake_error::unknown_transport;
  auto supported = query_value(query, "EIO") == "4";
  if (auto sid = query_value(query, "sid"); sid && !sid->empty()) {
    wanted.session = sessions.find(*sid);
    if (!wanted.session)
      return handshake_error::unknown_session;
    // Only an upgrade may speak another transport than the session does.
    if (wanted.websocket != upgrade || !supported)
      return handshake_error::bad_request;
    return wanted;
  }
  if (method != http::verb::get)
    return handshake_error::bad_method;
  if (wanted.websocket != upgrade)
    return handshake_error::bad_request;
  if (!supported)
    return handshake_error::unsupported_version;
  return wanted;
}

exchange::response refusal_of_upgrade(handshake_error why) {
  return {400, std::string{text_of(why)}, "text/html", {}};
}

exchange::response refusal_response(handshake_error why) {
  exchange::response answer;
  answer.status = why == handshake_error::forbidden ? 403 : 400;
  answer.body = "{\"code\":" + std::to_string(static_cast<int>(why)) + ",\"message\":\"";
  answer.body += text_of(why);
  answer.body += "\"}";
  answer.content_type = "application/json";
  return answer;
}

std::string_view bearer_token(const exchange::request& from) {
  auto value = from[http::field::authorization];
  return bearer_of({value.data(), value.size()});
}

std::string handshake_token(const exchange::request& from) {
  if (auto token = bearer_token(from); !token.empty())
    return std::string{token};
  auto target = split_target({from.target().data(), from.target().size()});
  return query_value(target.query, "token").value_or(std::string{});
}

} // namespace carillon::net
