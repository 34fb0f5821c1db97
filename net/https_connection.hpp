#pragma once

#include "net/service_address.hpp"
#include "net/stream.hpp"
#include "net/stream_client.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace carillon::net {

/// The client's side of TLS 1.2 and 1.3, which trusts the system's authorities and those in
/// `ca_file` (PEM; empty: none). `invalid_field` saying why when that file is of no use.
[[nodiscard]] result<std::shared_ptr<boost::asio::ssl::context>>
load_authorities(const std::string& ca_file);

/// One connection of a client to an HTTPS server, whose certificate is checked against the
/// authorities and against the host's name. For one request at a time; without a clock. On the
/// thread of its executor only. Kept alive by what is under way; its handlers are called once each,
/// also when it was aborted, and never before the function that took them returns.
class https_connection : public std::enable_shared_from_this<https_connection> {
public:
  /// `error` is empty when it is open.
  using opened = std::function<void(std::string error)>;

  /// How a request went.
  struct outcome {
    http_answer answer;
    bool reusable = false; ///< the connection takes another request
    bool unheard = false;  ///< it broke before anything of an answer came
  };
  using answered = std::function<void(outcome)>;

  https_connection(const io_executor& executor, std::shared_ptr<boost::asio::ssl::context> tls,
                   const service_address& to);

  void open(const std::vector<boost::asio::ip::tcp::endpoint>& at, opened then);

  /// Sends the bytes of a whole request and reads the answer, of a body that is too long its
  /// beginning.
  void exchange(std::string request, answered then);

  /// Ends what is under way.
  void abort() noexcept;

private:
  using tls_stream = boost::asio::ssl::stream<tcp_socket>;
  using parser = boost::beast::http::response_parser<boost::beast::http::string_body>;
  using error = boost::system::error_code;

  void shake_hands(opened then);
  [[nodiscard]] std::string why_no_tls(const error& problem);
  void read(answered then);
  void on_read(const error& problem, answered then);
  void expect_answer();

  std::shared_ptr<boost::asio::ssl::context> context_;
  std::string host_;
  tls_stream stream_;
  std::string request_;
  boost::beast::flat_buffer buffer_;
  std::optional<parser> parser_;
};

} // namespace carillon::net
