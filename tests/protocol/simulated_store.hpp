#pragma once

#include "protocol/records.hpp"

#include <cstddef>
#include <deque>
#include <optional>

namespace carillon::test {

/// The store of a simulated call, and the way to it. Records of video calls carry only the people
/// that the store may not have yet; what is put together of them has to be what was written. Throws
/// `violation`.
class simulated_store {
public:
  void put(const call_record& record);

  /// The next version arrives; of `together` that lie one behind another only the last is written.
  void commit(std::size_t together = 1);

  /// What is on its way is lost.
  void lose_all() { under_way_.clear(); }

  [[nodiscard]] std::size_t under_way() const noexcept { return under_way_.size(); }
  [[nodiscard]] bool all_committed() const noexcept { return under_way_.empty(); }

  /// The committed record; none: the call was never written.
  [[nodiscard]] const std::optional<call_record>& stored() const noexcept { return stored_; }

private:
  struct version {
    call_record whole;
    call_record sent;
  };

  std::deque<version> under_way_;
  std::optional<call_record> stored_;
};

} // namespace carillon::test
