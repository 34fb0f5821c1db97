#pragma once

#include "protocol/record_store.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace carillon::persistence {

/// The bytes of a batch as the spool keeps them: a format version, then the ops in order. Numbers
/// are little-endian, texts have their length in front, and enumerations are kept as their words,
/// so that a later version of the program reads what an earlier one left. A null user or
/// message, and a session or video call without facts, are left out.
[[nodiscard]] std::string encode_ops(std::span<const write_op> ops);

/// The ops that `encode_ops` wrote; nothing when the bytes are anything else. Never reads past the
/// end.
[[nodiscard]] std::optional<std::vector<write_op>> decode_ops(std::string_view bytes);

} // namespace carillon::persistence
