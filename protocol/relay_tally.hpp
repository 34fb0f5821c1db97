#pragma once

#include "protocol/commands.hpp"
#include "protocol/time.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace carillon {

/// How often one kind of value went one way, and when: the first ones and the last.
struct relay_count {
  static constexpr std::size_t marks = 6; ///< times kept; enough for any sane renegotiation

  std::uint32_t n = 0;
  std::array<time_point, marks> at{}; ///< the first five, then the last; those beyond `n` are unset

  /// When the last one was; only if there was one.
  [[nodiscard]] time_point last() const noexcept {
    return at[std::min<std::size_t>(n, marks) - 1];
  }

  /// Adds others, earlier or later ones: the marks are the first five and the last of all.
  relay_count& operator+=(const relay_count& other) noexcept;

  friend bool operator==(const relay_count&, const relay_count&) = default;
};

/// What was relayed from one leg to another.
struct relay_counts {
  std::array<relay_count, 3> by_kind; ///< in the order of `relay_kind`

  relay_counts& operator+=(const relay_counts& other) noexcept {
    for (std::size_t i = 0; i < by_kind.size(); ++i)
      by_kind[i] += other.by_kind[i];
    return *this;
  }

  friend bool operator==(const relay_counts&, const relay_counts&) = default;
};

/// Counts the relays that pass by a permit on their way to one target. Noted by the sender's thread
/// (one relaxed addition and one store, some nanoseconds), read by the call's. On lines of its own.
class alignas(64) relay_tally {
public:
  void note(relay_kind kind, time_point now) noexcept {
    auto& here = rows_[static_cast<std::size_t>(kind)];
    auto before = here.n.fetch_add(1, std::memory_order_relaxed);
    here.at[std::min<std::size_t>(before, relay_count::marks - 1)].store(
        now.time_since_epoch().count(), std::memory_order_relaxed);
  }

  [[nodiscard]] relay_counts read() const noexcept;

private:
  struct row {
    std::atomic<std::uint32_t> n{0};
    std::array<std::atomic<std::int64_t>, relay_count::marks> at{};
  };
  std::array<row, 3> rows_;
};

} // namespace carillon
