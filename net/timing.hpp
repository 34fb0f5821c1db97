#pragma once

#include <chrono>

namespace carillon::net {

/// How long the server waits for its clients, where no setting says it. Tests shorten these.
struct timing {
  using milliseconds = std::chrono::milliseconds;

  milliseconds guest{10'000};        ///< for `authenticate`, on a socket without a token
  milliseconds expiry_grace{60'000}; ///< for a fresh token, once the old one has expired
  milliseconds call_ping{10'000};    ///< between pings, and for their answers, during a call
  milliseconds catch_up{1'000};      ///< for a device with a full outbox, before it is too slow
  milliseconds close{5'000};         ///< for the rest of the outbox and the closing handshake
  milliseconds upgrade{10'000};      ///< for a probing WebSocket to become the session's transport
  milliseconds poll_hurry{25};       ///< for a GET to wait while the client leaves for a WebSocket
  milliseconds poll_overtaken{25};   ///< for a GET that the client's own close overtook
  milliseconds echo_pong{150};       ///< for the pong before `auth`, with `conformance_echo`
  milliseconds http_header{15'000};  ///< for the first request's header, and a TLS handshake
  milliseconds http_idle{75'000};    ///< between requests, and for the next one's header
  milliseconds http_body{30'000};
  milliseconds http_handling{30'000}; ///< for the sink to answer
  milliseconds http_write{30'000};    ///< for the client to take an answer
  milliseconds http_linger{2'000};    ///< for the client to read the last answer
};

} // namespace carillon::net
