// Stored Stream tokens. The first line of an input says what the rest is: `sealed`, a text as the
// store has it; `token`, a token that is sealed here, so that inputs get past the encryption;
// `claims`, the claims of one that is signed and sealed here.

#include "protocol/base64.hpp"
#include "protocol/stream_token.hpp"
#include "protocol/verification_key.hpp"
#include "tests/fuzz/target.hpp"

namespace carillon::fuzz {

namespace {

constexpr std::string_view secret = "a secret that everybody may know";
const user_id alice{"alice"};
const auto now = from_epoch_ms(1762853400000);

const stream_tokens& with() {
  static const stream_tokens tokens{{"", std::string{secret}, std::string(64, 'a')}};
  return tokens;
}

std::string signed_by_secret(std::string_view claims) {
  auto text = encode_base64url(R"({"alg":"HS256","typ":"JWT"})") + "." + encode_base64url(claims);
  return text + "." + encode_base64url(hmac_sha256(secret, text));
}

void check_sealed(std::string_view sealed) {
  auto token = with().unseal(alice, sealed, now, seconds{0});
  if (!token)
    return;
  // Only with the right signature, and while it lives.
  FUZZ_REQUIRE(token->expires_at > now);
  auto text = token->text.substr(0, token->text.rfind('.'));
  FUZZ_REQUIRE(token->text.substr(text.size() + 1) == encode_base64url(hmac_sha256(secret, text)));
  FUZZ_REQUIRE(!with().unseal(user_id{"bob"}, sealed, now, seconds{0}));
  FUZZ_REQUIRE(!with().unseal(alice, sealed, token->expires_at, seconds{0}));
}

} // namespace

void check(std::string_view input) {
  auto kind = take_until(input, '\n');
  if (kind == "sealed")
    return check_sealed(input);
  auto text = kind == "claims" ? signed_by_secret(input) : std::string{input};
  auto sealed = with().seal(alice, {text, now});
  check_sealed(sealed);
  auto& byte = sealed[3 + input.size() % (sealed.size() - 3)];
  byte = byte == 'A' ? 'B' : 'A';
  FUZZ_REQUIRE(!with().unseal(alice, sealed, now, seconds{0}));
}

} // namespace carillon::fuzz
