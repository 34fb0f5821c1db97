#pragma once

#include "protocol/ids.hpp"
#include "protocol/overview.hpp"
#include "protocol/records.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace carillon {

/// What a user wants to read, or to have hidden from what it reads.
namespace query {

/// One page of the direct calls of `user`, newest first, without the ones it deleted.
struct history {
  user_id user;
  std::optional<media_type> type; ///< only these, when set
  bool missed_only = false;
  int limit = 50; ///< 1 to 100
  int skip = 0;   ///< from 0
};

/// Hide a direct call from the history of `user`.
struct hide {
  user_id user;
  call_id call;
};

/// One page of the sessions that `user` began or was named in, newest first, and how many there
/// are.
struct sessions {
  user_id user;
  std::optional<call_status> status; ///< `waiting`, `active` or `ended`: only these, when set
  int page = 1;                      ///< from 1
  int limit = 20;                    ///< 1 to 100

  [[nodiscard]] std::int64_t skip() const noexcept { return (std::int64_t{page} - 1) * limit; }
};

/// One session with its quality; for those who were named in it, and admins.
struct details {
  user_id user;
  bool as_admin = false;
  call_id call;
};

/// The row of `user`, as the store or the book has it.
struct profile {
  user_id user;
};

/// A Stream token for `user`. One that lives for a day is kept and given again.
struct stream_token {
  user_id user;
  seconds ttl{};
};

/// One page of the video calls that `user` joined, the latest join first.
struct video_history {
  user_id user;
  int limit = 25; ///< 1 to 100
  int offset = 0; ///< from 0
};

/// The active video calls that `user` created or is in; at most 100, the newest.
struct video_active {
  user_id user;
};

/// One video call, for those whom it concerns, admins, and anybody if it is open.
struct video_call {
  user_id user;
  bool as_admin = false;
  call_id call;
};

/// The invitations that `user` got, the newest first; at most 100.
struct video_invitations {
  user_id user;
  std::optional<std::string> status; ///< only these, when set; a pending one is not over yet
  time_point now{}; ///< a pending invitation that expired until then, or whose call is over, is expired
};

/// The recordings of a video call, for the same as `video_call`.
struct video_recordings {
  user_id user;
  bool as_admin = false;
  call_id call;
};

/// How `user` used the calls that it created.
struct video_stats {
  user_id user;
};

/// How `user` used sessions in the last `days`.
struct usage {
  user_id user;
  int days = 30; ///< 1 to 366
};

/// One page of the channel of `call`, oldest first: the newest messages; those before one; those
/// after one; or those between two, the oldest of them.
struct messages {
  user_id user;
  call_id call;
  int limit = 50;     ///< 1 to 100
  std::string before; ///< id of a message; empty: none
  std::string after;
};

/// The quality of a call of any kind; for those whom it concerns, and admins.
struct quality {
  user_id user;
  bool as_admin = false;
  call_id call;
};

/// What waits for Stream.
struct backlog {
  user_id user;
};

} // namespace query

/// Answered with a `call_page`, nothing (or `call_not_found`), a `call_page`, a `session_details`,
/// a `usage_report`.
/// The others: a `user_ptr`, a `stream_token`, a `video_page` (twice), a `call_view`, a vector of
/// `video_invitation`s, `video_recordings`, `video_stats`; a `message_page`, a `quality_details`, an
/// `outbox_backlog`; a `people_list`, a `card_list`, a `timeline_answer`, nothing.
using client_query =
    std::variant<query::history, query::hide, query::sessions, query::details, query::usage,
                 query::profile, query::stream_token, query::video_history, query::video_active,
                 query::video_call, query::video_invitations, query::video_recordings,
                 query::video_stats, query::messages, query::quality, query::backlog,
                 query::people, query::calls, query::timeline_of, query::readiness>;

} // namespace carillon
