#pragma once

#include "net/engine_door.hpp"
#include "net/exchange.hpp"
#include "net/plain_stream.hpp"
#include "net/tls_stream.hpp"

#include <optional>
#include <string>

namespace carillon::net {

/// The answer that makes a connection a WebSocket, for the key of `upgrade` (RFC 6455, 4.2.2).
[[nodiscard]] std::string websocket_greeting(const exchange::request& upgrade);

/// Whether an upgrade is one of RFC 6455: version 13 and a key of 16 bytes.
[[nodiscard]] bool has_websocket_key(const exchange::request& upgrade);
[[nodiscard]] bool has_websocket_version(const exchange::request& upgrade);

/// Turns `stream`, which asked for it with `upgrade`, into what `through` leads to. On the
/// session's thread.
void start_websocket(std::shared_ptr<site> host, plain_stream&& stream,
                     const exchange::request& upgrade, door through);
void start_websocket(std::shared_ptr<site> host, tls_stream&& stream,
                     const exchange::request& upgrade, door through);

} // namespace carillon::net
