#pragma once

#include <string>
#include <string_view>

namespace carillon::persistence {

/// `text` with each run of spaces and control characters as one space, and none at its ends: the
/// databases' messages have several lines.
[[nodiscard]] std::string one_line(std::string_view text);

} // namespace carillon::persistence
