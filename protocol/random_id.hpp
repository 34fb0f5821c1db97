#pragma once

#include <string>

namespace carillon {

/// 20 URL-safe characters (120 bits) from the system's cryptographic generator: the ids of
/// Engine.IO sessions and of sockets, which must not be guessable. Throws only when that generator
/// fails.
[[nodiscard]] std::string random_id();

} // namespace carillon
