#pragma once

#include "net/exchange.hpp"

#include <boost/beast/http/verb.hpp>

#include <optional>
#include <string>
#include <string_view>

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

/// Whether a path (a trailing slash dropped) is Engine.IO's.
[[nodiscard]] inline bool is_engine_path(std::string_view path) noexcept {
  return path == "/socket.io";
}

/// Judges a request for a new session; nothing when it may open one over WebSocket.
[[nodiscard]] std::optional<handshake_error> judge_handshake(boost::beast::http::verb method,
                                                             std::string_view query, bool upgrade);

/// The answer that tells of a refusal, `{"code":0,"message":"Transport unknown"}`.
[[nodiscard]] exchange::response refusal_response(handshake_error why);

/// The token that came with the handshake: the `Authorization` header, else `?token=`. Empty: none.
[[nodiscard]] std::string handshake_token(const exchange::request& from);

/// The token of an `Authorization: Bearer` header; empty when it is anything else.
[[nodiscard]] std::string_view bearer_token(const exchange::request& from);

} // namespace carillon::net
