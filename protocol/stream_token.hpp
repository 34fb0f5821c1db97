#pragma once

#include "protocol/ids.hpp"
#include "protocol/result.hpp"
#include "protocol/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace carillon {

/// What Stream's tokens are made with (`stream.*`).
struct stream_credentials {
  std::string api_key;    ///< empty: none
  std::string api_secret; ///< empty: no token can be made
  std::string token_key;  ///< 64 hexadecimal digits: encrypts stored tokens
};

/// A token that Stream's servers and SDKs accept for one user.
struct stream_token {
  std::string text;
  time_point expires_at{}; ///< whole seconds: the claim `exp`
};

/// Makes, encrypts and checks Stream's user tokens. Immutable; thread-safe. Its texts are never
/// logged.
class stream_tokens {
public:
  explicit stream_tokens(stream_credentials with);

  /// Whether there is a secret to sign with.
  [[nodiscard]] bool ready() const noexcept { return !with_.api_secret.empty(); }

  /// HS256; header `alg`, `typ`; claims `user_id`, `iat` (a second back, so that a clock that is a
  /// little behind accepts it) and `exp`. `stream_not_configured` without a secret.
  [[nodiscard]] result<stream_token> make(const user_id& user, time_point now, seconds ttl) const;

  /// The token encrypted for the store: `v1.` and base64url of nonce (12 bytes), ciphertext and tag
  /// (16), AES-256-GCM, with the user's id as associated data.
  [[nodiscard]] std::string seal(const user_id& user, const stream_token& token) const;

  /// What `seal` made, if it was made for this user with this key, is signed with the secret of
  /// today, and lives for longer than `at_least` from `now` on.
  [[nodiscard]] std::optional<stream_token> unseal(const user_id& user, std::string_view sealed,
                                                   time_point now, seconds at_least) const;

private:
  stream_credentials with_;
  std::string key_; ///< 32 bytes
};

/// How long tokens live, and with how much left a stored one is replaced.
inline constexpr seconds long_token_ttl{24 * 3600}; ///< families video and stream
inline constexpr seconds short_token_ttl{3600};     ///< family token
inline constexpr seconds token_refresh{3600};

} // namespace carillon
