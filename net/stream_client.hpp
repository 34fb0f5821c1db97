#pragma once

#include "protocol/outbox.hpp"
#include "protocol/result.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace boost::asio {
class io_context;
}

namespace carillon::net {

struct stream_client_settings {
  std::string base_url; ///< https only; empty: Stream's own, `https://chat.stream-io-api.com`
  std::string api_key;
  std::string api_secret;                    ///< signs the server's token; kept nowhere else
  std::string ca_file;                       ///< PEM; empty: the system's certificates
  std::chrono::milliseconds timeout{10'000}; ///< of connecting, and of a whole request
  std::size_t connections = 8;
};

/// One answer, or none.
struct http_answer {
  unsigned status = 0; ///< 0: none came, `error` says why
  std::optional<std::chrono::seconds> retry_after;
  std::string body; ///< at most 64 KiB of it
  std::string error;
};

/// The HTTPS client for Stream's REST API: connections that are kept, TLS 1.2 or 1.3, the
/// certificate checked against the system's authorities (and `ca_file`) and against the host's
/// name. Used on the thread of its `io_context` only.
class stream_client {
public:
  /// `invalid_field` naming the setting when the address or the file is of no use.
  [[nodiscard]] static result<std::unique_ptr<stream_client>> make(boost::asio::io_context& io,
                                                                   stream_client_settings how);
  virtual ~stream_client() = default;

  /// Sends a POST with the headers of Stream's SDK; `then` is called once, never before this
  /// returns, after `timeout` at the latest. A kept connection that was closed meanwhile is
  /// replaced once, if nothing of the answer had come.
  virtual void post(const outbox_entry& what, std::function<void(http_answer)> then) = 0;

  /// Lets all connections go; what is under way is answered with an error.
  virtual void close() = 0;
};

} // namespace carillon::net
