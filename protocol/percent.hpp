#pragma once

#include <string>
#include <string_view>

namespace carillon {

/// The text with everything but RFC 3986's unreserved characters escaped (`%20`): a value of a
/// query, a segment of a path.
[[nodiscard]] std::string percent_encoded(std::string_view text);

} // namespace carillon
