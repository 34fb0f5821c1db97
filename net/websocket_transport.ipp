#pragma once

// The body of `websocket_transport`, for the files that instantiate it.

#include "config/log.hpp"
#include "net/plain_stream.hpp"
#include "net/socket_io_session.hpp"
#include "net/websocket_transport.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/websocket/error.hpp>

namespace carillon::net {

/// What the read buffer may keep between two messages.
inline constexpr std::size_t idle_buffer = 2048;

template <class Stream>
void start_websocket(std::shared_ptr<site> host, Stream&& stream, const exchange::request& upgrade,
                     std::string token, ip_address from) {
  auto executor = stream.get_executor();
  auto way = std::make_shared<websocket_transport<Stream>>(host, std::move(stream));
  way->accept(upgrade, std::make_shared<socket_io_session>(std::move(host), executor,
                                                           std::move(from), std::move(token)));
}

template <class Stream>
websocket_transport<Stream>::websocket_transport(std::shared_ptr<site> host, Stream&& stream)
  : site_(std::move(host))
  , stream_(std::move(stream)) {
  stream_.set_option(boost::beast::websocket::stream_base::timeout{
      site_->waits().close, boost::beast::websocket::stream_base::none(), false});
  stream_.read_message_max(site_->settings().limits.frame_bytes);
  stream_.auto_fragment(false);
  stream_.text(true);
}

template <class Stream>
void websocket_transport<Stream>::accept(const exchange::request& upgrade,
                                         std::shared_ptr<engine_io_session> session) {
  if (!site_->connections->add(*this)) {
    counters::add(site_->context.counts.connections_closed);
    return;
  }
  session_ = std::move(session);
  stream_.async_accept(
      upgrade, [me = this->shared_from_this()](const error& problem) { me->on_accepted(problem); });
}

template <class Stream>
void websocket_transport<Stream>::on_accepted(const error& problem) {
  if (problem || !session_)
    return finish();
  accepted_ = true;
  session_->open(this->shared_from_this());
  read();
}

template <class Stream>
void websocket_transport<Stream>::read() {
  if (reading_ || handing_in_ || paused_ || closing_ || !session_)
    return;
  reading_ = true;
  stream_.async_read(buffer_, [me = this->shared_from_this()](const error& problem, std::size_t) {
    me->on_read(problem);
  });
}

template <class Stream>
void websocket_transport<Stream>::on_read(const error& problem) {
  reading_ = false;
  if (problem == boost::beast::websocket::error::message_too_big && session_)
    session_->on_too_big();
  if (problem)
    return finish();
  if (session_ && !closing_)
    hand_in();
  buffer_.clear();
  if (buffer_.capacity() > idle_buffer)
    buffer_.shrink_to_fit();
  read();
}

template <class Stream>
void websocket_transport<Stream>::hand_in() {
  handing_in_ = true;
  try {
    if (stream_.got_text())
      session_->on_text({static_cast<const char*>(buffer_.cdata().data()), buffer_.size()});
    else
      session_->on_binary();
  } catch (const std::exception& problem) {
    // Out of memory, most likely: this connection pays, not the others.
    log::error("packet_failed", {{"error", problem.what()}});
    finish();
  }
  handing_in_ = false;
}

template <class Stream>
void websocket_transport<Stream>::flush() {
  if (writing_ || !session_ || !accepted_)
    return;
  writing_ = session_->out().pop();
  if (!writing_) {
    if (closing_)
      send_close();
    return;
  }
  stream_.async_write(boost::asio::buffer(*writing_),
                      [me = this->shared_from_this()](const error& problem, std::size_t) {
                        me->on_written(problem);
                      });
}

template <class Stream>
void websocket_transport<Stream>::on_written(const error& problem) {
  writing_.reset();
  if (problem)
    return finish();
  flush();
}

template <class Stream>
void websocket_transport<Stream>::pause(bool on) {
  paused_ = on;
  read();
}

template <class Stream>
void websocket_transport<Stream>::close(close_reason reason) {
  if (closing_)
    return;
  closing_ = true;
  reason_ = reason;
  flush();
}

template <class Stream>
void websocket_transport<Stream>::send_close() {
  auto& row = describe(reason_);
  boost::beast::websocket::close_reason why{row.code};
  why.reason.assign(row.sentence.data(), row.sentence.size());
  stream_.async_close(why, [me = this->shared_from_this()](const error&) { me->finish(); });
}

template <class Stream>
void websocket_transport<Stream>::abort() noexcept {
  error ignored; // nothing is left to do with it
  boost::beast::get_lowest_layer(stream_).close(ignored);
}

template <class Stream>
void websocket_transport<Stream>::shut_down() noexcept {
  if (accepted_ && session_)
    session_->close(close_reason::going_away);
  else
    abort();
}

template <class Stream>
void websocket_transport<Stream>::finish() {
  if (!session_)
    return;
  auto session = std::move(session_);
  session_ = nullptr;
  counters::add(site_->context.counts.connections_closed);
  site_->connections->remove(*this);
  session->on_transport_closed();
  error ignored; // the peer may have closed it already
  boost::beast::get_lowest_layer(stream_).close(ignored);
}

} // namespace carillon::net
