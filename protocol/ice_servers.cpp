#include "protocol/ice_servers.hpp"

#include "protocol/base64.hpp"
#include "protocol/json.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace carillon {

namespace {

std::string hmac_sha1(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
  return {reinterpret_cast<const char*>(digest.data()), length};
}

} // namespace

std::string encode_ice_servers(const ice_settings& settings, const user_id& user, time_point now) {
  json::writer out;
  out.begin_array();
  for (const auto& url : settings.stun_servers)
    out.begin_object().field("urls", url).end_object();
  if (!settings.turn_url.empty()) {
    auto username = settings.turn_username;
    auto credential = settings.turn_password;
    if (!settings.turn_secret.empty()) {
      auto expiry = std::chrono::floor<seconds>(now + turn_credential_lifetime);
      username = std::to_string(expiry.time_since_epoch().count()) + ":" + user.str();
      credential = encode_base64(hmac_sha1(settings.turn_secret, username));
    }
    // Browsers refuse a TURN server whose credentials are left out, but not empty ones.
    out.begin_object()
        .field("urls", settings.turn_url)
        .field("username", username)
        .field("credential", credential)
        .end_object();
  }
  out.end_array();
  return std::move(out).take();
}

} // namespace carillon
