#include "protocol/stream_token.hpp"

#include "protocol/base64.hpp"
#include "protocol/verification_key.hpp"
#include "tests/catch.hpp"

using namespace carillon;

namespace {

const user_id alice{"alice"};
const auto now = from_epoch_ms(1762853400789);

std::string key_of(char digit) { return std::string(64, digit); }

stream_tokens tokens(std::string secret = "the secret", char digit = 'a') {
  return stream_tokens{{"key", std::move(secret), key_of(digit)}};
}

std::string claims_of(const stream_token& token) {
  auto first = token.text.find('.');
  auto last = token.text.rfind('.');
  return decode_base64url(std::string_view{token.text}.substr(first + 1, last - first - 1)).value();
}

/// A sealed text with what this changes of its bytes.
template <class Change>
std::string altered(const std::string& sealed, Change change) {
  auto bytes = decode_base64url(std::string_view{sealed}.substr(3)).value();
  change(bytes);
  return "v1." + encode_base64url(bytes);
}

std::string signed_with(std::string_view secret, std::string_view claims) {
  auto text = encode_base64url(R"({"alg":"HS256","typ":"JWT"})") + "." + encode_base64url(claims);
  return text + "." + encode_base64url(hmac_sha256(secret, text));
}

} // namespace

TEST_CASE("a token is the one that Stream's own SDK makes at that time", "[stream_token]") {
  // Made by @stream-io/node-sdk 0.7.64 (generateUserToken) at 1795143647 with this secret.
  stream_tokens same{{"", "dummy-secret-for-capture-only-0123456789", key_of('0')}};
  auto made = same.make(user_id{"user-123"}, from_epoch_ms(1795143647000), seconds{3599});
  REQUIRE(made);
  CHECK(made->text
        == "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
           "eyJ1c2VyX2lkIjoidXNlci0xMjMiLCJpYXQiOjE3OTUxNDM2NDYsImV4cCI6MTc5NTE0NzI0Nn0."
           "byB5gvUBSGcjlmrAQZPtw-M1dovKirXMWiQ9lTHQS_M");
  CHECK(made->expires_at == from_epoch_ms(1795147246000));
}

TEST_CASE("a token says whose it is, from a second ago, until its time", "[stream_token]") {
  auto made = tokens().make(alice, now, long_token_ttl);
  REQUIRE(made);
  CHECK(claims_of(*made) == R"({"user_id":"alice","iat":1762853399,"exp":1762939800})");
  CHECK(made->expires_at == from_epoch_ms(1762939800000));
  auto brief = tokens().make(alice, now, short_token_ttl);
  CHECK(brief->expires_at == from_epoch_ms(1762857000000));
  auto odd = tokens().make(user_id{"a\"b\\c"}, now, short_token_ttl);
  CHECK(claims_of(*odd).starts_with(R"({"user_id":"a\"b\\c",)"));
}

TEST_CASE("without a secret there is no token", "[stream_token]") {
  auto none = tokens("");
  CHECK_FALSE(none.ready());
  auto made = none.make(alice, now, long_token_ttl);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == error_code::stream_not_configured);
  CHECK(made.error().detail == "stream.api_secret is not set");
  auto sealed = tokens().seal(alice, *tokens().make(alice, now, long_token_ttl));
  CHECK_FALSE(none.unseal(alice, sealed, now, seconds{0}));
  CHECK(tokens().ready());
}

TEST_CASE("a sealed token comes back, and only to its user", "[stream_token]") {
  auto with = tokens();
  auto made = *with.make(alice, now, long_token_ttl);
  auto sealed = with.seal(alice, made);
  CHECK(sealed.starts_with("v1."));
  CHECK(decode_base64url(std::string_view{sealed}.substr(3))->size() == made.text.size() + 28);
  CHECK(sealed.find(made.text) == std::string::npos);
  auto back = with.unseal(alice, sealed, now, token_refresh);
  REQUIRE(back);
  CHECK(back->text == made.text);
  CHECK(back->expires_at == made.expires_at);
  // Another process with the same settings reads it, too.
  CHECK(tokens().unseal(alice, sealed, now, token_refresh));
  CHECK_FALSE(with.unseal(user_id{"alicE"}, sealed, now, token_refresh));
  CHECK_FALSE(with.unseal(user_id{""}, sealed, now, token_refresh));
}

TEST_CASE("no two sealed texts are the same", "[stream_token]") {
  auto with = tokens();
  auto made = *with.make(alice, now, long_token_ttl);
  CHECK(with.seal(alice, made) != with.seal(alice, made));
}

TEST_CASE("a sealed token needs the key and the secret of today", "[stream_token]") {
  auto with = tokens();
  auto sealed = with.seal(alice, *with.make(alice, now, long_token_ttl));
  CHECK_FALSE(tokens("the secret", 'b').unseal(alice, sealed, now, seconds{0}));
  CHECK_FALSE(tokens("another secret").unseal(alice, sealed, now, seconds{0}));
}

TEST_CASE("a sealed token is given again while enough of it is left", "[stream_token]") {
  auto with = tokens();
  auto made = *with.make(alice, now, long_token_ttl);
  auto sealed = with.seal(alice, made);
  auto last = made.expires_at - seconds{3600};
  CHECK(with.unseal(alice, sealed, last - milliseconds{1}, token_refresh));
  CHECK_FALSE(with.unseal(alice, sealed, last, token_refresh));
  CHECK(with.unseal(alice, sealed, made.expires_at - milliseconds{1}, seconds{0}));
  CHECK_FALSE(with.unseal(alice, sealed, made.expires_at, seconds{0}));
}

TEST_CASE("a sealed text with any byte changed, cut or added is none", "[stream_token]") {
  auto with = tokens();
  auto sealed = with.seal(alice, *with.make(alice, now, long_token_ttl));
  REQUIRE(with.unseal(alice, altered(sealed, [](std::string&) {}), now, seconds{0}));
  auto length = decode_base64url(std::string_view{sealed}.substr(3))->size();
  for (std::size_t i = 0; i < length; ++i) {
    INFO(i);
    auto flip = [i](std::string& bytes) { bytes[i] = static_cast<char>(bytes[i] ^ 1); };
    CHECK_FALSE(with.unseal(alice, altered(sealed, flip), now, seconds{0}));
    auto cut = [i](std::string& bytes) { bytes.resize(i); };
    CHECK_FALSE(with.unseal(alice, altered(sealed, cut), now, seconds{0}));
  }
  CHECK_FALSE(with.unseal(alice, altered(sealed, [](std::string& bytes) { bytes += 'x'; }), now,
                          seconds{0}));
  CHECK_FALSE(with.unseal(alice, "v2" + sealed.substr(2), now, seconds{0}));
  CHECK_FALSE(with.unseal(alice, sealed.substr(3), now, seconds{0}));
  CHECK_FALSE(with.unseal(alice, sealed + "=", now, seconds{0}));
  CHECK_FALSE(with.unseal(alice, "", now, seconds{0}));
}

TEST_CASE("what is sealed has to be a token of that user", "[stream_token]") {
  auto with = tokens();
  auto passes = [&](std::string text) {
    auto sealed = with.seal(alice, {std::move(text), now});
    return with.unseal(alice, sealed, now, seconds{0}).has_value();
  };
  CHECK(passes(signed_with("the secret", R"({"user_id":"alice","exp":1762939800})")));
  CHECK_FALSE(passes(signed_with("the secret", R"({"user_id":"bob","exp":1762939800})")));
  CHECK_FALSE(passes(signed_with("the secret", R"({"exp":1762939800})")));
  CHECK_FALSE(passes(signed_with("the secret", R"({"user_id":"alice"})")));
  CHECK_FALSE(passes(signed_with("the secret", R"({"user_id":"alice","exp":"1762939800"})")));
  CHECK_FALSE(passes(signed_with("the secret", R"({"user_id":"alice","exp":-1})")));
  CHECK_FALSE(passes(signed_with("the secret", R"({"user_id":"alice","exp":1e300})")));
  CHECK_FALSE(passes(signed_with("the secret", "[]")));
  CHECK_FALSE(passes("no token"));
  CHECK_FALSE(passes("one.dot"));
  CHECK_FALSE(passes(""));
}

TEST_CASE("a key that is none is replaced by one that nobody has", "[stream_token]") {
  for (const auto* bad : {"", "abc", "zz"}) {
    stream_tokens with{{"", "the secret", bad}};
    auto sealed = with.seal(alice, *with.make(alice, now, long_token_ttl));
    CHECK(with.unseal(alice, sealed, now, seconds{0}));
    CHECK_FALSE(stream_tokens({"", "the secret", bad}).unseal(alice, sealed, now, seconds{0}));
  }
  stream_tokens odd{{"", "the secret", key_of('g')}};
  auto sealed = odd.seal(alice, *odd.make(alice, now, long_token_ttl));
  CHECK(odd.unseal(alice, sealed, now, seconds{0}));
}
