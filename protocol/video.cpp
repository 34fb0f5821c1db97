#include "protocol/video.hpp"

#include "protocol/uuid.hpp"
#include "protocol/word_table.hpp"

namespace carillon {

namespace {

// Made once, at random. Never to change: ids in the store are made of them.
constexpr std::string_view calls = "7d2f6c0a-94b1-4e3b-8a57-1c9e40d5f3b2";
constexpr std::string_view participations = "e18b3d54-0c6f-4f0e-9d2a-6b7f15a8c041";
constexpr std::string_view invitations = "3a94f7e2-58d1-4b6c-b0c3-92e7d41f680d";
constexpr std::string_view recordings = "c5607b19-e2a8-4d97-8f14-07d3ba962ce5";

constexpr word_table<video_call_type, video_call_type::livestream> type_words{
    "default", "audio_room", "livestream"};
constexpr word_table<recording_status, recording_status::ready> status_words{"processing", "failed",
                                                                             "ready"};

// No id of a call has a blank, so that no two pairs make the same text.
std::string row_of(std::string_view space, const carillon::call_id& call, const user_id& user) {
  return uuid_of(space, call.str() + ' ' + user.str());
}

} // namespace

carillon::call_id video_call_id(std::string_view name) {
  return carillon::call_id{uuid_of(calls, name)};
}

std::string participation_id(const carillon::call_id& call, const user_id& user) {
  return row_of(participations, call, user);
}

std::string invitation_id(const carillon::call_id& call, const user_id& user) {
  return row_of(invitations, call, user);
}

std::string recording_row_id(std::string_view stream_recording_id) {
  return uuid_of(recordings, stream_recording_id);
}

std::string_view to_string(video_call_type type) noexcept {
  return type_words[type];
}

std::string_view to_string(recording_status status) noexcept {
  return status_words[status];
}

std::optional<video_call_type> parse_video_call_type(std::string_view word) noexcept {
  return type_words.parse(word);
}

std::optional<recording_status> parse_recording_status(std::string_view word) noexcept {
  return status_words.parse(word);
}

} // namespace carillon
