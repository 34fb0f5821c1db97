#pragma once

#include "protocol/channel_record.hpp"
#include "protocol/commands.hpp"
#include "protocol/result.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace carillon {

/// What a channel understands.
using channel_command = std::variant<command::send_message, command::mark_read,
                                     command::open_channel, command::close_channel>;

/// Something to tell the devices of all members, or of all but one.
struct channel_news {
  chat_message_ptr said; ///< a new message; null: `read`
  std::string read;      ///< id up to which `by` has read
  user_id by;            ///< left out of the audience of a read mark; empty with a message
};

/// What the shell answers a ticket with.
using channel_reply = std::variant<std::monostate, chat_message_ptr, channel_record>;

/// What a channel wants done after one step, in this order: writes, news, answers, reads.
struct channel_outcome {
  struct answer {
    std::uint64_t ticket;
    result<channel_reply> what;
  };
  /// The message that is there already under this id: to be read, and given to `found`.
  struct lookup {
    std::string id;
    user_id asker;
    std::uint64_t ticket;
  };

  chat_message_ptr write;             ///< to be stored; its fate is told by `stored`
  std::optional<channel_record> keep; ///< the row to be stored; its fate is told by `kept`
  bool closed = false;                ///< this step closed it: nothing will be written any more
  std::vector<channel_news> news;
  std::vector<answer> answers;
  std::vector<lookup> lookups;
};

/// What became of a write.
enum class store_verdict : std::uint8_t {
  written, ///< durable
  there,   ///< nothing changed: the channel has a message of that id
  refused, ///< can never be stored
};

/// The state machine of one channel: the order of its messages, who may write, and that each is
/// told once and only when it is durable.
///
/// A regular, copyable value without I/O, clock, logger or randomness. Owned by one channel actor;
/// made when the channel is used for the first time, from what the store says.
class channel {
public:
  /// A channel that is there (`record`), or that is still to be made (nothing); `last_seq` is the
  /// place of its newest message, 0: none.
  explicit channel(std::optional<channel_record> record, std::uint64_t last_seq = 0)
    : record_(std::move(record))
    , last_seq_(last_seq) {}

  /// One step; what it is asked is answered under `ticket`, at once or by a later step. A message
  /// without an id gets `fresh_id`.
  [[nodiscard]] channel_outcome apply(channel_command cmd, std::uint64_t ticket,
                                      std::string fresh_id, time_point now);

  /// The message at `seq`, the oldest that was not told of, is stored, or is not.
  [[nodiscard]] channel_outcome stored(std::uint64_t seq, store_verdict verdict);

  /// The row of the oldest `keep` that was not told of is stored (or can never be).
  [[nodiscard]] channel_outcome kept(bool ok);

  /// What the store has under the id of a `lookup`.
  [[nodiscard]] channel_outcome found(const channel_outcome::lookup& what,
                                      const result<std::optional<chat_message>>& first) const;

  /// News of the call: all whom it concerns, and its end if it is over.
  [[nodiscard]] channel_outcome call_changed(const std::vector<user_id>& members,
                                             std::optional<time_point> ended_at);

  [[nodiscard]] const std::optional<channel_record>& record() const noexcept { return record_; }

  /// Nothing is on its way to the store: once its lookups are answered, too, it may be forgotten and
  /// made again from the store.
  [[nodiscard]] bool idle() const noexcept { return pending_.empty() && rows_.empty(); }

  /// Ids that are remembered (besides pending ones), so that a repetition is known while the store
  /// is away.
  static constexpr std::size_t remembered_ids = 512;
  /// Messages that may wait for the store; more are `rate_limited`.
  static constexpr std::size_t most_pending = 1000;

private:
  /// When it is asked, and as what it answers.
  struct turn {
    std::uint64_t ticket;
    std::string fresh_id;
    time_point now;
  };
  struct asker {
    std::uint64_t ticket;
    user_id user;
  };
  struct pending_message {
    chat_message_ptr what;
    std::vector<asker> askers; ///< the first send, and those of the same id that came meanwhile
  };
  /// A row on its way to the store, and who waits for it.
  struct pending_row {
    bool first; ///< it makes the channel
    std::vector<std::uint64_t> tickets;
  };

  [[nodiscard]] channel_outcome on(command::send_message& cmd, turn& how);
  [[nodiscard]] channel_outcome on(command::mark_read& cmd, turn& how);
  [[nodiscard]] channel_outcome on(command::open_channel& cmd, turn& how);
  [[nodiscard]] channel_outcome on(command::close_channel& cmd, turn& how);
  [[nodiscard]] failure about(error_code code) const;
  [[nodiscard]] std::optional<error_code> refuses(const user_id& user) const;
  [[nodiscard]] pending_message* find_pending(const std::string& id);
  void keep_row(channel_outcome& out, std::uint64_t ticket, bool first);
  void answer_row(channel_outcome& out, std::uint64_t ticket);
  void remember(const chat_message& what);
  void forget(const std::string& id);

  std::optional<channel_record> record_;
  std::uint64_t last_seq_ = 0;
  std::deque<pending_message> pending_; ///< in the order of `seq`
  std::deque<pending_row> rows_;        ///< in the order of `keep`
  std::deque<std::string> recent_;      ///< ids that were given by clients, the oldest first
  std::unordered_map<std::string, std::uint64_t> recent_seq_;
};

} // namespace carillon
