#pragma once

#include "persistence/postgres_session.hpp"

/// The SQL with which the PostgreSQL store writes video calls and what belongs to them. Times go in
/// as milliseconds since the epoch.
namespace carillon::persistence::postgres_sql {

/// `$1`, `$2` arrays of ids of users and of times, in the order of ids: makes rows, without any
/// text, for those that have none.
[[nodiscard]] const postgres_statement& put_missing_users();

/// `$1` … arrays of the 24 columns of calls, no id twice, in the order of ids. Returns the ids that
/// changed; a version that is not newer changes nothing.
[[nodiscard]] const postgres_statement& put_video_calls();

/// `$1` … arrays of the sixteen columns of people who ever joined, nobody twice, in an order that
/// all servers keep. Only rows of newer versions are touched, or locked.
[[nodiscard]] const postgres_statement& put_video_people();

/// The same for the eleven columns of invitations; touches only those that say something new.
[[nodiscard]] const postgres_statement& put_video_invitations();

/// `$1` … arrays of id, user, token, expiry and time of tokens, no user twice, in the order of
/// users. Returns the users whose token it is now.
[[nodiscard]] const postgres_statement& put_tokens();

[[nodiscard]] const postgres_statement& lock_video_call(); ///< `$1` id; a row if it is there
/// `$1` webhook, `$2` time; affects no row when it was taken before.
[[nodiscard]] const postgres_statement& put_webhook();
[[nodiscard]] const postgres_statement& drop_webhooks(); ///< `$1` received before
/// `$1` call, `$2` id so far, `$3` id from now on, `$4` id of the row from now on.
[[nodiscard]] const postgres_statement& rename_recording();
/// `$1` call, `$2` id, `$3` status, `$4` URL, `$5` bytes, `$6` seconds (both may be empty), `$7`
/// time.
[[nodiscard]] const postgres_statement& update_recording();
/// The same, and `$8` id of the row, `$9` time of creation.
[[nodiscard]] const postgres_statement& insert_recording();

/// `$1` created before, `$2` limit.
[[nodiscard]] const postgres_statement& erase_video_calls();

} // namespace carillon::persistence::postgres_sql
