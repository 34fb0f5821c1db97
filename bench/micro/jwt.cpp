#include "protocol/jwt.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"
#include "protocol/base64.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>

namespace carillon::micro {

namespace {

using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

/// Long enough for HS256, short enough to be one.
constexpr const char* secret = "a secret of the length that operators choose";

identity alice_claims() { return {alice().user, record_of(alice().user)->profile}; }

std::string public_pem(EVP_PKEY* key) {
  std::unique_ptr<BIO, decltype(&BIO_free)> out{BIO_new(BIO_s_mem()), BIO_free};
  if (PEM_write_bio_PUBKEY(out.get(), key) != 1)
    return {};
  char* text = nullptr;
  auto size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

/// What OpenSSL gives; empty when it fails.
std::string sign(EVP_PKEY* key, const std::string& text) {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                  EVP_MD_CTX_free};
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::string out(static_cast<std::size_t>(EVP_PKEY_size(key)), '\0');
  auto size = out.size();
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1
      || EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, bytes,
                        text.size())
             != 1)
    return {};
  out.resize(size);
  return out;
}

/// The two numbers of an ECDSA signature, side by side as tokens have them (RFC 7518, 3.4).
std::string as_pair(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> numbers{
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free};
  std::string out(64, '\0');
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  if (!numbers || BN_bn2binpad(ECDSA_SIG_get0_r(numbers.get()), to, 32) != 32
      || BN_bn2binpad(ECDSA_SIG_get0_s(numbers.get()), to + 32, 32) != 32)
    return {};
  return out;
}

/// A token of Alice with the claims that `make_token` gives, signed by `key` in place of a secret.
std::string token_by(EVP_PKEY* key, const std::string& algorithm) {
  auto model = make_token(secret, alice_claims(), noon(), seconds{3600});
  auto first = model.find('.');
  auto claims = model.substr(first, model.rfind('.') - first);
  auto text = encode_base64url(R"({"alg":")" + algorithm + R"(","typ":"JWT"})") + claims;
  auto signature = sign(key, text);
  return text + "."
         + encode_base64url(algorithm == "ES256" ? as_pair(signature) : std::move(signature));
}

void verify(benchmark::State& state, jwt_settings settings, const std::string& token) {
  auto made = authenticator::create(std::move(settings));
  if (!works(state, made.ok(), "the key is refused"))
    return;
  const auto& checker = **made;
  if (!works(state, checker.verify(token, noon()).ok(), "the token is refused"))
    return;
  measure(state, [&] { keep(checker.verify(token, noon())); });
}

void jwt_verify_hs256(benchmark::State& state) {
  jwt_settings settings;
  settings.secret = secret;
  verify(state, settings, make_token(secret, alice_claims(), noon(), seconds{3600}));
}
BENCHMARK(jwt_verify_hs256);

void jwt_verify_es256(benchmark::State& state) {
  key_ptr key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  jwt_settings settings;
  settings.public_key_pem = public_pem(key.get());
  verify(state, settings, token_by(key.get(), "ES256"));
}
BENCHMARK(jwt_verify_es256);

void jwt_verify_rs256(benchmark::State& state) {
  key_ptr key{EVP_RSA_gen(2048), EVP_PKEY_free};
  jwt_settings settings;
  settings.public_key_pem = public_pem(key.get());
  verify(state, settings, token_by(key.get(), "RS256"));
}
BENCHMARK(jwt_verify_rs256);

} // namespace

} // namespace carillon::micro
