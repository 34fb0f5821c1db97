#pragma once

#include "protocol/fwd.hpp"
#include "protocol/ids.hpp"
#include "protocol/records.hpp"

#include <array>
#include <list>
#include <mutex>
#include <unordered_map>

namespace carillon::actors {

/// The user records that were used last, so that ringing and connecting need no read. Thread-safe;
/// bounded; what is not here is in the store.
class user_book {
public:
  /// Keeps about `capacity` records; a record is about 300 bytes.
  explicit user_book(std::size_t capacity = 100'000)
    : per_shard_(capacity / shard_count + 1) {}

  /// The record, or null when the store has to be asked.
  [[nodiscard]] user_ptr find(const user_id& id);

  /// Keeps this record as the newest one of its user.
  void keep(const user_ptr& user);

  /// Keeps what was read, unless there is a newer record of that user by now; returns the one that is
  /// kept.
  user_ptr keep_read(const user_ptr& user);

private:
  static constexpr std::size_t shard_count = 16;

  struct shard {
    std::mutex mutex;
    std::list<user_ptr> by_use; ///< most recently used first
    std::unordered_map<user_id, std::list<user_ptr>::iterator> index;
  };

  void insert(shard& part, const user_ptr& user); ///< with the shard locked

  shard& shard_of(const user_id& id) { return shards_[std::hash<user_id>{}(id) % shard_count]; }

  std::size_t per_shard_;
  std::array<shard, shard_count> shards_;
};

} // namespace carillon::actors
