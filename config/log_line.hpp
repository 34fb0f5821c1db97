#pragma once

#include "config/log.hpp"

#include <span>
#include <string>
#include <string_view>

namespace carillon::log {

/// The word of a level in a line and in `log.level`, for example `warn`.
[[nodiscard]] std::string_view to_string(level at) noexcept;

/// The text of one line after its time: `level=info event=call_ended call=… duration=12`. Pure; the
/// result never contains a line break or a control character, whatever the values are.
[[nodiscard]] std::string format_line(level at, std::string_view event,
                                      std::span<const field> fields);

} // namespace carillon::log
