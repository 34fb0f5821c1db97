#pragma once

#include <string>
#include <string_view>

namespace carillon {

/// The UUID of a name (RFC 9562, section 5.5: version 5) in lower case. The same name in the same
/// space always has the same one; `space` is a UUID, else std::invalid_argument is thrown.
[[nodiscard]] std::string uuid_of(std::string_view space, std::string_view name);

} // namespace carillon
