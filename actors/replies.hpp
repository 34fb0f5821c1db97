#pragma once

#include "protocol/command_sink.hpp"

#include <functional>

namespace carillon::actors {

/// A reply that gives `value` once what was put is durable, or the failure.
[[nodiscard]] reply_to reply_with(reply_value value, reply_to then);

/// A reply that runs `what` with whatever comes; on the thread that answers, without blocking.
[[nodiscard]] reply_to reply_by(std::function<void(result<reply_value>)> what);

} // namespace carillon::actors
