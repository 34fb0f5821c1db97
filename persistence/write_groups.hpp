#pragma once

#include "protocol/record_store.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace carillon::persistence {

/// Ops (as indices) that one multi-row statement of each table can write: first all users, then all
/// records, then all hides, then all samples, then the others in this order, without a difference to
/// writing them one after the other.
struct write_group {
  std::vector<std::size_t> users;
  std::vector<std::size_t> direct_calls;
  std::vector<std::size_t> sessions; ///< with their people
  std::vector<std::size_t> hides;
  std::vector<std::size_t> samples;
  std::vector<std::size_t> video_calls; ///< with their people and invitations
  std::vector<std::size_t> recordings;  ///< in their order
  std::vector<std::size_t> tokens;
  std::vector<std::size_t> channels;
  std::vector<std::size_t> messages;
  std::vector<std::size_t> entries; ///< of the outbox
  std::vector<std::size_t> results;
  std::vector<std::size_t> timelines;
};

/// What tells a sample apart from all others. No text in it can be mistaken for another one's.
[[nodiscard]] std::string key_of(std::string_view call, std::string_view user,
                                 std::int64_t at_ms);

/// Cuts `ops` into groups in which no row is written twice (but by news of recordings, which are
/// written one by one, and know a call that is new in their group) and no record comes after a hide
/// of its call. What `write_batch` collected is mostly one group.
[[nodiscard]] std::vector<write_group> split_into_groups(std::span<const write_op> ops);

} // namespace carillon::persistence
