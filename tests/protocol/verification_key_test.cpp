#include "protocol/verification_key.hpp"

#include "tests/catch.hpp"
#include "tests/protocol/signing.hpp"

using namespace carillon;

TEST_CASE("HS256 checks a MAC", "[verification_key]") {
  auto key = make_hs256_key("secret");
  CHECK(key->algorithm() == "HS256");
  auto mac = hmac_sha256("secret", "text");
  CHECK(mac.size() == 32);
  CHECK(key->verify("text", mac));
  CHECK_FALSE(key->verify("texT", mac));
  CHECK_FALSE(key->verify("text", ""));
  CHECK_FALSE(key->verify("text", mac.substr(0, 31)));
  CHECK_FALSE(key->verify("text", mac + "x"));
  mac.back() = static_cast<char>(mac.back() ^ 1);
  CHECK_FALSE(key->verify("text", mac));
}

TEST_CASE("HMAC-SHA256 gives the first example of RFC 4231", "[verification_key]") {
  CHECK(encode_base64url(hmac_sha256(std::string(20, '\x0b'), "Hi There"))
        == "sDRMYdjbOFNcqK_OrwvxK4gdwgDJgz2nJuk3bC4yz_c");
}

TEST_CASE("an RSA key means RS256", "[verification_key]") {
  auto signer = signing_key::rsa();
  auto key = make_public_key(signer.public_pem());
  REQUIRE(key);
  CHECK((*key)->algorithm() == "RS256");
  auto signature = signer.sign("text");
  CHECK((*key)->verify("text", signature));
  CHECK_FALSE((*key)->verify("texT", signature));
  CHECK_FALSE((*key)->verify("text", ""));
  CHECK_FALSE((*key)->verify("text", signature.substr(1)));
  CHECK_FALSE((*key)->verify("text", signing_key::rsa().sign("text")));
}

TEST_CASE("a P-256 key means ES256 with two plain numbers", "[verification_key]") {
  auto signer = signing_key::curve("P-256");
  auto key = make_public_key(signer.public_pem());
  REQUIRE(key);
  CHECK((*key)->algorithm() == "ES256");
  // Signatures are random, and some have numbers with leading zeros or high bits.
  for (int round = 0; round < 50; ++round) {
    auto signature = signer.sign_raw("text");
    REQUIRE((*key)->verify("text", signature));
    REQUIRE_FALSE((*key)->verify("texT", signature));
    signature[static_cast<std::size_t>(round)] =
        static_cast<char>(signature[static_cast<std::size_t>(round)] ^ 1);
    REQUIRE_FALSE((*key)->verify("text", signature));
  }
  CHECK_FALSE((*key)->verify("text", signer.sign("text")));
  CHECK_FALSE((*key)->verify("text", ""));
  CHECK_FALSE((*key)->verify("text", std::string(64, '\0')));
  CHECK_FALSE((*key)->verify("text", std::string(64, '\xFF')));
  CHECK_FALSE((*key)->verify("text", signer.sign_raw("text") + "x"));
}

TEST_CASE("other keys are refused", "[verification_key]") {
  std::string truncated = signing_key::curve("P-256").public_pem();
  truncated.resize(truncated.size() / 2);
  for (const auto& pem :
       {std::string{}, std::string{"secret"}, truncated, signing_key::rsa(1024).public_pem(),
        signing_key::curve("P-384").public_pem(), signing_key::ed25519().public_pem()}) {
    INFO(pem);
    auto key = make_public_key(pem);
    REQUIRE_FALSE(key);
    CHECK(key.error().code == error_code::invalid_field);
    CHECK_FALSE(key.error().detail.empty());
  }
}
