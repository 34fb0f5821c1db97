#pragma once

#include "protocol/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace carillon {

/// Every way in which the server refuses something. The words and texts are in `errors.cpp`, one
/// row each; clients depend on the words, so a row may be added but not renamed.
enum class error_code : std::uint8_t {
  receiver_required,
  receiver_not_found,
  call_id_required,
  call_not_found,
  not_authorized,
  already_processed,
  invalid_call_type,
  self_call,
  caller_busy,
  user_busy,
  user_offline,
  session_required,
  session_not_found, ///< what `call_not_found` is called in the words of sessions
  session_full,
  not_invited,
  target_not_in_session,
  screen_share_refused,
  unknown_participant, ///< the detail names the id
  too_many_participants,
  therapy_session_live,
  video_call_exists, ///< another user created one with this id
  invalid_status_change,
  call_over,
  call_full,
  not_in_call,
  invitation_expired,
  not_invited_to_call,
  stream_not_configured, ///< the detail names the setting
  bad_signature,
  invalid_field,
  invalid_json,
  invalid_query,
  binary_refused,
  early_relay_limit,
  sdp_too_large,
  frame_too_large,
  body_too_large,
  rate_limited,
  auth_rate_limited,
  too_many_devices,
  unauthorized,
  not_authenticated,
  wrong_user,
  unknown_event,
  route_not_found,
  method_not_allowed,
  store_unavailable,
  shutting_down,
  internal,
  channel_required,
  channel_not_found,
  channel_closed,
  text_required,
  text_too_long,
  message_required,
  message_not_found,
  message_id_taken, ///< another one of the channel said something under this id
  count_, ///< how many there are; not an error
};

/// What a client is told about one `error_code`.
struct error_row {
  std::string_view code;    ///< stable snake_case word
  std::string_view message; ///< what the seed's clients compare, where a seed names it
  int http_status;          ///< status of a REST answer
};

/// The row of the error table. Never fails.
[[nodiscard]] const error_row& describe(error_code code) noexcept;

/// One refusal.
struct failure {
  error_code code = error_code::internal;
  std::string detail{};  ///< which field or parameter, appended to the message; often empty
  call_id call{};        ///< the call it is about, empty when there is none
  int retry_after_s = 0; ///< seconds, for rate limits and a store that is away; 0: not said

  failure() = default;
  failure(error_code c) noexcept
    : code(c) {}
  failure(error_code c, std::string d)
    : code(c)
    , detail(std::move(d)) {}
  failure(error_code c, call_id id)
    : code(c)
    , call(std::move(id)) {}

  /// The message, and after a colon the detail if there is one.
  [[nodiscard]] std::string message() const;
};

} // namespace carillon
