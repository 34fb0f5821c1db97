#pragma once

#include "protocol/channel_record.hpp"
#include "protocol/fwd.hpp"
#include "protocol/outbox.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What Stream's own server SDK (stream-chat 9) sends, as outbox entries. Pure.
namespace carillon::stream {

/// `POST /users {"users":{"<id>":{id,name,role,image}}}`; the role is `admin` or `user`, for other
/// roles are unknown there.
[[nodiscard]] outbox_entry upsert_users(std::string lane, std::span<const user_ptr> users,
                                        time_point now);

/// `POST /channels/messaging/call-<id>/query`, which gets or creates:
/// `{"data":{"members":[…],"created_by_id":…,"name":"Call"},"state":false,"watch":false,"presence":false}`.
[[nodiscard]] outbox_entry open_channel(const channel_record& channel, time_point now);

/// `POST /channels/messaging/call-<id>/message {"message":{"id","text","user_id","attachments"?}}`.
[[nodiscard]] outbox_entry send_message(const chat_message& message);

/// `POST /channels/messaging/call-<id> {"data":{"name":"Call","frozen":true}}`: readable, not
/// writable. An update takes away what it does not repeat, hence the name.
[[nodiscard]] outbox_entry close_channel(const call_id& call, time_point now);

/// The id of a message at Stream, where ids are one namespace for all channels: `<callId>-<id>`.
[[nodiscard]] std::string remote_id(const chat_message& message);

/// The lane of a call's entries, and of a user's.
[[nodiscard]] std::string lane_of(const call_id& call);
[[nodiscard]] std::string lane_of(const user_id& user);

/// A path segment with everything but unreserved characters escaped.
[[nodiscard]] std::string escape_segment(std::string_view text);

/// `Authorization` of a server: an HS256 JWT of `{"server":true}`.
[[nodiscard]] std::string server_token(std::string_view api_secret);

} // namespace carillon::stream
