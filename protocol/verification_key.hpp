#pragma once

#include "protocol/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace carillon {

/// A key together with the only algorithm that it may be used with. Immutable; thread-safe.
class verification_key {
public:
  virtual ~verification_key() = default;

  /// The name of the algorithm as a token's header gives it (RFC 7518, section 3.1).
  [[nodiscard]] virtual std::string_view algorithm() const noexcept = 0;

  /// Whether `signature` (the bytes) is this key's signature of `text`.
  [[nodiscard]] virtual bool verify(std::string_view text, std::string_view signature) const = 0;
};

using verification_key_ptr = std::unique_ptr<const verification_key>;

/// HS256 with `secret`.
[[nodiscard]] verification_key_ptr make_hs256_key(std::string secret);

/// RS256 for an RSA key of at least 2048 bits (RFC 7518, section 3.3), ES256 for a P-256 key;
/// anything else is `invalid_field`.
[[nodiscard]] result<verification_key_ptr> make_public_key(std::string_view pem);

/// HMAC-SHA256 of `text`: 32 bytes.
[[nodiscard]] std::string hmac_sha256(std::string_view secret, std::string_view text);

} // namespace carillon
