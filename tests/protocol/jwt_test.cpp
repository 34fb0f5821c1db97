#include "protocol/jwt.hpp"

#include "protocol/base64.hpp"
#include "protocol/verification_key.hpp"
#include "tests/catch.hpp"
#include "tests/protocol/signing.hpp"

using namespace carillon;

namespace {

constexpr auto now = from_epoch_ms(1'700'000'000'000);
constexpr std::string_view hs256_header = R"({"alg":"HS256","typ":"JWT"})";

std::shared_ptr<const authenticator> checker(jwt_settings settings) {
  auto out = authenticator::create(std::move(settings));
  REQUIRE(out);
  return *out;
}

std::string unsigned_token(std::string_view header, std::string_view claims) {
  return encode_base64url(header) + "." + encode_base64url(claims);
}

std::string hs256(std::string_view claims, std::string_view header = hs256_header,
                  std::string_view secret = "s3cret") {
  auto text = unsigned_token(header, claims);
  return text + "." + encode_base64url(hmac_sha256(secret, text));
}

/// The detail of the refusal; empty if the token passes.
std::string refusal(const authenticator& by, std::string_view token) {
  auto out = by.verify(token, now);
  if (out)
    return {};
  CHECK(out.error().code == error_code::unauthorized);
  CHECK_FALSE(out.error().detail.empty());
  return out.error().detail;
}

verified_token accepted(const authenticator& by, std::string_view token) {
  auto out = by.verify(token, now);
  INFO((out ? "" : out.error().detail));
  REQUIRE(out);
  return *out;
}

} // namespace

TEST_CASE("a made token verifies", "[jwt]") {
  auto by = checker({.secret = "s3cret", .issuer = "iss", .audience = "aud"});
  identity alice{user_id{"alice"}, {"Alice", "a@x", "https://i", "admin"}};
  auto token = make_token("s3cret", alice, now, seconds{3600}, "iss", "aud");
  auto out = accepted(*by, token);
  CHECK(out.who.user == alice.user);
  CHECK(out.who.claims == alice.claims);
  CHECK(out.expires_at == now + seconds{3600});
  CHECK(refusal(*by, make_token("other", alice, now, seconds{3600}, "iss", "aud")) == "signature");
}

TEST_CASE("the example token of RFC 7515 verifies", "[jwt]") {
  // Appendix A.1: it says nothing of a user, so it fails only after its signature.
  auto secret =
      decode_base64url("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4"
                       "hcgUuTwjAzZr1Z9CAow");
  REQUIRE(secret);
  auto by = checker({.secret = *secret, .leeway = seconds{1'000'000'000}});
  CHECK(refusal(*by, "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4"
                     "MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
                     "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        == "no usable user id");
}

TEST_CASE("keys are required and checked", "[jwt]") {
  CHECK(authenticator::create({}).error().code == error_code::invalid_field);
  CHECK_FALSE(authenticator::create({.public_key_pem = "no key"}));
  CHECK_FALSE(authenticator::create({.secret = "s", .public_key_pem = "no key"}));
  CHECK(authenticator::create({.secret = "s"}));
}

TEST_CASE("the algorithm is the key's and never the token's", "[jwt]") {
  auto rsa = signing_key::rsa();
  std::string_view claims = R"({"sub":"alice"})";
  auto by_secret = checker({.secret = "s3cret"});
  auto by_key = checker({.public_key_pem = rsa.public_pem()});

  SECTION("none") {
    for (auto header : {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":"NONE"})"}) {
      auto text = unsigned_token(header, claims);
      CHECK(refusal(*by_secret, text + ".") == "algorithm");
      CHECK(refusal(*by_key, text + ".") == "algorithm");
      CHECK(refusal(*by_secret, hs256(claims, header)) == "algorithm");
      CHECK(refusal(*by_secret, text) == "not three parts");
    }
  }
  SECTION("HS256 with the public key as its secret") {
    CHECK(refusal(*by_key, hs256(claims, hs256_header, rsa.public_pem())) == "algorithm");
    auto both = checker({.secret = "s3cret", .public_key_pem = rsa.public_pem()});
    CHECK(refusal(*both, hs256(claims, hs256_header, rsa.public_pem())) == "signature");
  }
  SECTION("an empty secret") {
    CHECK(refusal(*by_key, hs256(claims, hs256_header, "")) == "algorithm");
  }
  SECTION("other HMACs, other spellings, none at all") {
    for (auto header : {R"({"alg":"HS384"})", R"({"alg":"HS512"})", R"({"alg":"hs256"})",
                        R"({"alg":"HS256 "})", R"({"alg":["HS256"]})", R"({"alg":null})", "{}",
                        R"({"alg":""})", R"({"alg":"HS256","alg":"none"})"})
      CHECK(refusal(*by_secret, hs256(claims, header)) == "algorithm");
  }
  SECTION("a critical extension") {
    CHECK(refusal(*by_secret, hs256(claims, R"({"alg":"HS256","crit":["b64"],"b64":false})"))
          == "critical extension");
    CHECK(refusal(*by_secret, hs256(claims, R"({"alg":"HS256","crit":null})"))
          == "critical extension");
  }
}

TEST_CASE("RS256 tokens verify with the public key", "[jwt]") {
  auto rsa = signing_key::rsa();
  auto by = checker({.public_key_pem = rsa.public_pem()});
  auto text = unsigned_token(R"({"alg":"RS256"})", R"({"sub":"alice"})");
  CHECK(accepted(*by, text + "." + encode_base64url(rsa.sign(text))).who.user == user_id{"alice"});
  auto stranger = signing_key::rsa();
  CHECK(refusal(*by, text + "." + encode_base64url(stranger.sign(text))) == "signature");
  auto other = unsigned_token(R"({"alg":"ES256"})", R"({"sub":"alice"})");
  CHECK(refusal(*by, other + "." + encode_base64url(rsa.sign(other))) == "algorithm");
}

TEST_CASE("ES256 tokens verify with the public key", "[jwt]") {
  auto curve = signing_key::curve("P-256");
  auto by = checker({.public_key_pem = curve.public_pem()});
  auto text = unsigned_token(R"({"alg":"ES256"})", R"({"sub":"alice"})");
  CHECK(accepted(*by, text + "." + encode_base64url(curve.sign_raw(text))).who.user
        == user_id{"alice"});
  CHECK(refusal(*by, text + "." + encode_base64url(curve.sign(text))) == "signature");
  auto stranger = signing_key::curve("P-256");
  CHECK(refusal(*by, text + "." + encode_base64url(stranger.sign_raw(text))) == "signature");
}

TEST_CASE("with both keys a token may be signed with either", "[jwt]") {
  auto curve = signing_key::curve("P-256");
  auto by = checker({.secret = "s3cret", .public_key_pem = curve.public_pem()});
  auto text = unsigned_token(R"({"alg":"ES256"})", R"({"sub":"bob"})");
  CHECK(accepted(*by, text + "." + encode_base64url(curve.sign_raw(text))).who.user.str() == "bob");
  CHECK(accepted(*by, hs256(R"({"sub":"alice"})")).who.user.str() == "alice");
}

TEST_CASE("expiry and begin are checked with leeway", "[jwt]") {
  auto by = checker({.secret = "s3cret"});
  auto with = [&](std::string claims) {
    return refusal(*by, hs256(R"({"sub":"alice",)" + claims + "}"));
  };
  CHECK(with(R"("exp":1700000001)") == "");
  CHECK(with(R"("exp":1699999941)") == "");
  CHECK(with(R"("exp":1699999940.5)") == "");
  CHECK(with(R"("exp":1699999940)") == "expired");
  CHECK(with(R"("exp":1699999939.999)") == "expired");
  CHECK(with(R"("exp":0)") == "expired");
  CHECK(with(R"("exp":-1)") == "expired");
  CHECK(with(R"("nbf":1699999999)") == "");
  CHECK(with(R"("nbf":1700000060)") == "");
  CHECK(with(R"("nbf":1700000060.5)") == "not yet valid");
  CHECK(with(R"("nbf":1e30)") == "not yet valid");
  // When it was issued decides nothing.
  CHECK(with(R"("iat":1800000000)") == "");
  for (auto bad : {R"("exp":"1800000000")", R"("exp":null)", R"("exp":true)",
                   R"("exp":[1800000000])", R"("exp":1e400)", R"("nbf":"0")", R"("nbf":{})"})
    CHECK(with(bad) == "malformed time");
}

TEST_CASE("a token's end is told, if it has one", "[jwt]") {
  auto by = checker({.secret = "s3cret"});
  CHECK_FALSE(accepted(*by, hs256(R"({"sub":"a"})")).expires_at);
  CHECK(accepted(*by, hs256(R"({"sub":"a","exp":1700000123.75})")).expires_at
        == from_epoch_ms(1'700'000'123'750));
  CHECK(accepted(*by, hs256(R"({"sub":"a","exp":1e300})")).expires_at
        == from_epoch_ms(8'640'000'000'000'000));
}

TEST_CASE("a leeway can be set", "[jwt]") {
  auto by = checker({.secret = "s3cret", .leeway = seconds{0}});
  CHECK(refusal(*by, hs256(R"({"sub":"a","exp":1700000000})")) == "expired");
  CHECK(refusal(*by, hs256(R"({"sub":"a","exp":1700000000.001})")) == "");
}

TEST_CASE("issuer and audience are checked where configured", "[jwt]") {
  auto by = checker({.secret = "s3cret", .issuer = "me", .audience = "app"});
  auto with = [&](std::string claims) {
    return refusal(*by, hs256(R"({"sub":"a")" + claims + "}"));
  };
  CHECK(with(R"(,"iss":"me","aud":"app")") == "");
  CHECK(with(R"(,"iss":"me","aud":["web","app"])") == "");
  CHECK(with(R"(,"aud":"app")") == "issuer");
  CHECK(with(R"(,"iss":"you","aud":"app")") == "issuer");
  CHECK(with(R"(,"iss":["me"],"aud":"app")") == "issuer");
  CHECK(with(R"(,"iss":"me")") == "audience");
  CHECK(with(R"(,"iss":"me","aud":"App")") == "audience");
  CHECK(with(R"(,"iss":"me","aud":[])") == "audience");
  CHECK(with(R"(,"iss":"me","aud":[["app"],1])") == "audience");
  CHECK(with(R"(,"iss":"me","aud":{"app":1})") == "audience");
  CHECK(with(R"(,"iss":"me","aud":null)") == "audience");
  auto unchecked = checker({.secret = "s3cret"});
  CHECK(refusal(*unchecked, hs256(R"({"sub":"a","iss":"you","aud":1})")) == "");
}

TEST_CASE("the user is the first claim present", "[jwt]") {
  auto by = checker({.secret = "s3cret"});
  auto user = [&](std::string_view claims) { return accepted(*by, hs256(claims)).who.user.str(); };
  CHECK(user(R"({"_id":"e","id":"d","userId":"c","user_id":"b","sub":"a"})") == "a");
  CHECK(user(R"({"_id":"e","id":"d","userId":"c","user_id":"b"})") == "b");
  CHECK(user(R"({"_id":"e","id":"d","userId":"c"})") == "c");
  CHECK(user(R"({"_id":"e","id":"d"})") == "d");
  CHECK(user(R"({"_id":"e"})") == "e");
  CHECK(user(R"({"sub":null,"id":"d"})") == "d");
  CHECK(user(R"({"id":12345678901234567890123})") == "12345678901234567890123");
  CHECK(user(R"({"id":-7})") == "-7");
  CHECK(user(R"({"sub":"J\u00fcrgen"})") == "J\xC3\xBCrgen");
  CHECK(user("{\"sub\":\"" + std::string(128, 'x') + "\"}") == std::string(128, 'x'));
  for (auto bad :
       {R"({})", R"({"sub":"","id":"d"})", R"({"sub":"a b"})", R"({"sub":"a\n"})",
        R"({"sub":" a"})", R"({"sub":1.5})", R"({"sub":1e3})", R"({"sub":true})",
        R"({"sub":["a"]})", R"({"sub":{"id":"a"}})", R"({"sub":"\u0000"})", R"({"SUB":"a"})"})
    CHECK(refusal(*by, hs256(bad)) == "no usable user id");
  CHECK(refusal(*by, hs256("{\"sub\":\"" + std::string(129, 'x') + "\"}")) == "no usable user id");
}

TEST_CASE("claims about the user are taken over", "[jwt]") {
  auto by = checker({.secret = "s3cret"});
  auto claims = [&](std::string more) {
    return accepted(*by, hs256(R"({"sub":"a")" + more + "}")).who.claims;
  };
  CHECK(claims("") == user_claims{});
  CHECK(claims(R"(,"name":"N","username":"U","email":"e@x","picture":"P","image":"I","role":"r")")
        == user_claims{"N", "e@x", "P", "r"});
  CHECK(claims(R"(,"username":"U","image":"I")") == user_claims{"U", "", "I", ""});
  CHECK(claims(R"(,"name":"","username":"U","picture":null,"image":"I")")
        == user_claims{"U", "", "I", ""});
  CHECK(claims(R"(,"name":1,"email":["e"],"picture":{},"role":true)") == user_claims{});
  CHECK(claims(R"(,"name":"a\u0000\nb\u007f c","username":"U")").name == "ab c");
  CHECK(claims(R"(,"name":"\u0000","username":"U")").name == "U");
}

TEST_CASE("tampered and malformed tokens are refused", "[jwt]") {
  auto by = checker({.secret = "s3cret"});
  auto good = hs256(R"({"sub":"alice"})");
  REQUIRE(refusal(*by, good) == "");

  SECTION("any changed, missing or added character") {
    for (std::size_t i = 0; i < good.size(); ++i) {
      auto changed = good;
      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      INFO(changed);
      REQUIRE(refusal(*by, changed) != "");
      REQUIRE(refusal(*by, good.substr(0, i)) != "");
    }
    for (auto added : {"=", "A", ".", " ", "\n"}) {
      CHECK(refusal(*by, good + added) != "");
      CHECK(refusal(*by, added + good) != "");
    }
  }
  SECTION("no token at all") {
    for (auto bad : {"", ".", "..", "...", "a.b.c", "alice", "Bearer x", "null", "\xFF.\xFF.\xFF"})
      CHECK(refusal(*by, bad) != "");
  }
  SECTION("parts that are no JSON objects") {
    for (auto header : {"", "x", "[]", "null", "\"HS256\"", R"({"alg":"HS256")"})
      CHECK(refusal(*by, hs256(R"({"sub":"a"})", header)) == "malformed header");
    for (auto claims : {"", "x", "[]", "null", "\"a\"", R"({"sub":"a"}})", "{\"sub\":\"\xFF\"}"})
      CHECK(refusal(*by, hs256(claims)) == "malformed claims");
  }
  SECTION("a token of another one's claims") {
    auto mallory = hs256(R"({"sub":"mallory"})");
    auto mixed = good.substr(0, good.find('.')) + mallory.substr(mallory.find('.'));
    CHECK(refusal(*by, mixed) == "");
    auto forged = good.substr(0, good.rfind('.')) + mallory.substr(mallory.rfind('.'));
    CHECK(refusal(*by, forged) == "signature");
  }
  SECTION("a token that is too long") {
    CHECK(refusal(*by, hs256("{\"sub\":\"a\",\"x\":\"" + std::string(5000, 'x') + "\"}")) == "");
    CHECK(refusal(*by, hs256("{\"sub\":\"a\",\"x\":\"" + std::string(7000, 'x') + "\"}"))
          == "too long");
  }
}
