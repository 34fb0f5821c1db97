#pragma once

#include "protocol/channel_record.hpp"
#include "protocol/fwd.hpp"
#include "protocol/outbox.hpp"
#include "protocol/quality.hpp"
#include "protocol/queries.hpp"
#include "protocol/records.hpp"
#include "protocol/result.hpp"
#include "protocol/timeline.hpp"
#include "protocol/usage.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace carillon {

/// Hides a call from one participant's history.
struct hide_op {
  user_id user;
  call_id call;
};

/// One change to the store. A timeline is written once; the same one again, as after a crash, is
/// read as one.
using write_op = std::variant<user_ptr, call_record, hide_op, quality_sample, recording_news,
                              stored_token, channel_record, chat_message_ptr, outbox_entry,
                              outbox_result, timeline_ptr>;

/// One page of stored calls, without the users' names.
struct record_page {
  std::vector<call_record> calls;
  bool has_more = false;  ///< of direct calls
  std::int64_t total = 0; ///< of sessions: on all pages
};

/// Video calls without the users' names; `people` as in `video_page`.
using video_record_page = std::vector<call_record>;

/// One connection to a store. Implemented by `persistence` for SQLite and PostgreSQL.
///
/// Used by one thread at a time; every function blocks. A store that cannot be reached answers
/// `store_unavailable` and tries to connect again at the next call; no exception leaves it.
class record_store {
public:
  virtual ~record_store() = default;

  /// Brings the schema up to date. Safe when several processes do it at once.
  virtual status migrate() = 0;

  /// Writes all of `ops` in one transaction and returns when it is committed. The value holds, for each
  /// op in order, whether it changed anything (an old version of a record, a call already hidden, a
  /// sample that is there: no).
  virtual result<std::vector<bool>> write(std::span<const write_op> ops) = 0;

  [[nodiscard]] virtual result<std::optional<user_record>> load_user(const user_id& id) = 0;

  /// The users that exist among `ids`, in any order.
  [[nodiscard]] virtual result<std::vector<user_record>> load_users(std::span<const user_id> ids) = 0;

  /// A call of this kind.
  [[nodiscard]] virtual result<std::optional<call_record>> load_call(call_kind kind,
                                                                     const call_id& id)
      = 0;

  /// Newest first by creation time, then by id; `has_more` is exact.
  [[nodiscard]] virtual result<record_page> history(const query::history& what) = 0;

  /// Newest first by creation time, then by id; `total` is exact.
  [[nodiscard]] virtual result<record_page> sessions(const query::sessions& what) = 0;

  /// The quality of a call of any kind; without samples when there are none.
  [[nodiscard]] virtual result<call_quality> quality(const call_id& id) = 0;

  /// The sessions of `user` that were begun from `from` on and before `to`.
  [[nodiscard]] virtual result<usage_report> usage(const user_id& user, time_point from,
                                                   time_point to)
      = 0;

  /// The latest join first, then by id.
  [[nodiscard]] virtual result<video_record_page> video_history(const query::video_history& what) = 0;

  /// The newest first; with all that ever joined.
  [[nodiscard]] virtual result<video_record_page> active_video_calls(const user_id& user) = 0;

  [[nodiscard]] virtual result<std::vector<video_invitation>>
  video_invitations(const query::video_invitations& what) = 0;

  /// Of one call, the oldest first.
  [[nodiscard]] virtual result<std::vector<recording>> recordings(const call_id& call) = 0;

  [[nodiscard]] virtual result<video_stats> stats_of_video(const user_id& user) = 0;

  [[nodiscard]] virtual result<std::optional<stored_token>> token_of(const user_id& user) = 0;

  /// The timeline of a call of any kind that has ended.
  [[nodiscard]] virtual result<std::optional<timeline_text>> load_timeline(const call_id& id) = 0;

  /// Every call of any kind that has not ended, but for video calls at rest, for the restart.
  [[nodiscard]] virtual result<std::vector<call_record>> live_calls() = 0;

  /// Deletes up to `limit` ended calls of any kind, with their samples, timelines and messages, and
  /// channels without a call that nobody used since, that were created before `before`, or direct
  /// ones that both participants have hidden; returns how many. Called again until it returns fewer
  /// than `limit`.
  virtual result<std::size_t> erase_old(time_point before, std::size_t limit) = 0;

  // -- chat; what is there was committed --------------------------------------

  /// The channel of `call`, made from its row, the call of that id, or both (`joined_channel`).
  [[nodiscard]] virtual result<std::optional<channel_record>> load_channel(const call_id& call) = 0;

  /// The place of the channel's newest message; 0: none.
  [[nodiscard]] virtual result<std::uint64_t> last_seq(const call_id& call) = 0;

  [[nodiscard]] virtual result<std::optional<chat_message>> find_message(const call_id& call,
                                                                         const std::string& id)
      = 0;

  /// A page of a channel; `message_not_found` when `before` or `after` names none of its messages.
  [[nodiscard]] virtual result<message_page> messages(const query::messages& what) = 0;

  // -- the outbox --------------------------------------------------------------

  /// Up to `limit` entries that wait, in the order of their positions, beyond `after`.
  [[nodiscard]] virtual result<std::vector<outbox_entry>> outbox(std::uint64_t after,
                                                                 std::size_t limit)
      = 0;
  [[nodiscard]] virtual result<outbox_backlog> backlog() = 0;

  /// Whether the store answers.
  virtual status ping() = 0;
};

/// Opens one connection more to the configured store. Thread-safe.
class store_factory {
public:
  virtual ~store_factory() = default;
  [[nodiscard]] virtual result<std::unique_ptr<record_store>> open() = 0;
};

} // namespace carillon
