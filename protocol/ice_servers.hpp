#pragma once

#include "protocol/ids.hpp"
#include "protocol/time.hpp"

#include <string>
#include <vector>

namespace carillon {

/// STUN and TURN servers that clients are told to use (`webrtc.*`).
struct ice_settings {
  std::vector<std::string> stun_servers{};
  std::string turn_url{};      ///< empty: no TURN
  std::string turn_username{}; ///< fixed credentials
  std::string turn_password{};
  std::string turn_secret{};   ///< time-limited credentials instead (coturn's `use-auth-secret`)
};

/// How long time-limited TURN credentials hold.
inline constexpr std::chrono::hours turn_credential_lifetime{4};

/// The `iceServers` array as JSON, for `user` at `now`. With a secret: username `expiry:user`,
/// credential base64(HMAC-SHA1(secret, username)).
[[nodiscard]] std::string encode_ice_servers(const ice_settings& settings, const user_id& user,
                                             time_point now);

} // namespace carillon
