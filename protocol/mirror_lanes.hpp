#pragma once

#include "protocol/outbox.hpp"
#include "protocol/time.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace carillon {

/// How a try to send an entry went.
enum class send_verdict : std::uint8_t {
  done,        ///< 2xx, or it is there already
  refused,     ///< the far side will never take it: a dead letter
  failed,      ///< 5xx, 408: its lane waits, the others go on
  throttled,   ///< 429: everything waits for as long as the far side says
  unreachable, ///< no connection, no answer in time, a bad certificate, 401 or 403 for our key:
               ///< everything waits
};

struct send_result {
  send_verdict verdict = send_verdict::done;
  std::string error{};           ///< one line, without secrets
  std::optional<seconds> wait{}; ///< `Retry-After`; up to an hour is believed
};

/// When to try again.
struct mirror_patience {
  milliseconds first{500}; ///< doubles with each failure
  milliseconds longest{60'000};
  unsigned attempts = 20;  ///< answers `failed` after which an entry is a dead letter
  std::size_t held = 1000; ///< entries in memory
  std::size_t at_once = 8; ///< requests under way, each of another lane
};

/// Which entry of the outbox goes out when: in each lane one after the other in their order, lanes
/// side by side, with back-off. A plain value without I/O or clock; `luck` in [0, 1) spreads the
/// waits. Owned by the mirror's thread.
class mirror_lanes {
public:
  explicit mirror_lanes(const mirror_patience& how = {})
    : how_(how) {}

  /// How many more entries it takes, and the position after which to read them.
  [[nodiscard]] std::size_t room() const noexcept;
  [[nodiscard]] std::uint64_t read_upto() const noexcept { return read_upto_; }

  /// Entries from the store, in the order of their positions.
  void add(std::vector<outbox_entry> entries);

  /// The next entry to send now, which is under way from here on; nothing if all wait. After
  /// everything had to wait a single one goes ahead, to see whether it is over.
  [[nodiscard]] std::optional<outbox_entry> next(time_point now);

  /// How the try went. Returns what has to be written, if the entry is over.
  [[nodiscard]] std::optional<outbox_result> on(std::uint64_t position, const send_result& how,
                                                time_point now, double luck);

  /// When `next` has something again; none when nothing is held, or when only an answer can change
  /// that it has nothing.
  [[nodiscard]] std::optional<time_point> next_at() const;

  [[nodiscard]] std::size_t held() const noexcept { return held_; }
  [[nodiscard]] std::size_t under_way() const noexcept { return under_way_; }

private:
  struct lane {
    std::deque<outbox_entry> waiting; ///< the first one is under way, if `busy`
    bool busy = false;
    unsigned attempts = 0; ///< of the first one
    time_point not_before{};
  };

  [[nodiscard]] milliseconds wait_after(unsigned failures, double luck) const noexcept;
  [[nodiscard]] milliseconds at_least(milliseconds wait,
                                      const std::optional<seconds>& said) const noexcept;
  void hold_all(std::uint64_t position, const send_result& how, time_point now, double luck);
  [[nodiscard]] std::optional<outbox_result> over(lane& of, bool dead, const send_result& how,
                                                  time_point now);

  mirror_patience how_;
  std::unordered_map<std::string, lane> lanes_;
  std::deque<std::string> turn_;                        ///< lanes that have something, in turn
  std::unordered_map<std::uint64_t, std::string> sent_; ///< position → lane
  std::size_t held_ = 0;
  std::size_t under_way_ = 0;
  std::uint64_t read_upto_ = 0;
  unsigned failures_ = 0; ///< in a row, of everything
  time_point pause_until_{};
  std::optional<std::uint64_t> probe_; ///< position of the single one that went ahead
};

} // namespace carillon
