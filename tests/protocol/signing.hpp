#pragma once

#include "protocol/base64.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// A private key that signs tokens the way an identity provider would.
class signing_key {
public:
  static signing_key rsa(unsigned bits = 2048) { return signing_key{EVP_RSA_gen(bits)}; }
  static signing_key curve(const char* name) { return signing_key{EVP_EC_gen(name)}; }
  static signing_key ed25519() {
    return signing_key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
  }

  std::string public_pem() const {
    std::unique_ptr<BIO, int (*)(BIO*)> out{BIO_new(BIO_s_mem()), BIO_free};
    check(PEM_write_bio_PUBKEY(out.get(), key_.get()));
    char* data = nullptr;
    auto size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
  }

  /// PKCS #1 for RSA, DER for an elliptic curve.
  std::string sign(std::string_view text) const {
    std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
    check(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()));
    auto bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t size = 0;
    check(EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()));
    std::vector<unsigned char> out(size);
    check(EVP_DigestSign(context.get(), out.data(), &size, bytes, text.size()));
    return {reinterpret_cast<char*>(out.data()), size};
  }

  /// The two numbers of an elliptic curve's signature, as tokens have them.
  std::string sign_raw(std::string_view text) const {
    auto der = sign(text);
    auto at = reinterpret_cast<const unsigned char*>(der.data());
    std::unique_ptr<ECDSA_SIG, void (*)(ECDSA_SIG*)> signature{
        d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free};
    std::vector<unsigned char> out(64);
    check(BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out.data(), 32) == 32);
    check(BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out.data() + 32, 32) == 32);
    return {reinterpret_cast<char*>(out.data()), out.size()};
  }

private:
  explicit signing_key(EVP_PKEY* key)
    : key_(key, EVP_PKEY_free) {
    check(key != nullptr);
  }

  static void check(int good) {
    if (good != 1)
      throw std::runtime_error("OpenSSL failed");
  }

  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
};
