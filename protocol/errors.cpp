#include "protocol/errors.hpp"

#include <array>

namespace carillon {

namespace {

constexpr std::size_t error_count = static_cast<std::size_t>(error_code::count_);

// In the order of `error_code`. The texts of the direct family are the ones its clients compare.
constexpr std::array<error_row, error_count> table{{
    {"receiver_required", "receiverId required", 400},
    {"receiver_not_found", "Receiver not found", 404},
    {"call_id_required", "callId required", 400},
    {"call_not_found", "Call not found", 404},
    {"not_authorized", "Not authorized", 403},
    {"already_processed", "Call already processed", 409},
    {"invalid_call_type", "Invalid callType", 400},
    {"self_call", "Cannot call yourself", 400},
    {"caller_busy", "Already in a call", 409},
    {"user_busy", "User is busy", 409},
    {"user_offline", "User is not available", 409},
    {"session_id_required", "sessionId required", 400},
    {"session_not_found", "Session not found", 404},
    {"session_full", "Session full", 409},
    {"not_invited", "Not invited to this session", 403},
    {"target_not_in_session", "Target is not in this session", 404},
    {"screen_share_refused", "Screen sharing is not allowed", 403},
    {"unknown_participant", "Unknown participant", 400},
    {"too_many_participants", "Too many participants", 400},
    {"therapy_session_live", "Therapy session is already in progress", 409},
    {"call_exists", "Call already exists", 409},
    {"invalid_status_change", "Status cannot change so", 409},
    {"call_over", "Call has ended", 409},
    {"call_full", "Call is full", 409},
    {"not_in_call", "Not in this call", 409},
    {"invitation_expired", "Invitation has expired", 409},
    {"not_invited_to_call", "Not invited to this call", 403},
    {"stream_not_configured", "Stream is not configured", 503},
    {"bad_signature", "Invalid signature", 401},
    {"invalid_field", "Invalid field", 400},
    {"invalid_json", "Invalid JSON", 400},
    {"invalid_query", "Invalid query parameter", 400},
    {"binary_refused", "Binary data is not accepted here", 400},
    {"early_relay_limit", "Too many messages before the call was accepted", 429},
    {"sdp_too_large", "SDP too large", 413},
    {"frame_too_large", "Message too large", 413},
    {"body_too_large", "Request body too large", 413},
    {"rate_limited", "Too many requests", 429},
    {"auth_rate_limited", "Too many failed authentications", 429},
    {"too_many_devices", "Too many devices", 429},
    {"unauthorized", "Authentication error", 401},
    {"not_authenticated", "Not authenticated", 401},
    {"wrong_user", "Token belongs to another user", 403},
    {"unknown_event", "Unknown event", 400},
    {"route_not_found", "Not found", 404},
    {"method_not_allowed", "Method not allowed", 405},
    {"store_unavailable", "Storage is not available", 503},
    {"shutting_down", "Server is shutting down", 503},
    {"internal_error", "Internal error", 500},
    {"channel_id_required", "channelId required", 400},
    {"channel_not_found", "Channel not found", 404},
    {"channel_closed", "Channel is closed", 409},
    {"text_required", "text required", 400},
    {"text_too_long", "Text too long", 400},
    {"message_id_required", "id required", 400},
    {"message_not_found", "Message not found", 404},
    {"message_id_taken", "Message id is taken", 409},
}};

} // namespace

const error_row& describe(error_code code) noexcept {
  auto index = static_cast<std::size_t>(code);
  return table[index < error_count ? index : static_cast<std::size_t>(error_code::internal)];
}

std::string failure::message() const {
  std::string text{describe(code).message};
  if (!detail.empty()) {
    text += ": ";
    text += detail;
  }
  return text;
}

} // namespace carillon
