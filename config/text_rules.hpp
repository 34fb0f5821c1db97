#pragma once

#include <string_view>

/// What texts among the settings may look like. Each is asked only for texts that are not empty.
namespace carillon::config::rules {

/// An address or a host's name: no blanks, nothing of a URL around it.
[[nodiscard]] bool host(std::string_view text) noexcept;

/// A loopback address, or `localhost`.
[[nodiscard]] bool loopback(std::string_view text) noexcept;

/// A file that this process can read now.
[[nodiscard]] bool readable_file(std::string_view text);

/// What a browser sends as `Origin`: `scheme://host[:port]` without a path; or `*`, or `null`.
[[nodiscard]] bool origin(std::string_view text) noexcept;

/// An IPv4 or IPv6 address, or a block of them in CIDR notation.
[[nodiscard]] bool address_block(std::string_view text);

/// `sqlite:<path>`, `postgresql://…` or `postgres://…`.
[[nodiscard]] bool database_url(std::string_view text) noexcept;

/// 32 bytes as hexadecimal digits.
[[nodiscard]] bool hex_key(std::string_view text) noexcept;

/// `https://host[:port][/path]`: nothing of a user, no query.
[[nodiscard]] bool https_url(std::string_view text) noexcept;

/// A STUN server's URI (RFC 7064).
[[nodiscard]] bool stun_uri(std::string_view text) noexcept;

/// A TURN server's URI (RFC 7065).
[[nodiscard]] bool turn_uri(std::string_view text) noexcept;

/// `trace`, `debug`, `info`, `warn`, `error` or `off`.
[[nodiscard]] bool log_level(std::string_view text) noexcept;

/// `io` or `caf`.
[[nodiscard]] bool scheduler(std::string_view text) noexcept;

/// A user's id: 1 to 128 characters of printable text without spaces.
[[nodiscard]] bool user_id(std::string_view text) noexcept;

} // namespace carillon::config::rules
