#include "net/https_connection.hpp"

#include "net/retry_after.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <utility>

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace ssl = asio::ssl;

namespace carillon::net {

namespace {

constexpr std::size_t longest_body = 64 * 1024;

/// Makes a connection accept the certificate of this host only.
bool expect_host(SSL* session, const std::string& host) {
  boost::system::error_code is_name;
  asio::ip::make_address(host, is_name);
  if (!is_name)
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str()) == 1;
  SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  // The server may have certificates of several hosts.
  return SSL_set1_host(session, host.c_str()) == 1
         && SSL_set_tlsext_host_name(session, host.c_str()) == 1;
}

http_answer no_answer(std::string why) {
  http_answer out;
  out.error = std::move(why);
  return out;
}

} // namespace

result<std::shared_ptr<ssl::context>> load_authorities(const std::string& ca_file) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  boost::system::error_code problem;
  // A system without authorities of its own trusts nobody but those of the file.
  context->set_default_verify_paths(problem);
  context->set_verify_mode(ssl::verify_peer, problem);
  problem = {};
  if (!ca_file.empty())
    context->load_verify_file(ca_file, problem);
  if (problem)
    return failure{error_code::invalid_field, ca_file + ": " + problem.message()};
  return context;
}

https_connection::https_connection(const io_executor& executor, std::shared_ptr<ssl::context> tls,
                                   const service_address& to)
  : context_(std::move(tls))
  , host_(to.host)
  , stream_(executor, *context_) {}

void https_connection::open(const std::vector<asio::ip::tcp::endpoint>& at, opened then) {
  auto on_connected = [self = shared_from_this(), then = std::move(then)](
                          const error& problem, const asio::ip::tcp::endpoint&) mutable {
    if (problem)
      return then("cannot connect to " + self->host_ + ": " + problem.message());
    self->shake_hands(std::move(then));
  };
  asio::async_connect(stream_.next_layer(), at, std::move(on_connected));
}

void https_connection::shake_hands(opened then) {
  error ignored;
  // A request is written in one piece; nothing is gained by waiting for more.
  stream_.next_layer().set_option(asio::ip::tcp::no_delay{true}, ignored);
  if (!expect_host(stream_.native_handle(), host_))
    return then("TLS with " + host_ + ": no certificate can have this name");
  stream_.async_handshake(tls_stream::client, [self = shared_from_this(),
                                               then = std::move(then)](const error& problem) {
    then(problem ? self->why_no_tls(problem) : std::string{});
  });
}

std::string https_connection::why_no_tls(const error& problem) {
  auto verdict = SSL_get_verify_result(stream_.native_handle());
  if (verdict != X509_V_OK)
    return "certificate of " + host_ + ": " + X509_verify_cert_error_string(verdict);
  return "TLS with " + host_ + ": " + problem.message();
}

void https_connection::exchange(std::string request, answered then) {
  request_ = std::move(request);
  expect_answer();
  asio::async_write(
      stream_, asio::buffer(request_),
      [self = shared_from_this(), then = std::move(then)](const error& problem,
                                                          std::size_t) mutable {
        if (problem)
          return then(
              {no_answer("cannot send to " + self->host_ + ": " + problem.message()), false, true});
        self->read(std::move(then));
      });
}

void https_connection::expect_answer() {
  parser_.emplace();
  parser_->eager(true);
  parser_->body_limit(boost::none);
}

void https_connection::read(answered then) {
  http::async_read_some(stream_, buffer_, *parser_,
                        [self = shared_from_this(), then = std::move(then)](const error& problem,
                                                                            std::size_t) mutable {
                          self->on_read(problem, std::move(then));
                        });
}

void https_connection::on_read(const error& problem, answered then) {
  if (problem) {
    auto unheard = !parser_->got_some() && buffer_.size() == 0;
    return then({no_answer("no answer from " + host_ + ": " + problem.message()), false, unheard});
  }
  auto& message = parser_->get();
  auto is_whole = parser_->is_done();
  if (is_whole && message.result_int() / 100 == 1) {
    expect_answer();
    return read(std::move(then));
  }
  auto is_enough = parser_->is_header_done() && message.body().size() >= longest_body;
  if (!is_whole && !is_enough)
    return read(std::move(then));
  outcome out;
  out.reusable = is_whole && message.keep_alive() && buffer_.size() == 0;
  out.answer.status = message.result_int();
  auto wait = message[http::field::retry_after];
  out.answer.retry_after =
      parse_retry_after({wait.data(), wait.size()}, std::chrono::system_clock::now());
  out.answer.body = std::move(message.body());
  if (out.answer.body.size() > longest_body)
    out.answer.body.resize(longest_body);
  then(std::move(out));
}

void https_connection::abort() noexcept {
  error ignored;
  stream_.next_layer().close(ignored);
}

} // namespace carillon::net
