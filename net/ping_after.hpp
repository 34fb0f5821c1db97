#pragma once

#include <algorithm>
#include <chrono>

namespace carillon::net {

/// The time of the next ping to a client that was heard of at `now`: at most `interval` later, and
/// at the last tick before that, of which there are a hundred in an interval; never before `now`.
///
/// What is due within one tick, on all connections of a thread, is pinged in one go, and the
/// answers come together as well: with a wake-up for each ping and each pong, waking up is most of
/// what an idle server does.
[[nodiscard]] inline std::chrono::steady_clock::time_point
ping_after(std::chrono::steady_clock::time_point now, std::chrono::milliseconds interval) {
  constexpr int ticks = 100;
  using steady = std::chrono::steady_clock;
  auto tick = std::max(steady::duration{interval} / ticks, steady::duration{1});
  auto due = (now + interval).time_since_epoch();
  return std::max(now, steady::time_point{due - due % tick});
}

} // namespace carillon::net
