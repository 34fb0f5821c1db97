#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>
#include <string>

namespace carillon::net::test {

/// A key and a certificate signed with it, in files that go away again.
class certificate {
public:
  certificate() {
    auto pattern = (std::filesystem::temp_directory_path() / "carillon-tls-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    auto* key = EVP_EC_gen("P-256");
    auto* cert = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -60);
    X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
    X509_set_pubkey(cert, key);
    auto* name = X509_get_subject_name(cert);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(cert, name);
    X509_sign(cert, key, EVP_sha256());
    if (auto* file = std::fopen(chain().c_str(), "w")) {
      PEM_write_X509(file, cert);
      std::fclose(file);
    }
    if (auto* file = std::fopen(secret().c_str(), "w")) {
      PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
      std::fclose(file);
    }
    X509_free(cert);
    EVP_PKEY_free(key);
  }
  ~certificate() { std::filesystem::remove_all(folder_); }
  certificate(const certificate&) = delete;
  certificate& operator=(const certificate&) = delete;

  std::string chain() const { return folder_ + "/chain.pem"; }
  std::string secret() const { return folder_ + "/key.pem"; }

private:
  std::string folder_;
};

} // namespace carillon::net::test
