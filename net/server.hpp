#pragma once

#include "config/settings.hpp"
#include "net/io_pool.hpp"
#include "net/page_file.hpp"
#include "net/timing.hpp"
#include "protocol/clock.hpp"
#include "protocol/command_sink.hpp"
#include "protocol/counters.hpp"
#include "protocol/fwd.hpp"
#include "protocol/mirror_status.hpp"
#include "protocol/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace carillon::net {

/// What the server needs from the rest of the program; all of it outlives the server.
struct server_context {
  const config::settings& settings;
  const authenticator& auth;
  command_sink& sink;
  counters& counts;
  const clock& time;
  timing waits{};
  const mirror_status* mirror = nullptr; ///< null: there is none
  std::span<const page_file> pages{};    ///< without: `/` is a line of text
};

/// Listens and serves HTTP and WebSocket connections on the threads of a pool.
class server {
public:
  server(server_context context, io_pool& pool);
  ~server();

  /// Binds and starts to accept. The failure names the address. `port()` is known afterwards.
  status start();

  [[nodiscard]] std::uint16_t port() const noexcept;

  /// Reads the certificate and its key again, for connections from now on; open ones keep what they
  /// have. When they are not in order the old ones stay, and the failure names the file. Nothing
  /// without TLS. Thread-safe once started; reads files.
  status reload_certificates();

  /// Stops accepting and closes every connection as `going_away` after what is queued for it; calls
  /// `done` once, on an I/O thread, when the last one is gone or after `patience`. Thread-safe.
  void stop(std::chrono::milliseconds patience, std::function<void()> done);

private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

} // namespace carillon::net
