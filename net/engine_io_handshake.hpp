#pragma once

#include "net/engine_sessions.hpp"
#include "net/exchange.hpp"

#include <boost/beast/http/verb.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace carillon::net {

/// Why a request to `/socket.io/` is refused; the numbers are Engine.IO's.
enum class handshake_error : std::uint8_t {
  unknown_transport = 0,
  unknown_session = 1,
  bad_method = 2,
  bad_request = 3,
  forbidden = 4,
  unsupported_version = 5,
};

/// What a request to an Engine.IO path asks for.
struct engine_request {
  bool websocket = false;                     ///< else long-polling
  std::shared_ptr<engine_io_session> session; ///< null: a new one
};

/// Judges a request in the reference server's order; `upgrade` says whether it asks to become a
/// WebSocket. Whether the session speaks that transport is for the session.
[[nodiscard]] std::variant<engine_request, handshake_error>
judge_handshake(const engine_sessions& sessions, boost::beast::http::verb method,
                std::string_view query, bool upgrade);

/// The answer to a refused upgrade: the bare message.
[[nodiscard]] exchange::response refusal_of_upgrade(handshake_error why);

/// The answer that tells of a refusal, `{"code":0,"message":"Transport unknown"}`.
[[nodiscard]] exchange::response refusal_response(handshake_error why);

/// The token that came with the handshake: the `Authorization` header, else `?token=`. Empty: none.
[[nodiscard]] std::string handshake_token(const exchange::request& from);

/// The token of an `Authorization: Bearer` header; empty when it is anything else.
[[nodiscard]] std::string_view bearer_token(const exchange::request& from);

} // namespace carillon::net
