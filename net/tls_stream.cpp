#include "net/tls_stream.hpp"

#include <openssl/ssl.h>

namespace carillon::net {

result<std::shared_ptr<tls_context>> load_tls(const std::string& certificate,
                                              const std::string& key) {
  auto refuse = [](std::string_view setting, const std::string& file, const std::string& why) {
    return failure{error_code::invalid_field, std::string{setting} + ": " + file + ": " + why};
  };
  if (certificate.empty())
    return refuse("server.tls_certificate", "not set", "server.tls_key is");
  if (key.empty())
    return refuse("server.tls_key", "not set", "server.tls_certificate is");
  auto context = std::make_shared<tls_context>(tls_context::tls_server);
  boost::system::error_code problem;
  context->set_options(tls_context::default_workarounds | tls_context::no_sslv2
                           | tls_context::no_sslv3 | tls_context::no_tlsv1 | tls_context::no_tlsv1_1
                           | tls_context::no_compression,
                       problem);
  context->use_certificate_chain_file(certificate, problem);
  if (problem)
    return refuse("server.tls_certificate", certificate, problem.message());
  context->use_private_key_file(key, tls_context::pem, problem);
  if (problem)
    return refuse("server.tls_key", key, problem.message());
  // An idle connection gives its 34 KB of buffers back.
  SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  return context;
}

} // namespace carillon::net
