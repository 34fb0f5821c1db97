#include "config/setting_table.hpp"

#include "config/text_rules.hpp"

#include <array>
#include <limits>
#include <type_traits>

namespace carillon::config {

namespace {

/// The member at the end of a path of members, of const or mutable settings.
template <auto... Path, class Settings>
auto& member(Settings& of) {
  return (of.*....*Path);
}

template <auto... Path>
setting_value get_member(const settings& of) {
  const auto& value = member<Path...>(of);
  using type = std::remove_cvref_t<decltype(value)>;
  if constexpr (std::is_same_v<type, std::chrono::milliseconds>)
    return std::int64_t{value.count()};
  else if constexpr (std::is_integral_v<type> && !std::is_same_v<type, bool>)
    return static_cast<std::int64_t>(value);
  else
    return value;
}

template <auto... Path>
void set_member(settings& of, setting_value value) {
  auto& target = member<Path...>(of);
  using type = std::remove_reference_t<decltype(target)>;
  if constexpr (std::is_same_v<type, std::chrono::milliseconds>)
    target = type{std::get<std::int64_t>(value)};
  else if constexpr (std::is_integral_v<type> && !std::is_same_v<type, bool>)
    target = static_cast<type>(std::get<std::int64_t>(value));
  else
    target = std::get<type>(std::move(value));
}

/// One entry while it is being written down.
struct row : setting {
  constexpr row flagged(std::string_view name) const {
    auto made = *this;
    made.flag = name;
    return made;
  }
  constexpr row from_to(std::int64_t low, std::int64_t high) const {
    auto made = *this;
    made.least = low;
    made.most = high;
    return made;
  }
  constexpr row ruled(text_rule what) const {
    auto made = *this;
    made.rule = what;
    return made;
  }
  constexpr row hidden(secrecy how) const {
    auto made = *this;
    made.shown = how;
    return made;
  }
};

/// The entry of the member of `settings` that `Path` leads to.
template <auto... Path>
constexpr row entry(std::string_view key, std::string_view environment, std::string_view help) {
  row made;
  made.key = key;
  made.environment = environment;
  made.help = help;
  made.get = get_member<Path...>;
  made.set = set_member<Path...>;
  return made;
}

constexpr text_rule readable{rules::readable_file, "a file that can be read"};
constexpr std::int64_t a_gibibyte = std::int64_t{1} << 30;
constexpr std::int64_t an_hour_ms = 3'600'000;
constexpr std::int64_t a_week_minutes = 10'080;
constexpr std::int64_t a_million = 1'000'000;

using s = settings;
constexpr auto server = &s::server;
constexpr auto auth = &s::auth;
constexpr auto stream = &s::stream;
constexpr auto webrtc = &s::webrtc;
constexpr auto calls = &s::calls;
constexpr auto limits = &s::limits;

constexpr setting table[] = {
    entry<&s::data_dir>("data_dir", "DATA_DIR",
                        "Directory of the server's own files; made when missing.")
        .flagged("--data-dir"),
    entry<&s::log_level>("log_level", "LOG_LEVEL", "The least severe log lines written.")
        .ruled({rules::log_level, "one of trace, debug, info, warn, error, off"})
        .flagged("--log-level"),

    entry<server, &server_settings::host>("server.host", "HOST", "Address to listen on.")
        .ruled({rules::host, "an address or a host's name"})
        .flagged("--host"),
    entry<server, &server_settings::port>("server.port", "PORT",
                                          "Port to listen on; 0 takes any free one.")
        .from_to(0, 65535)
        .flagged("--port"),
    entry<server, &server_settings::tls_certificate>(
        "server.tls_certificate", "TLS_CERTIFICATE",
        "PEM file of the certificate chain; without it the server speaks plain HTTP.")
        .ruled(readable),
    entry<server, &server_settings::tls_key>("server.tls_key", "TLS_KEY",
                                             "PEM file of the certificate's key.")
        .ruled(readable),
    entry<server, &server_settings::cors_origins>(
        "server.cors_origins", "CORS_ORIGINS",
        "Origins whose pages may use the server, or * for all; none: the same origin only.")
        .ruled({rules::origin, "an origin like https://app.example.com, or *"}),
    entry<server, &server_settings::trusted_proxies>(
        "server.trusted_proxies", "TRUSTED_PROXIES",
        "Proxies whose X-Forwarded-For header is believed.")
        .ruled({rules::address_block, "an address or a CIDR block like 10.0.0.0/8"}),
    entry<server, &server_settings::development>(
        "server.development", "DEVELOPMENT",
        "Details in errors, and the demo sign-in; never in public."),
    entry<server, &server_settings::conformance_echo>(
        "server.conformance_echo", "SERVER_CONFORMANCE_ECHO",
        "Echo services for protocol suites, without authentication; for tests, on a loopback "
        "address only.")
        .flagged("--conformance-echo"),
    entry<server, &server_settings::ping_interval>(
        "server.ping_interval_ms", "SERVER_PING_INTERVAL_MS",
        "Milliseconds between two heartbeats of a socket.")
        .from_to(10, an_hour_ms)
        .flagged("--ping-interval-ms"),
    entry<server, &server_settings::ping_timeout>(
        "server.ping_timeout_ms", "SERVER_PING_TIMEOUT_MS",
        "Milliseconds that a client has to answer a heartbeat.")
        .from_to(10, an_hour_ms)
        .flagged("--ping-timeout-ms"),
    entry<server, &server_settings::connect_timeout>(
        "server.connect_timeout_ms", "SERVER_CONNECT_TIMEOUT_MS",
        "Milliseconds that a new socket has to join a namespace.")
        .from_to(10, an_hour_ms)
        .flagged("--connect-timeout-ms"),
    entry<server, &server_settings::drain>(
        "server.drain_ms", "SERVER_DRAIN_MS",
        "Milliseconds for which all is still served after SIGTERM, while /readyz says no.")
        .from_to(0, 2000)
        .flagged("--drain-ms"),
    entry<server, &server_settings::threads>("server.threads", "SERVER_THREADS",
                                             "I/O threads; 0: one for each core.")
        .from_to(0, 256),
    entry<server, &server_settings::scheduler>(
        "server.scheduler", "SERVER_SCHEDULER",
        "Where actors run: io (on the I/O threads) or caf (on CAF's own workers).")
        .ruled({rules::scheduler, "io or caf"}),

    entry<&s::database, &database_settings::url>(
        "database.url", "DATABASE_URL",
        "The store: sqlite:<path> or postgresql://…; without it "
        "sqlite:<data_dir>/carillon.db.")
        .ruled({rules::database_url, "sqlite:<path> or postgresql://…"})
        .hidden(secrecy::password)
        .flagged("--database-url"),

    entry<auth, &auth_settings::jwt_secret>(
        "auth.jwt_secret", "JWT_SECRET",
        "Secret of HS256 tokens; without it and without a public key one is made "
        "and kept in data_dir.")
        .hidden(secrecy::secret),
    entry<auth, &auth_settings::jwt_public_key>(
        "auth.jwt_public_key", "JWT_PUBLIC_KEY",
        "PEM file of the public key of RS256 or ES256 tokens.")
        .ruled(readable),
    entry<auth, &auth_settings::jwt_issuer>("auth.jwt_issuer", "JWT_ISSUER",
                                            "What a token's iss must be; without it unchecked."),
    entry<auth, &auth_settings::jwt_audience>(
        "auth.jwt_audience", "JWT_AUDIENCE", "What a token's aud must hold; without it unchecked."),
    entry<auth, &auth_settings::admin_users>("auth.admin_users", "ADMIN_USERS",
                                             "Ids of the users who may administrate.")
        .ruled({rules::user_id, "a user's id"}),

    entry<stream, &stream_settings::api_key>("stream.api_key", "STREAM_API_KEY",
                                             "API key of an application at Stream."),
    entry<stream, &stream_settings::api_secret>(
        "stream.api_secret", "STREAM_API_SECRET",
        "The application's secret; Stream tokens are signed with it.")
        .hidden(secrecy::secret),
    entry<stream, &stream_settings::mirror>(
        "stream.mirror", "STREAM_MIRROR",
        "Also make channels, users and messages on Stream's servers."),
    entry<stream, &stream_settings::base_url>("stream.base_url", "STREAM_BASE_URL",
                                              "Address of Stream's API; without it Stream's own.")
        .ruled({rules::https_url, "an https:// address"}),
    entry<stream, &stream_settings::ca_file>(
        "stream.ca_file", "STREAM_CA_FILE",
        "PEM file of certificate authorities besides the system's, for stream.base_url.")
        .ruled(readable),
    entry<stream, &stream_settings::timeout>("stream.timeout_ms", "STREAM_TIMEOUT_MS",
                                             "Milliseconds that a request to Stream may take.")
        .from_to(100, 120'000),
    entry<stream, &stream_settings::retry>(
        "stream.retry_ms", "STREAM_RETRY_MS",
        "Milliseconds until a failed request to Stream is tried again; doubles with each failure.")
        .from_to(10, 60'000),
    entry<stream, &stream_settings::max_attempts>(
        "stream.max_attempts", "STREAM_MAX_ATTEMPTS",
        "Failed answers of Stream's after which a request is given up.")
        .from_to(1, 1000),
    entry<stream, &stream_settings::token_key>(
        "stream.token_key", "STREAM_TOKEN_KEY",
        "Key that stored tokens are encrypted with; without it one is made and kept in "
        "data_dir.")
        .ruled({rules::hex_key, "64 hexadecimal digits (32 bytes)"})
        .hidden(secrecy::secret),

    entry<webrtc, &webrtc_settings::stun_servers>("webrtc.stun_servers", "STUN_SERVERS",
                                                  "STUN servers that clients are told of.")
        .ruled({rules::stun_uri, "an address like stun:stun.example.com:3478"}),
    entry<webrtc, &webrtc_settings::turn_url>("webrtc.turn_url", "TURN_SERVER_URL",
                                              "TURN server that clients are told of.")
        .ruled({rules::turn_uri, "an address like turn:turn.example.com:3478"}),
    entry<webrtc, &webrtc_settings::turn_username>("webrtc.turn_username", "TURN_USERNAME",
                                                   "Fixed user name at the TURN server."),
    entry<webrtc, &webrtc_settings::turn_password>("webrtc.turn_password", "TURN_PASSWORD",
                                                   "The password that goes with it.")
        .hidden(secrecy::secret),
    entry<webrtc, &webrtc_settings::turn_secret>(
        "webrtc.turn_secret", "TURN_SECRET",
        "Secret shared with the TURN server, for credentials that last 4 hours; "
        "goes before the fixed ones.")
        .hidden(secrecy::secret),

    entry<calls, &calls_settings::max_participants>(
        "calls.max_participants", "MAX_CALL_PARTICIPANTS", "Most people in one session.")
        .from_to(2, 1000),
    entry<calls, &calls_settings::timeout_minutes>("calls.timeout_minutes", "CALL_TIMEOUT_MINUTES",
                                                   "Minutes after which a session is ended.")
        .from_to(1, a_week_minutes),
    entry<calls, &calls_settings::direct_timeout_minutes>(
        "calls.direct_timeout_minutes", "DIRECT_CALL_TIMEOUT_MINUTES",
        "Minutes after which a direct call is ended; 0: never.")
        .from_to(0, a_week_minutes),
    entry<calls, &calls_settings::ring_timeout_seconds>(
        "calls.ring_timeout_seconds", "RING_TIMEOUT_SECONDS",
        "Seconds that a call rings before it is missed.")
        .from_to(1, 180),
    entry<calls, &calls_settings::reconnect_grace_seconds>(
        "calls.reconnect_grace_seconds", "RECONNECT_GRACE_SECONDS",
        "Seconds that a dropped device has to come back to its call.")
        .from_to(0, 3600),
    entry<calls, &calls_settings::ring_grace_seconds>(
        "calls.ring_grace_seconds", "RING_GRACE_SECONDS",
        "Seconds that a caller's dropped device has to come back while it rings.")
        .from_to(0, 180),
    entry<calls, &calls_settings::ring_offline>(
        "calls.ring_offline", "RING_OFFLINE",
        "Ring users who have no device connected, until the ring timeout."),
    entry<calls, &calls_settings::call_waiting>("calls.call_waiting", "CALL_WAITING",
                                                "Ring users who are in a call."),

    entry<&s::history, &history_settings::retention_days>(
        "history.retention_days", "HISTORY_RETENTION_DAYS",
        "Days after which ended calls are deleted; 0: never.")
        .from_to(0, 36500),

    entry<limits, &limits_settings::frame_bytes>("limits.frame_bytes", "LIMITS_FRAME_BYTES",
                                                 "Bytes of one message from a socket; 0: no limit.")
        .from_to(0, a_gibibyte)
        .flagged("--max-payload"),
    entry<limits, &limits_settings::body_bytes>("limits.body_bytes", "LIMITS_BODY_BYTES",
                                                "Bytes of a request's body; 0: no limit.")
        .from_to(0, a_gibibyte),
    entry<limits, &limits_settings::sdp_bytes>("limits.sdp_bytes", "LIMITS_SDP_BYTES",
                                               "Bytes of a session description; 0: no limit.")
        .from_to(0, a_gibibyte),
    entry<limits, &limits_settings::socket_events_per_second>(
        "limits.socket_events_per_second", "LIMITS_SOCKET_EVENTS_PER_SECOND",
        "Events a second from one device; 0: no limit.")
        .from_to(0, a_million),
    entry<limits, &limits_settings::socket_events_burst>(
        "limits.socket_events_burst", "LIMITS_SOCKET_EVENTS_BURST",
        "Events that a device may send at once; 0: no limit.")
        .from_to(0, a_million),
    entry<limits, &limits_settings::rest_per_second>(
        "limits.rest_per_second", "LIMITS_REST_PER_SECOND",
        "Requests a second from one user; 0: no limit.")
        .from_to(0, a_million),
    entry<limits, &limits_settings::rest_burst>(
        "limits.rest_burst", "LIMITS_REST_BURST",
        "Requests that a user may send at once; 0: no limit.")
        .from_to(0, a_million),
    entry<limits, &limits_settings::costly_per_minute>(
        "limits.costly_per_minute", "LIMITS_COSTLY_PER_MINUTE",
        "New calls and token requests a minute from one user; 0: no limit.")
        .from_to(0, a_million),
    entry<limits, &limits_settings::auth_failures>(
        "limits.auth_failures", "LIMITS_AUTH_FAILURES",
        "Failed authentications from one address before it is refused; 0: no limit.")
        .from_to(0, a_million),
    entry<limits, &limits_settings::auth_window_minutes>(
        "limits.auth_window_minutes", "LIMITS_AUTH_WINDOW_MINUTES",
        "Minutes over which those failures are counted; 0: no limit.")
        .from_to(0, a_week_minutes),
    entry<limits, &limits_settings::outbox_messages>(
        "limits.outbox_messages", "LIMITS_OUTBOX_MESSAGES",
        "Messages that may wait for one slow device; 0: no limit.")
        .from_to(0, a_million),
    entry<limits, &limits_settings::outbox_bytes>(
        "limits.outbox_bytes", "LIMITS_OUTBOX_BYTES",
        "Bytes that may wait for one slow device; 0: no limit.")
        .from_to(0, a_gibibyte),
    entry<limits, &limits_settings::devices_per_user>(
        "limits.devices_per_user", "LIMITS_DEVICES_PER_USER",
        "Sockets that a user may have open; 0: no limit.")
        .from_to(0, 100'000),
};

} // namespace

std::span<const setting> setting_table() noexcept { return table; }

} // namespace carillon::config
