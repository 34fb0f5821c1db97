#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace carillon {

/// Base64 with the standard alphabet and padding (RFC 4648, section 4).
[[nodiscard]] std::string encode_base64(std::string_view bytes);

/// Base64 with the URL-safe alphabet and no padding (RFC 4648, section 5, as RFC 7515 uses it).
[[nodiscard]] std::string encode_base64url(std::string_view bytes);

/// The bytes of `text`; nothing if it has padding, white space, another alphabet or stray bits, so
/// that each sequence of bytes has exactly one accepted text.
[[nodiscard]] std::optional<std::string> decode_base64url(std::string_view text);

} // namespace carillon
