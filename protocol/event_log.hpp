#pragma once

#include "protocol/client_link.hpp"
#include "protocol/time.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace carillon {

/// How much of what a device was sent is kept, so that it can go on after a lost connection.
struct resume_limits {
  std::size_t events = 256;
  std::size_t bytes = 1024 * 1024;
  seconds window{120};    ///< how long a lost device may stay away
  seconds unanswered{45}; ///< what was sent longer ago has arrived: a ping after it was answered
};

/// Parts of one JSON text, in their order.
using text_parts = std::initializer_list<std::string_view>;

/// The last events of one device, oldest first, back to back in a few blocks of memory: a busy
/// device gets thousands a second, and each is let go soon. Owned by the user's `delivery`. Can be
/// moved.
class event_log {
public:
  explicit event_log(const resume_limits& limits = {})
    : limits_(limits) {}

  /// Keeps an event whose JSON is `data` in one piece; what no longer fits goes, the oldest first.
  /// Returns that JSON, valid until the next call; nothing when the event alone is over the limits,
  /// and with it all before it are gone. `name` has static storage; `offset` is not 0.
  std::optional<std::string_view> add(std::string_view name, text_parts data, std::uint64_t offset,
                                      time_point now);

  /// The events after the one at `offset` (0: all), or nothing when some of them are no longer
  /// here.
  [[nodiscard]] std::optional<std::vector<wire_event_ptr>> since(std::uint64_t offset) const;

  /// Lets go what was sent before `when` and has arrived.
  void trim(time_point when);

  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

private:
  struct entry {
    std::string_view name;
    std::string_view data; ///< into a block
    std::uint64_t offset;
    time_point sent;
  };

  /// The events in it are gone when the first entry of the next one is the oldest.
  struct block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
    std::size_t used = 0;
    std::size_t entries = 0; ///< that are still kept
  };

  [[nodiscard]] std::size_t size() const noexcept { return kept_.size() - first_; }
  [[nodiscard]] char* room_for(std::size_t bytes);
  void drop_first(std::size_t count);

  resume_limits limits_;
  std::vector<entry> kept_; ///< those before `first_` are gone and only not moved over yet
  std::size_t first_ = 0;
  std::size_t bytes_ = 0;
  std::vector<block> blocks_; ///< the oldest first
  block spare_;               ///< one that is free again, if any
  std::uint64_t gone_ = 0;    ///< offset of the last event that was let go
};

} // namespace carillon
