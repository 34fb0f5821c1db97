#pragma once

#include "protocol/ids.hpp"
#include "protocol/records.hpp"

#include <cstdint>
#include <optional>
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

/// How `user` used sessions in the last `days`.
struct usage {
  user_id user;
  int days = 30; ///< 1 to 366
};

} // namespace query

/// Answered with a `call_page`, nothing (or `call_not_found`), a `call_page`, a `session_details`,
/// a `usage_report`.
using client_query =
    std::variant<query::history, query::hide, query::sessions, query::details, query::usage>;

} // namespace carillon
