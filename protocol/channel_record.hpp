#pragma once

#include "protocol/ids.hpp"
#include "protocol/time.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

struct call_record;

/// Whom the chat of a call is for, and whether it is open. A call has it without a row of its own
/// (`implied_channel`); one that was made before its call, or for none, is a row of the store.
struct channel_record {
  call_id call;                 ///< the `channel_key`: names the channel, too
  user_id created_by;           ///< who began the call, or made the channel
  std::string call_type;        ///< as the client said it; empty for a call's own
  std::vector<user_id> members; ///< none twice, `created_by` first; only grows
  time_point created_at{};
  std::optional<time_point> closed_at; ///< from then on it is only read
  bool stored = false;                 ///< a row of its own
  bool of_call = false;                ///< there is a call of this id, live or over

  [[nodiscard]] bool has(const user_id& user) const noexcept {
    return std::find(members.begin(), members.end(), user) != members.end();
  }
  friend bool operator==(const channel_record&, const channel_record&) = default;
};

/// One message. Never changes, so all that tell of it share it.
struct chat_message {
  call_id call;
  std::uint64_t seq = 0; ///< its place in the channel, from 1; a gap means nothing
  std::string id;        ///< the client's own or one of ours; once in a channel
  user_id from;
  std::string text;        ///< up to 5,000 characters (code points)
  std::string attachments; ///< a JSON array as the client sent it; empty: none
  time_point at{};

  friend bool operator==(const chat_message&, const chat_message&) = default;
};

using chat_message_ptr = std::shared_ptr<const chat_message>;

/// One page of a channel, oldest first.
struct message_page {
  std::vector<chat_message> messages;
  bool has_more = false; ///< further on in the direction that was asked for
};

/// `messaging:call-<callId>`, and back; nothing where the text is not the name of a channel.
[[nodiscard]] std::string channel_name(const call_id& call);
[[nodiscard]] std::optional<call_id> call_of_channel(std::string_view name);

/// Under which id a call has its channel: the one that its clients know it by.
[[nodiscard]] call_id channel_key(const call_record& call);

/// The channel that a call has by itself: of its users, closed when it ends. Nothing for a call
/// that never rang (its receiver was busy or not there).
[[nodiscard]] std::optional<channel_record> implied_channel(const call_record& call);

/// The channel of an id of which there is a row (`made`), a call (`own`), or both: a call's
/// participants come into a channel that was made before it only if one of that channel's members
/// began the call, so that nobody reads a channel by giving a call its id.
[[nodiscard]] std::optional<channel_record> joined_channel(std::optional<channel_record> made,
                                                           std::optional<channel_record> own);

} // namespace carillon
