#pragma once

#include <cstddef>
#include <string_view>

namespace carillon {

/// Whether `text` is UTF-8 from its first to its last byte (RFC 3629: no surrogates, no overlong forms).
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// How many characters (code points) a text has that is UTF-8.
[[nodiscard]] std::size_t characters_in(std::string_view text) noexcept;

} // namespace carillon
