#pragma once

#include "persistence/storable_text.hpp"
#include "protocol/record_store.hpp"

#include <optional>
#include <string>

namespace carillon::persistence {

/// Why no store could ever write `op`, or nothing. Requests are checked long before; this is the
/// last door, so that one bad op cannot stop a batch of many senders.
[[nodiscard]] std::optional<std::string> why_unstorable(const write_op& op);

/// `t` within the years 1970 to 9999, which both stores and ISO 8601 can express.
[[nodiscard]] time_point storable_time(time_point t) noexcept;

/// What `op` is about, for the log: `call <id>`, `user <id>` or `request …`, cut and printable.
[[nodiscard]] std::string subject_of(const write_op& op);

} // namespace carillon::persistence
