#pragma once

#include "protocol/record_store.hpp"
#include "protocol/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace carillon::persistence {

/// When a batch closes.
struct batch_limits {
  std::size_t rows = 500;
  std::size_t bytes = 1 << 20;
  milliseconds age{5}; ///< since its first op
};

/// Collects the writes of many senders into one transaction. A plain value without I/O or clock.
///
/// Writes of the same call collapse to the latest version, of the same user to the latest row, and
/// of a user's token to the one that lives longest, of a channel to the first, with the first end;
/// the op count can therefore be smaller than the number of `add`s, and each `add` is told which op
/// answers it.
class write_batch {
public:
  explicit write_batch(const batch_limits& limits = {})
    : limits_(limits) {}

  /// Adds an op; returns the index of the op whose result answers for it.
  std::size_t add(write_op op, time_point now);

  [[nodiscard]] bool empty() const noexcept { return ops_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return ops_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

  /// Full by rows or bytes: write it now.
  [[nodiscard]] bool full() const noexcept;

  /// When it has to be written at the latest; none while it is empty.
  [[nodiscard]] std::optional<time_point> due() const noexcept;

  [[nodiscard]] const std::vector<write_op>& ops() const noexcept { return ops_; }

  /// Takes the ops and leaves an empty batch.
  [[nodiscard]] std::vector<write_op> take() noexcept;

private:
  batch_limits limits_;
  std::vector<write_op> ops_;
  /// "u"+user, "c"+call, "t"+user or "k"+channel → op
  std::unordered_map<std::string, std::size_t> index_;
  std::size_t bytes_ = 0;
  std::optional<time_point> first_at_;
};

} // namespace carillon::persistence
