#include "protocol/verification_key.hpp"

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <array>

namespace carillon {

namespace {

constexpr int min_rsa_bits = 2048;
constexpr std::size_t p256_number_bytes = 32;

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* what) const noexcept {
    Free(what);
  }
};
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using pkey_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using digest_context_ptr = std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX_free>>;
using ecdsa_signature_ptr = std::unique_ptr<ECDSA_SIG, freed_by<ECDSA_SIG_free>>;
using bignum_ptr = std::unique_ptr<BIGNUM, freed_by<BN_free>>;

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

bool verify_sha256(EVP_PKEY* key, std::string_view text, std::string_view signature) {
  digest_context_ptr context{EVP_MD_CTX_new()};
  bool good = context
              && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1
              && EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(),
                                  bytes_of(text), text.size())
                     == 1;
  // A bad signature also leaves entries in the thread's error queue.
  ERR_clear_error();
  return good;
}

class hs256_key final : public verification_key {
public:
  explicit hs256_key(std::string secret)
    : secret_(std::move(secret)) {}

  std::string_view algorithm() const noexcept override { return "HS256"; }

  bool verify(std::string_view text, std::string_view signature) const override {
    auto expected = hmac_sha256(secret_, text);
    return !expected.empty() && expected.size() == signature.size()
           && CRYPTO_memcmp(expected.data(), signature.data(), expected.size()) == 0;
  }

private:
  std::string secret_;
};

class rs256_key final : public verification_key {
public:
  explicit rs256_key(pkey_ptr key)
    : key_(std::move(key)) {}

  std::string_view algorithm() const noexcept override { return "RS256"; }

  bool verify(std::string_view text, std::string_view signature) const override {
    return verify_sha256(key_.get(), text, signature);
  }

private:
  pkey_ptr key_;
};

/// The DER form of a signature that is two big-endian numbers of 32 bytes each (RFC 7518, section
/// 3.4); empty if it is not that long.
std::string der_signature(std::string_view raw) {
  if (raw.size() != 2 * p256_number_bytes)
    return {};
  bignum_ptr r{BN_bin2bn(bytes_of(raw), p256_number_bytes, nullptr)};
  bignum_ptr s{BN_bin2bn(bytes_of(raw) + p256_number_bytes, p256_number_bytes, nullptr)};
  ecdsa_signature_ptr signature{ECDSA_SIG_new()};
  if (!r || !s || !signature || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1)
    return {};
  // The signature owns the numbers from here on.
  (void)r.release();
  (void)s.release();
  unsigned char* der = nullptr;
  int length = i2d_ECDSA_SIG(signature.get(), &der);
  if (length <= 0)
    return {};
  std::string out{reinterpret_cast<const char*>(der), static_cast<std::size_t>(length)};
  OPENSSL_free(der);
  return out;
}

class es256_key final : public verification_key {
public:
  explicit es256_key(pkey_ptr key)
    : key_(std::move(key)) {}

  std::string_view algorithm() const noexcept override { return "ES256"; }

  bool verify(std::string_view text, std::string_view signature) const override {
    auto der = der_signature(signature);
    return !der.empty() && verify_sha256(key_.get(), text, der);
  }

private:
  pkey_ptr key_;
};

/// For keys under a passphrase: there is nobody to ask.
int no_passphrase(char*, int, int, void*) noexcept { return -1; }

bool is_p256(const EVP_PKEY* key) {
  std::array<char, 64> name{};
  return EVP_PKEY_is_a(key, "EC")
         && EVP_PKEY_get_group_name(key, name.data(), name.size(), nullptr) == 1
         && std::string_view{name.data()} == "prime256v1";
}

} // namespace

verification_key_ptr make_hs256_key(std::string secret) {
  return std::make_unique<const hs256_key>(std::move(secret));
}

result<verification_key_ptr> make_public_key(std::string_view pem) {
  bio_ptr source{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  pkey_ptr key;
  if (source)
    key.reset(PEM_read_bio_PUBKEY(source.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (!key)
    return failure{error_code::invalid_field, "not a public key in PEM"};
  if (EVP_PKEY_is_a(key.get(), "RSA")) {
    if (EVP_PKEY_get_bits(key.get()) < min_rsa_bits)
      return failure{error_code::invalid_field, "an RSA key needs at least 2048 bits"};
    return verification_key_ptr{std::make_unique<const rs256_key>(std::move(key))};
  }
  if (is_p256(key.get()))
    return verification_key_ptr{std::make_unique<const es256_key>(std::move(key))};
  return failure{error_code::invalid_field, "a public key must be RSA or P-256"};
}

std::string hmac_sha256(std::string_view secret, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes_of(text),
           text.size(), digest.data(), &length)
      == nullptr)
    return {};
  return {reinterpret_cast<const char*>(digest.data()), length};
}

} // namespace carillon
