#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <memory>
#include <string>

/// The types that connections are made of. Executors are concrete, so that no operation pays for
/// type erasure.
namespace carillon::net {

using io_executor = boost::asio::io_context::executor_type;
using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, io_executor>;
using io_timer = boost::asio::basic_waitable_timer<
    std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, io_executor>;

/// A point on the clock that timers and rate limits use.
using instant = std::chrono::steady_clock::time_point;

/// One text message on its way to a client; shared by all receivers of the same event.
using frame = std::shared_ptr<const std::string>;

} // namespace carillon::net
