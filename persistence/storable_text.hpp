#pragma once

#include <string_view>

namespace carillon::persistence {

/// Whether `text` is UTF-8 without NUL bytes, which is all that a PostgreSQL `text` holds.
[[nodiscard]] bool storable_text(std::string_view text) noexcept;

/// Whether `text` is a UUID as PostgreSQL spells one, in lower case.
[[nodiscard]] bool storable_uuid(std::string_view text) noexcept;

} // namespace carillon::persistence
