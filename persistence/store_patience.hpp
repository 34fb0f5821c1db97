#pragma once

#include <chrono>

namespace carillon::persistence {

/// How long one call of a store may take, waiting for locks and connecting included, before the
/// store counts as away.
///
/// Longer than any answer of a healthy store, and short enough that a stalled one delays nobody
/// unduly: a confirmation comes from the spool before clients give up their acknowledgement, and a
/// shutdown that begins during a stall gets its last write to the spool within its 8 s.
inline constexpr std::chrono::milliseconds store_patience{4000};

} // namespace carillon::persistence
