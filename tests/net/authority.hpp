#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace carillon::net::test {

/// A certificate authority, whose own certificate and those that it made are in files that go away
/// with it.
class authority {
public:
  /// The PEM files of a certificate and its key.
  struct files {
    std::string chain;
    std::string key;
  };

  explicit authority(const char* name = "Authority of tests") {
    auto pattern = (std::filesystem::temp_directory_path() / "carillon-ca-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    key_.reset(EVP_EC_gen("P-256"));
    own_ = make(name, key_.get(), -60, 3600);
    extend(own_.get(), NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(own_.get(), key_.get(), EVP_sha256());
    save(own_.get(), chain());
  }
  ~authority() { std::filesystem::remove_all(folder_); }
  authority(const authority&) = delete;
  authority& operator=(const authority&) = delete;

  [[nodiscard]] std::string chain() const { return folder_ + "/authority.pem"; }

  /// A certificate for `names`, such as `DNS:localhost,IP:127.0.0.1`, which is valid between these
  /// seconds from now.
  files certify(const std::string& names, long from_s = -60, long until_s = 3600) {
    pkey key{EVP_EC_gen("P-256")};
    auto cert = make("Server of tests", key.get(), from_s, until_s);
    extend(cert.get(), NID_subject_alt_name, names.c_str());
    X509_sign(cert.get(), key_.get(), EVP_sha256());
    auto base = folder_ + "/" + std::to_string(serial_);
    files made{base + ".pem", base + "-key.pem"};
    save(cert.get(), made.chain);
    if (auto* file = std::fopen(made.key.c_str(), "w")) {
      PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
      std::fclose(file);
    }
    return made;
  }

private:
  struct release {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* cert) const { X509_free(cert); }
  };
  using pkey = std::unique_ptr<EVP_PKEY, release>;
  using x509 = std::unique_ptr<X509, release>;

  x509 make(const char* name, EVP_PKEY* key, long from_s, long until_s) {
    x509 cert{X509_new()};
    X509_set_version(cert.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), ++serial_);
    X509_gmtime_adj(X509_getm_notBefore(cert.get()), from_s);
    X509_gmtime_adj(X509_getm_notAfter(cert.get()), until_s);
    X509_set_pubkey(cert.get(), key);
    auto* subject = X509_get_subject_name(cert.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    X509_set_issuer_name(cert.get(), own_ ? X509_get_subject_name(own_.get()) : subject);
    return cert;
  }

  static void extend(X509* cert, int what, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, cert, cert, nullptr, nullptr, 0);
    auto* extension = X509V3_EXT_conf_nid(nullptr, &context, what, value);
    X509_add_ext(cert, extension, -1);
    X509_EXTENSION_free(extension);
  }

  static void save(X509* cert, const std::string& path) {
    if (auto* file = std::fopen(path.c_str(), "w")) {
      PEM_write_X509(file, cert);
      std::fclose(file);
    }
  }

  std::string folder_;
  long serial_ = 0;
  pkey key_;
  x509 own_;
};

} // namespace carillon::net::test
