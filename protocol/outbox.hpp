#pragma once

#include "protocol/ids.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// What a request to Stream does; a word of the store, too.
enum class outbox_kind : std::uint8_t { users, open, message, close };

[[nodiscard]] std::string_view to_string(outbox_kind) noexcept;

/// One request to Stream's API that waits in the store until it was answered. Written in the same
/// transaction as what it tells of.
struct outbox_entry {
  std::uint64_t position = 0; ///< grows in the order of commits; given by the persistence actor
  std::string
      lane; ///< entries of a lane are sent one after the other: `c` + call id, `u` + user id
  outbox_kind kind = outbox_kind::users;
  std::string path; ///< from the root of the API, escaped, without a query; always POST
  std::string body; ///< JSON
  time_point created_at{};

  friend bool operator==(const outbox_entry&, const outbox_entry&) = default;
};

/// What became of an entry: it is done and goes, or it is kept as a dead letter.
struct outbox_result {
  std::uint64_t position = 0;
  bool dead = false;
  std::uint32_t attempts = 0;
  std::string error; ///< of a dead letter, one line, without secrets
  time_point at{};

  friend bool operator==(const outbox_result&, const outbox_result&) = default;
};

/// What waits.
struct outbox_backlog {
  std::uint64_t queued = 0;
  std::uint64_t failed = 0; ///< dead letters
  std::string last_error;   ///< of the newest dead letter; empty: none
  std::uint64_t top = 0;    ///< the highest position that is there

  friend bool operator==(const outbox_backlog&, const outbox_backlog&) = default;
};

} // namespace carillon
