#include "net/listener.hpp"

#include "config/log.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>

#include <array>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace carillon::net {

namespace {

/// How long accepting pauses when the process has no descriptor or memory left for a connection.
constexpr std::chrono::milliseconds exhausted_pause{100};

bool exhausted(const boost::system::error_code& problem) {
  constexpr std::array codes{EMFILE, ENFILE, ENOBUFS, ENOMEM};
  return std::find(codes.begin(), codes.end(), problem.value()) != codes.end();
}

} // namespace

listener::listener(io_pool& pool, taker take)
  : pool_(pool)
  , take_(std::move(take))
  , acceptor_(pool.context(0).get_executor())
  , timer_(pool.context(0).get_executor()) {}

status listener::open(const std::string& host, std::uint16_t port) {
  boost::system::error_code problem;
  auto refuse = [&] {
    return failure{error_code::invalid_field, "cannot listen on " + host + ":"
                                                  + std::to_string(port) + ": "
                                                  + problem.message()};
  };
  tcp::resolver resolver{pool_.context(0)};
  auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, problem);
  if (problem)
    return refuse();
  tcp::endpoint where = found.begin()->endpoint();
  acceptor_.open(where.protocol(), problem);
  if (!problem)
    acceptor_.set_option(asio::socket_base::reuse_address{true}, problem);
  if (!problem && where.address().is_v6() && where.address().is_unspecified())
    acceptor_.set_option(asio::ip::v6_only{false}, problem);
  if (!problem)
    acceptor_.bind(where, problem);
  if (!problem) // accepted sockets inherit it
    acceptor_.set_option(tcp::no_delay{true}, problem);
  if (!problem)
    acceptor_.listen(asio::socket_base::max_listen_connections, problem);
  if (problem) {
    auto why = refuse();
    acceptor_.close(problem);
    return why;
  }
  port_ = acceptor_.local_endpoint(problem).port();
  return success();
}

void listener::start() {
  asio::post(pool_.context(0), [self = shared_from_this()] { self->accept(); });
}

void listener::stop() {
  asio::dispatch(pool_.context(0), [self = shared_from_this()] {
    boost::system::error_code ignored; // it may be closed already
    self->acceptor_.close(ignored);
    self->timer_.cancel();
  });
}

void listener::accept() {
  if (!acceptor_.is_open())
    return;
  auto thread = next_++ % pool_.size();
  acceptor_.async_accept(pool_.context(thread),
                         [self = shared_from_this(),
                          thread](const boost::system::error_code& problem, tcp_socket socket) {
                           self->on_accepted(problem, std::move(socket), thread);
                         });
}

void listener::on_accepted(const boost::system::error_code& problem, tcp_socket socket,
                           std::size_t thread) {
  if (!acceptor_.is_open())
    return;
  if (problem) {
    failures_.fetch_add(1);
    log::warn("accept_failed", {{"error", problem.message()}});
    return exhausted(problem) ? rest() : accept();
  }
  // First of all, so that nothing that happens to this one keeps others out.
  accept();
  asio::dispatch(pool_.context(thread),
                 [self = shared_from_this(), taken = std::move(socket)]() mutable {
                   self->take_(std::move(taken));
                 });
}

void listener::rest() {
  timer_.expires_after(exhausted_pause);
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
    if (!cancelled)
      self->accept();
  });
}

} // namespace carillon::net
