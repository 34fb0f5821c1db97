#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace carillon::net {

/// What the header `Retry-After` asks for (RFC 9110, section 10.2.3): a number of seconds, or an
/// HTTP date, of which the time from `now` on is left, at least 0. Nothing if `text` is neither.
[[nodiscard]] std::optional<std::chrono::seconds>
parse_retry_after(std::string_view text, std::chrono::system_clock::time_point now);

} // namespace carillon::net
