#pragma once

#include "net/exchange.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace carillon::net {

struct site;
class engine_io_session;

/// The protocols that sockets speak, each at its path.
enum class wire : std::uint8_t {
  socket_io,   ///< `/socket.io`, on Engine.IO
  plain,       ///< `/ws`, JSON frames on WebSocket
  engine_echo, ///< `/engine.io`, for protocol suites only
  raw_echo,    ///< `/ws-echo`, likewise
};

/// The protocol at a path (a trailing slash dropped); those for suites only with `echoes`.
[[nodiscard]] std::optional<wire> wire_at(std::string_view path, bool echoes) noexcept;

/// What a request to become a WebSocket leads to.
struct door {
  wire speaks = wire::socket_io;
  std::shared_ptr<engine_io_session> session; ///< to be upgraded; null: a new one
  std::string query;
  std::string token; ///< that came with the handshake; empty: none
  ip_address from;
};

/// Judges a request to become a WebSocket; nothing when it may not.
[[nodiscard]] std::optional<door> open_door(const site& host, const exchange::request& wanted);

/// Takes a whole request to the path of `speaks` that is not going to be a WebSocket: a request of
/// long-polling, or one that is refused.
void take_engine_request(exchange& by, wire speaks);

/// The session that a door leads to, on `executor`'s thread; not for `raw_echo`.
[[nodiscard]] std::shared_ptr<engine_io_session> make_session(std::shared_ptr<site> host,
                                                              io_executor executor, door through);

} // namespace carillon::net
