#pragma once

#include "persistence/op_bytes.hpp"
#include "protocol/records.hpp"
#include "protocol/video.hpp"

#include <optional>

/// Video calls, recordings and tokens as the spool keeps them, behind the byte that says what
/// follows.
namespace carillon::persistence {

/// `call` is a video call with facts.
void put_video(byte_writer& out, const call_record& call);
void put_recording(byte_writer& out, const recording_news& news);
void put_token(byte_writer& out, const stored_token& token);

/// What these wrote; nothing, and logged, for a word that this version does not know.
[[nodiscard]] std::optional<call_record> get_video(byte_reader& in);
[[nodiscard]] std::optional<recording_news> get_recording(byte_reader& in);
[[nodiscard]] stored_token get_token(byte_reader& in);

} // namespace carillon::persistence
