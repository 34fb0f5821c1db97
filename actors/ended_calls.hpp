#pragma once

#include "protocol/ids.hpp"
#include "protocol/records.hpp"

#include <deque>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace carillon::actors {

/// The records of the calls that ended last: clients ask once more about nearly every call (the
/// guide's client answers `callEnded` with `endCall`), and the answer should need no read.
/// Thread-safe; bounded.
class ended_calls {
public:
  /// Keeps the last `capacity` records; one is about 400 bytes.
  explicit ended_calls(std::size_t capacity = 16'384)
    : capacity_(capacity) {}

  void keep(const call_record& record);

  [[nodiscard]] std::optional<call_record> find(const call_id& id) const;

private:
  std::size_t capacity_;
  mutable std::mutex mutex_;
  std::deque<call_id> order_;
  std::unordered_map<call_id, call_record> records_;
};

} // namespace carillon::actors
