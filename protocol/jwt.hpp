#pragma once

#include "protocol/command_sink.hpp"
#include "protocol/result.hpp"
#include "protocol/time.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace carillon {

/// What tokens are checked against; exactly one of `secret` and `public_key_pem` decides the algorithm.
struct jwt_settings {
  std::string secret{};         ///< HS256
  std::string public_key_pem{}; ///< the PEM text: RS256 for an RSA key, ES256 for a P-256 key
  std::string issuer{};         ///< empty: unchecked
  std::string audience{};       ///< empty: unchecked
  seconds leeway{60};         ///< for `exp` and `nbf`
};

/// A token that passed.
struct verified_token {
  identity who;
  std::optional<time_point> expires_at; ///< `exp`; none: never
};

/// Verifies JSON Web Tokens. Immutable after `create`; thread-safe.
///
/// The algorithm is fixed by the configured key and never taken from the token's header; `none` and
/// any other algorithm are refused. When both keys are configured a token may be signed with either,
/// each with its own key's algorithm only.
class authenticator {
public:
  /// Refuses (`invalid_field`) a key that is neither RSA nor P-256, or no key at all.
  [[nodiscard]] static result<std::shared_ptr<const authenticator>> create(jwt_settings settings);

  virtual ~authenticator() = default;

  /// The user, or `unauthorized` with the reason as detail (for the log, never for the client).
  [[nodiscard]] virtual result<verified_token> verify(std::string_view token, time_point now) const = 0;
};

/// Makes an HS256 token for `who`, valid from `now` for `ttl`; for `carillon token` and tests.
[[nodiscard]] std::string make_token(std::string_view secret, const identity& who, time_point now,
                                     seconds ttl, std::string_view issuer = {},
                                     std::string_view audience = {});

} // namespace carillon
