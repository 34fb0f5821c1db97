#pragma once

#include "actors/interfaces.hpp"

#include <caf/fwd.hpp>

#include <array>
#include <atomic>
#include <functional>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace carillon::actors {

/// Which channels are in use: a sharded map, as the directory is for calls. Thread-safe. Costs a
/// call that nobody chats in one look at a counter when it ends.
class channel_book {
public:
  using spawn_channel = std::function<channel_actor(const call_id&)>;

  explicit channel_book(spawn_channel spawn)
    : spawn_(std::move(spawn)) {}

  /// Puts a message into the channel's mailbox; its actor is made if there is none.
  void send(const call_id& call, channel_message what);

  /// Whether any channel is in use. Sees each whose read was put before what the asker put last.
  [[nodiscard]] bool in_use() const noexcept { return in_use_.load(std::memory_order_relaxed) > 0; }

  /// News of a call (by its `channel_key`). Returns whether a channel in use was told; of an end it
  /// then tells the mirror, too.
  bool tell(const call_id& call, call_news what);

  /// Asked by a channel with nothing under way: forgets it, unless something is in its mailbox. It
  /// quits when this returns true.
  [[nodiscard]] bool retire(const call_id& call, caf::actor_id who, std::uint64_t handled);

  /// The channel's actor has failed; the next message makes another.
  void forget(const call_id& call, caf::actor_id who);

  [[nodiscard]] std::vector<channel_actor> all();

  /// Lets every handle go, at the end.
  void clear();

private:
  static constexpr std::size_t shard_count = 64;

  struct entry {
    channel_actor who;
    std::uint64_t sent = 0; ///< messages put into its mailbox so far
  };
  struct shard {
    std::mutex mutex;
    std::unordered_map<call_id, entry> channels;
  };

  shard& shard_of(const call_id& id) { return shards_[std::hash<call_id>{}(id) % shard_count]; }

  spawn_channel spawn_;
  std::array<shard, shard_count> shards_;
  std::atomic<std::size_t> in_use_{0};
};

} // namespace carillon::actors
