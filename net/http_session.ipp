#pragma once

// The body of `http_session`, for the files that instantiate it.

#include "net/engine_door.hpp"
#include "net/engine_io_handshake.hpp"
#include "net/engine_io_session.hpp"
#include "net/http_session.hpp"
#include "net/http_text.hpp"
#include "net/plain_stream.hpp"
#include "net/url.hpp"
#include "net/websocket_handshake.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace carillon::net {

template <class Stream>
http_session<Stream>::http_session(std::shared_ptr<site> host, Stream&& stream, ip_address peer)
  : exchange(std::move(host), stream.get_executor(), std::move(peer))
  , stream_(std::move(stream))
  , timer_(executor_)
  , phase_(phase::idle) {}

template <class Stream>
std::shared_ptr<http_session<Stream>> http_session<Stream>::self() {
  return std::static_pointer_cast<http_session>(shared_from_this());
}

template <class Stream>
void http_session<Stream>::start() {
  if (!site_->connections->add(*this))
    return;
  counters::add(site_->context.counts.connections_opened);
  allow(site_->waits().http_header);
  begin();
}

template <class Stream>
void http_session<Stream>::begin() {
  phase_ = phase::idle;
  if constexpr (requires { stream_.next_layer().is_open(); }) {
    // A stream with another below it (TLS) has a handshake before its first request.
    stream_.async_handshake(Stream::server, [me = self()](const error& problem) {
      problem ? me->close() : me->read_header();
    });
  } else {
    read_header();
  }
}

template <class Stream>
void http_session<Stream>::read_header() {
  namespace http = boost::beast::http;
  phase_ = phase::idle;
  if (last_)
    return close();
  if (buffer_.size() == 0)
    buffer_.shrink_to_fit();
  parser_.emplace();
  parser_->header_limit(header_limit);
  auto& limits = site_->settings().limits;
  // The parser compares a length with the limit before the path is known.
  set_body_limit(limits.body_bytes == 0 || limits.frame_bytes == 0
                     ? 0
                     : std::max(limits.body_bytes, limits.frame_bytes));
  http::async_read_header(
      stream_, buffer_, *parser_,
      [me = self()](const error& problem, std::size_t) { me->on_header(problem); });
}

template <class Stream>
bool http_session<Stream>::set_body_limit(std::size_t bytes) {
  if (bytes == 0)
    parser_->body_limit(boost::none);
  else
    parser_->body_limit(bytes);
  auto length = parser_->is_header_done() ? parser_->content_length() : boost::none;
  return bytes == 0 || !length || *length <= bytes;
}

template <class Stream>
bool http_session<Stream>::asks_for_wire() const {
  auto target = parser_->get().target();
  return wire_at(split_target({target.data(), target.size()}).path,
                 site_->settings().server.conformance_echo)
      .has_value();
}

template <class Stream>
void http_session<Stream>::on_header(const error& problem) {
  namespace http = boost::beast::http;
  if (phase_ == phase::closed)
    return;
  if (problem)
    return on_bad_read(problem);
  auto& head = parser_->get();
  keep_alive_ = head.keep_alive();
  if (boost::beast::websocket::is_upgrade(head) && upgrade())
    return;
  allow(site_->waits().http_body);
  phase_ = phase::body;
  auto& limits = site_->settings().limits;
  if (!set_body_limit(asks_for_wire() ? limits.frame_bytes : limits.body_bytes))
    return on_bad_read(http::error::body_limit);
  if (parser_->is_done())
    return on_body({});
  if (!boost::beast::iequals(head[http::field::expect], "100-continue"))
    return read_body();
  static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  boost::asio::async_write(
      stream_, boost::asio::buffer(go_on),
      [me = self()](const error& failed, std::size_t) { failed ? me->close() : me->read_body(); });
}

template <class Stream>
void http_session<Stream>::read_body() {
  boost::beast::http::async_read(
      stream_, buffer_, *parser_,
      [me = self()](const error& problem, std::size_t) { me->on_body(problem); });
}

template <class Stream>
void http_session<Stream>::on_body(const error& problem) {
  if (phase_ == phase::closed)
    return;
  if (problem)
    return on_bad_read(problem);
  allow(site_->waits().http_handling);
  phase_ = phase::handling;
  handle(parser_->release());
}

template <class Stream>
void http_session<Stream>::on_bad_read(const error& problem) {
  namespace http = boost::beast::http;
  keep_alive_ = false;
  if (problem == http::error::body_limit) {
    auto target = parser_->get().target();
    auto path = split_target({target.data(), target.size()}).path;
    return refuse_unread(
        asks_for_wire() ? error_code::frame_too_large : error_code::body_too_large, 413, path);
  }
  if (problem == http::error::header_limit)
    return refuse_unread({error_code::invalid_field, "headers too large"}, 431);
  if (problem == http::error::end_of_stream || problem == http::error::partial_message
      || problem.category() != http::make_error_code(http::error::bad_method).category())
    return close();
  refuse_unread({error_code::invalid_field, "malformed HTTP request"}, 400);
}

template <class Stream>
bool http_session<Stream>::upgrade() {
  auto& wanted = parser_->get();
  auto door = open_door(*site_, wanted);
  // Nobody may speak WebSocket before the server agreed to it. What is refused here goes on as a
  // plain request, which is answered with the reason.
  if (!door || buffer_.size() != 0) {
    keep_alive_ = false;
    return false;
  }
  door->token = handshake_token(wanted);
  door->from = client_address(wanted);
  auto asked = parser_->release();
  timer_.cancel();
  phase_ = phase::closed;
  auto to = door->session ? door->session->executor() : executor_;
  auto moved = rehome(std::move(stream_), to);
  if (!moved) {
    counters::add(site_->context.counts.connections_closed);
    site_->connections->remove(*this);
    return true;
  }
  boost::asio::dispatch(to, [me = self(), stream = std::move(*moved), asked = std::move(asked),
                             door = std::move(*door)]() mutable {
    start_websocket(me->site_, std::move(stream), asked, std::move(door));
    // The new connection is in the registry before this one leaves it.
    auto back = me->executor_;
    boost::asio::dispatch(back, [me = std::move(me)] { me->site_->connections->remove(*me); });
  });
  return true;
}

template <class Stream>
void http_session<Stream>::send(response what) {
  if (phase_ == phase::closed)
    return;
  allow(site_->waits().http_write);
  phase_ = phase::writing;
  keep_alive_ = keep_alive_ && !last_;
  auto head_only = current().method() == boost::beast::http::verb::head;
  head_ = http_head(what, keep_alive_);
  body_ = head_only ? std::string{} : std::move(what.body);
  std::array<boost::asio::const_buffer, 2> parts{boost::asio::buffer(head_),
                                                 boost::asio::buffer(body_)};
  boost::asio::async_write(
      stream_, parts, [me = self()](const error& problem, std::size_t) { me->on_sent(problem); });
}

template <class Stream>
void http_session<Stream>::on_sent(const error& problem) {
  if (phase_ == phase::closed)
    return;
  if (problem)
    return close();
  body_ = {};
  if (!keep_alive_)
    return linger();
  allow(site_->waits().http_idle);
  read_header();
}

template <class Stream>
void http_session<Stream>::linger() {
  allow(site_->waits().http_linger);
  phase_ = phase::lingering;
  say_goodbye(stream_, [me = self()](const error&) { me->close(); });
}

template <class Stream>
void http_session<Stream>::on_held() {
  phase_ = phase::held;
  allow(std::chrono::hours{24}); // the session's heartbeat bounds it
  watch();
}

template <class Stream>
void http_session<Stream>::watch() {
  if (std::exchange(watching_, true))
    return;
  boost::beast::get_lowest_layer(stream_).async_wait(tcp_socket::wait_read,
                                                     [me = self()](const error& problem) {
                                                       me->watching_ = false;
                                                       if (!problem && me->phase_ == phase::held)
                                                         me->on_readable();
                                                     });
}

template <class Stream>
void http_session<Stream>::on_readable() {
  // Reading would take the next request's bytes.
  std::uint8_t first = 0;
  auto got = recv(boost::beast::get_lowest_layer(stream_).native_handle(), &first, 1,
                  MSG_PEEK | MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    return watch();
  constexpr bool encrypted = requires { stream_.next_layer().is_open(); };
  constexpr std::uint8_t tls_alert = 21; // the goodbye, most likely (RFC 8446, section 5.1)
  if (got <= 0 || (encrypted && first == tls_alert))
    close();
}

template <class Stream>
void http_session<Stream>::close() noexcept {
  if (phase_ == phase::closed)
    return;
  phase_ = phase::closed;
  let_go();
  counters::add(site_->context.counts.connections_closed);
  site_->connections->remove(*this);
  timer_.cancel();
  error ignored; // nothing is left to do with it
  boost::beast::get_lowest_layer(stream_).close(ignored);
}

template <class Stream>
void http_session<Stream>::shut_down() noexcept {
  last_ = true;
  if (phase_ == phase::idle)
    close();
}

template <class Stream>
void http_session<Stream>::abort() noexcept {
  close();
}

template <class Stream>
void http_session<Stream>::allow(std::chrono::milliseconds patience) {
  deadline_ = std::chrono::steady_clock::now() + patience;
  if (armed_for_ == instant{} || deadline_ < armed_for_)
    arm(deadline_);
}

template <class Stream>
void http_session<Stream>::arm(instant at) {
  armed_for_ = at;
  timer_.expires_at(at);
  timer_.async_wait([me = self()](const error& problem) {
    if (!problem)
      me->on_timer();
  });
}

template <class Stream>
void http_session<Stream>::on_timer() {
  if (phase_ == phase::closed)
    return;
  if (std::chrono::steady_clock::now() < deadline_)
    return arm(deadline_);
  armed_for_ = {};
  if (phase_ == phase::handling)
    return give_up();
  close();
}

} // namespace carillon::net
