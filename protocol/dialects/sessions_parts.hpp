#pragma once

#include "protocol/commands.hpp"
#include "protocol/dialects/words.hpp"
#include "protocol/json.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/records.hpp"
#include "protocol/result.hpp"

#include <string_view>

/// What the files of the sessions dialect share; for nobody else.
namespace carillon::sessions {

/// Reads `hasVideo`, `hasAudio` and `isScreenSharing`; `invalid_field` when one is no boolean or
/// none is there.
[[nodiscard]] status read_media(const json::object& from, command::set_media& to);

/// A user: `_id`, `userId`, `username`, `email`, `images`, `isOnline`.
void write_user(json::writer& out, std::string_view name, const user_view& who);

/// `hasVideo`, `hasAudio`, `isScreenSharing`.
void write_media(json::writer& out, const media_state& media);

/// `socketId`, `peerId`, `joinedAt`; what there is none of is null.
void write_place(json::writer& out, const participant& who);

/// One of those that are in, as they are listed for who joins.
void write_present(json::writer& out, const participant& who, std::string_view name);

/// `callSettings` and `metadata`.
void write_facts(json::writer& out, const session_facts& facts);

/// `mediaConstraints`: for camera, microphone and screen.
void write_constraints(json::writer& out);

} // namespace carillon::sessions
