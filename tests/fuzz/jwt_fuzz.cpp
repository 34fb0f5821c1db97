// Tokens. The first line of an input says what the rest is: `token`, a token as it comes; `hs256`
// or `es256`, the claims of one that is signed here, so that inputs get past the signature;
// `header`, a line with the header and then the claims, signed with the secret.

#include "protocol/base64.hpp"
#include "protocol/ids.hpp"
#include "protocol/jwt.hpp"
#include "protocol/verification_key.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/protocol/signing.hpp"

#include <algorithm>

namespace carillon::fuzz {

namespace {

constexpr std::string_view secret = "a secret that everybody may know";
const auto now = from_epoch_ms(1762853400000);

const signing_key& curve_key() {
  static const auto key = signing_key::curve("P-256");
  return key;
}

std::shared_ptr<const authenticator> make_gate(std::string audience) {
  jwt_settings settings;
  settings.secret = secret;
  settings.public_key_pem = curve_key().public_pem();
  settings.audience = std::move(audience);
  auto made = authenticator::create(std::move(settings));
  FUZZ_REQUIRE(made);
  return *made;
}

bool is_plain(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

/// What is inside a token, whoever signed it. Returns whether it passed.
bool check_token(std::string_view token) {
  static const auto gate = make_gate({});
  static const auto strict = make_gate("phones");
  auto seen = gate->verify(token, now);
  FUZZ_REQUIRE(seen.ok() || !strict->verify(token, now).ok());
  if (!seen) {
    FUZZ_REQUIRE(seen.error().code == error_code::unauthorized);
    return false;
  }
  FUZZ_REQUIRE(is_id(seen->who.user.str()));
  const auto& claims = seen->who.claims;
  for (const auto* text : {&claims.name, &claims.email, &claims.image, &claims.role})
    FUZZ_REQUIRE(is_plain(*text));
  FUZZ_REQUIRE(!seen->expires_at || *seen->expires_at + seconds{60} >= now);
  return true;
}

std::string signed_by_secret(std::string_view header, std::string_view claims) {
  auto text = encode_base64url(header) + "." + encode_base64url(claims);
  return text + "." + encode_base64url(hmac_sha256(secret, text));
}

std::string signed_by_curve(std::string_view claims) {
  auto text = encode_base64url(R"({"alg":"ES256"})") + "." + encode_base64url(claims);
  return text + "." + encode_base64url(curve_key().sign_raw(text));
}

/// A token with one bit changed is none.
void check_forged(std::string token, std::size_t at) {
  auto end = token.rfind('.');
  auto& byte = token[at % end];
  byte = static_cast<char>(byte ^ 1);
  FUZZ_REQUIRE(!check_token(token));
}

/// A token that nobody here signed passes only with the secret's signature of its own text.
void check_stranger(std::string_view token) {
  if (auto bytes = decode_base64url(token))
    FUZZ_REQUIRE(encode_base64url(*bytes) == token);
  if (!check_token(token))
    return;
  auto text = token.substr(0, token.rfind('.'));
  FUZZ_REQUIRE(token.substr(text.size() + 1) == encode_base64url(hmac_sha256(secret, text)));
}

} // namespace

void check(std::string_view input) {
  auto kind = take_until(input, '\n');
  if (kind == "token")
    return check_stranger(input);
  std::string token;
  if (kind == "es256") {
    token = signed_by_curve(input);
  } else if (kind == "header") {
    auto header = take_until(input, '\n');
    token = signed_by_secret(header, input);
  } else {
    token = signed_by_secret(R"({"alg":"HS256","typ":"JWT"})", input);
  }
  check_token(token);
  check_forged(std::move(token), input.size());
}

} // namespace carillon::fuzz
