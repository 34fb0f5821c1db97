#include "net/name_lookup.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <mutex>
#include <netdb.h>
#include <system_error>
#include <thread>
#include <utility>

namespace asio = boost::asio;

namespace carillon::net {

namespace {

using tcp = asio::ip::tcp;

tcp::endpoint to_endpoint(const addrinfo& from, std::uint16_t port) {
  tcp::endpoint out;
  out.resize(from.ai_addrlen);
  std::copy_n(reinterpret_cast<const char*>(from.ai_addr), from.ai_addrlen,
              reinterpret_cast<char*>(out.data()));
  out.port(port);
  return out;
}

/// Blocks for as long as the system's resolver does.
name_lookup::answer look_up(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  name_lookup::answer out;
  if (auto problem = ::getaddrinfo(host.c_str(), nullptr, &hints, &list); problem != 0) {
    out.error = ::gai_strerror(problem);
    return out;
  }
  for (const auto* one = list; one != nullptr; one = one->ai_next)
    if (one->ai_family == AF_INET || one->ai_family == AF_INET6)
      out.found.push_back(to_endpoint(*one, port));
  ::freeaddrinfo(list);
  if (out.found.empty())
    out.error = "no address";
  return out;
}

} // namespace

/// What the thread of a lookup holds on to.
struct name_lookup::shared {
  std::mutex lock;
  name_lookup* owner; ///< null: gone, and perhaps its `io_context` with it
};

name_lookup::name_lookup(asio::io_context& io, std::string host, std::uint16_t port)
  : io_(io)
  , host_(std::move(host))
  , port_(port)
  , shared_(std::make_shared<shared>()) {
  shared_->owner = this;
}

name_lookup::~name_lookup() {
  std::lock_guard guard{shared_->lock};
  shared_->owner = nullptr;
}

void name_lookup::find(handler then) {
  waiting_.push_back(std::move(then));
  if (waiting_.size() > 1)
    return;
  // The owner does not go while this is called: both are on one thread, or that thread has ended.
  auto tell = [gate = shared_](answer what) {
    if (gate->owner != nullptr)
      gate->owner->finish(what);
  };
  boost::system::error_code is_name;
  if (auto address = asio::ip::make_address(host_, is_name); !is_name) {
    answer known{{}, {tcp::endpoint{address, port_}}};
    asio::post(io_, [tell, what = std::move(known)]() mutable { tell(std::move(what)); });
    return;
  }
  try {
    std::thread{[gate = shared_, tell, host = host_, port = port_] {
      auto what = look_up(host, port);
      std::lock_guard guard{gate->lock};
      if (gate->owner != nullptr)
        asio::post(gate->owner->io_,
                   [tell, what = std::move(what)]() mutable { tell(std::move(what)); });
    }}.detach();
  } catch (const std::system_error& problem) {
    asio::post(io_, [tell, what = answer{problem.what(), {}}]() mutable { tell(std::move(what)); });
  }
}

void name_lookup::finish(const answer& what) {
  for (auto& then : std::exchange(waiting_, {}))
    then(what);
}

} // namespace carillon::net
