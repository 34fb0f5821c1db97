#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// What operators can set. Plain values; `load.hpp` fills them. The defaults here are the built-in
/// ones.
namespace carillon::config {

struct server_settings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;                ///< 0: any free port, printed at start
  std::string tls_certificate;              ///< PEM file; empty: plain HTTP
  std::string tls_key;                      ///< PEM file
  std::vector<std::string> cors_origins;    ///< `*` for all; empty: same origin only
  std::vector<std::string> trusted_proxies; ///< addresses or CIDR blocks
  bool development = false;
  bool conformance_echo = false;            ///< echoes for protocol suites; loopback only
  std::chrono::milliseconds ping_interval{25000};
  std::chrono::milliseconds ping_timeout{20000};
  std::chrono::milliseconds connect_timeout{10000};
  std::chrono::milliseconds drain{0}; ///< after SIGTERM: still serving, and said to be not ready
  unsigned threads = 0;         ///< I/O threads; 0: one for each core
  std::string scheduler = "io"; ///< `io`: actors on the I/O threads; `caf`: CAF's own workers
};

struct database_settings {
  std::string url; ///< `sqlite:<path>` or `postgresql://…`; never empty after loading
};

struct auth_settings {
  std::string jwt_secret;
  std::string jwt_public_key; ///< PEM file
  std::string jwt_issuer;
  std::string jwt_audience;
  std::vector<std::string> admin_users;
};

struct stream_settings {
  std::string api_key;
  std::string api_secret;
  bool mirror = false;
  std::string base_url;
  std::string token_key; ///< 64 hexadecimal digits
  std::string ca_file;   ///< PEM: authorities besides the system's that vouch for `base_url`
  std::chrono::milliseconds timeout{10000}; ///< of one request of the mirror
  std::chrono::milliseconds retry{500};     ///< its first wait after a failure
  unsigned max_attempts = 20;               ///< then a request is a dead letter
};

struct webrtc_settings {
  std::vector<std::string> stun_servers{"stun:stun.l.google.com:19302",
                                        "stun:stun.services.mozilla.com",
                                        "stun:stun.stunprotocol.org:3478"};
  std::string turn_url;
  std::string turn_username;
  std::string turn_password;
  std::string turn_secret;
};

struct calls_settings {
  int max_participants = 8;
  int timeout_minutes = 60;
  int direct_timeout_minutes = 0; ///< 0: none
  int ring_timeout_seconds = 45;  ///< 1 to 180
  int reconnect_grace_seconds = 30;
  int ring_grace_seconds = 15;
  bool ring_offline = false;
  bool call_waiting = false;
};

struct history_settings {
  int retention_days = 0; ///< 0: keep all
};

/// Bounds; 0 switches one off.
struct limits_settings {
  std::size_t frame_bytes = 131072;
  std::size_t body_bytes = 262144;
  std::size_t sdp_bytes = 65536;
  unsigned socket_events_per_second = 100;
  unsigned socket_events_burst = 1000;
  unsigned rest_per_second = 10;
  unsigned rest_burst = 40;
  unsigned costly_per_minute = 30;
  unsigned auth_failures = 10;
  unsigned auth_window_minutes = 30;
  std::size_t outbox_messages = 256;
  std::size_t outbox_bytes = 1048576;
  unsigned devices_per_user = 16;
};

struct settings {
  server_settings server;
  std::string data_dir = "data";
  std::string log_level = "info";
  database_settings database;
  auth_settings auth;
  stream_settings stream;
  webrtc_settings webrtc;
  calls_settings calls;
  history_settings history;
  limits_settings limits;
};

} // namespace carillon::config
