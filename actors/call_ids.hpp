#pragma once

#include "protocol/ids.hpp"
#include "protocol/time.hpp"

namespace carillon::actors {

/// A fresh call id: 24 hexadecimal digits, the first eight the time in seconds, so that ids made
/// later sort later in the store's indexes; the rest random. Thread-safe.
[[nodiscard]] call_id make_call_id(time_point now);

/// The id of a session: `call_<epoch ms>_<9 of a-z0-9>`. Thread-safe.
[[nodiscard]] call_id make_session_id(time_point now);

} // namespace carillon::actors
