#pragma once

#include "protocol/command_sink.hpp"
#include "protocol/overview.hpp"
#include "protocol/result.hpp"

#include <string>
#include <string_view>

/// The words of the operators' routes, of `/api/users` and of the demo sign-in. Errors are those of
/// direct calls.
namespace carillon::ops {

/// `?ids=alice,bob`: 1 to 100 ids; else `invalid_query` naming `ids`.
[[nodiscard]] result<query::people> decode_people(std::string_view query);

/// `?user=bob&limit=50`.
[[nodiscard]] result<query::calls> decode_calls(std::string_view query);

/// `{"user":"alice"}`: an id, or `invalid_field`; who may be entered is not known here.
[[nodiscard]] result<user_id> decode_demo(std::string_view body);

/// `{success, data:[user]}`.
[[nodiscard]] std::string encode_people(const people_list& what);

/// `{success, data:{live:[card], ended:[card], liveInAll}}`, a card being `{callId, kind, state,
/// status, reason, people:[{userId, username}], createdAt, startedAt, endedAt, in, away}`.
[[nodiscard]] std::string encode_calls(const card_list& what);

/// `{success, data:{live, …the timeline}}`; `internal` where what was stored cannot be read.
[[nodiscard]] result<std::string> encode_timeline_answer(const timeline_answer& what);

} // namespace carillon::ops
