#pragma once

#include "protocol/record_store.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace carillon::persistence {

/// Ops (as indices) that one multi-row statement of each kind can write: first all users, then all
/// records, then all hides, without a difference to writing them one after the other.
struct write_group {
  std::vector<std::size_t> users;
  std::vector<std::size_t> records;
  std::vector<std::size_t> hides;
};

/// Cuts `ops` into groups in which no row is written twice and no record comes after a hide of its
/// call. What `write_batch` collected is mostly one group.
[[nodiscard]] std::vector<write_group> split_into_groups(std::span<const write_op> ops);

} // namespace carillon::persistence
