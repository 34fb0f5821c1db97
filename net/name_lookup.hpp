#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace carillon::net {

/// Finds the addresses of one host. The system's resolver blocks and cannot be interrupted, so it
/// runs on a thread of its own, for which nobody waits: neither who asks nor the end of the
/// program. Used on the thread of its `io_context` only, which outlives it.
class name_lookup {
public:
  struct answer {
    std::string error; ///< empty: there are addresses
    std::vector<boost::asio::ip::tcp::endpoint> found;
  };
  using handler = std::function<void(const answer&)>;

  /// For connections to `port` of `host`, a name or an address.
  name_lookup(boost::asio::io_context& io, std::string host, std::uint16_t port);
  ~name_lookup(); ///< nobody is answered any more
  name_lookup(const name_lookup&) = delete;
  name_lookup& operator=(const name_lookup&) = delete;

  /// `then` is called once, never before this returns. Who asks while a lookup is under way gets
  /// its answer; so there is at most one thread.
  void find(handler then);

private:
  struct shared;
  void finish(const answer& what);

  boost::asio::io_context& io_;
  std::string host_;
  std::uint16_t port_;
  std::vector<handler> waiting_;
  std::shared_ptr<shared> shared_;
};

} // namespace carillon::net
