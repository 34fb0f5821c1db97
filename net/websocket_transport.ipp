#pragma once

// The body of `websocket_transport`, for the files that instantiate it.

#include "config/log.hpp"
#include "net/plain_stream.hpp"
#include "net/upgrade_probe.hpp"
#include "net/websocket_echo.hpp"
#include "net/utf8_tail.hpp"
#include "net/websocket_transport.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/websocket/error.hpp>

namespace carillon::net {

/// How much of many frames leaves in one write, about.
inline constexpr std::size_t batch_limit = 64 * 1024;

/// What the read buffer may keep between two messages.
inline constexpr std::size_t idle_buffer = 2048;

template <class Stream>
void start_websocket(std::shared_ptr<site> host, Stream&& stream, const exchange::request& upgrade,
                     door through) {
  if (through.speaks == wire::raw_echo) {
    auto echo = std::make_shared<websocket_echo<Stream>>(std::move(host), std::move(stream));
    return echo->accept(upgrade);
  }
  auto executor = stream.get_executor();
  auto way = std::make_shared<websocket_transport<Stream>>(host, std::move(stream));
  if (through.session)
    way->accept(upgrade,
                std::make_shared<upgrade_probe>(std::move(host), std::move(through.session)));
  else
    way->accept(upgrade, make_session(std::move(host), executor, std::move(through)));
}

template <class Stream>
websocket_transport<Stream>::websocket_transport(std::shared_ptr<site> host, Stream&& stream)
  : site_(std::move(host))
  , stream_(std::move(stream)) {
  stream_.set_option(boost::beast::websocket::stream_base::timeout{
      site_->waits().close, boost::beast::websocket::stream_base::none(), false});
  stream_.read_message_max(site_->settings().limits.frame_bytes);
  stream_.auto_fragment(false);
  stream_.control_callback(
      [this](boost::beast::websocket::frame_type what, boost::beast::string_view) {
        if (what == boost::beast::websocket::frame_type::pong && user_)
          user_->on_pong();
      });
}

template <class Stream>
void websocket_transport<Stream>::accept(const exchange::request& upgrade,
                                         std::shared_ptr<transport_user> user) {
  if (!site_->connections->add(*this)) {
    counters::add(site_->context.counts.connections_closed);
    return;
  }
  user_ = std::move(user);
  stream_.async_accept(
      upgrade, [me = this->shared_from_this()](const error& problem) { me->on_accepted(problem); });
}

template <class Stream>
void websocket_transport<Stream>::on_accepted(const error& problem) {
  if (problem || !user_)
    return finish();
  accepted_ = true;
  user_->open(this->shared_from_this());
  read();
}

template <class Stream>
void websocket_transport<Stream>::read() {
  if (reading_ || handing_in_ || paused_ || closing_ || !user_)
    return;
  reading_ = true;
  stream_.async_read(buffer_, [me = this->shared_from_this()](const error& problem, std::size_t) {
    me->on_read(problem);
  });
}

template <class Stream>
void websocket_transport<Stream>::on_read(const error& problem) {
  reading_ = false;
  if (problem == boost::beast::websocket::error::message_too_big && user_)
    user_->on_too_big();
  if (problem)
    return finish();
  if (user_ && !closing_)
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
    std::string_view message{static_cast<const char*>(buffer_.cdata().data()), buffer_.size()};
    if (!stream_.got_text())
      user_->on_binary(message);
    else if (ends_inside_character(message))
      refuse_text();
    else
      user_->on_text(message);
  } catch (const std::exception& problem) {
    // Out of memory, most likely: this connection pays, not the others.
    log::error("packet_failed", {{"error", problem.what()}});
    finish();
  }
  handing_in_ = false;
}

template <class Stream>
void websocket_transport<Stream>::refuse_text() {
  bad_text_ = true;
  close(close_reason::protocol_error);
}

template <class Stream>
void websocket_transport<Stream>::flush() {
  if (writing_ || !user_ || !accepted_)
    return;
  auto& waiting = user_->out();
  writing_ = waiting.pop();
  // The next frame takes this one along.
  auto& way = stream_.next_layer();
  way.hold(!waiting.empty() && way.held() < batch_limit);
  if (!writing_) {
    if (closing_)
      send_close();
    return;
  }
  auto binary = writing_->starts_with(binary_mark);
  stream_.binary(binary);
  stream_.async_write(boost::asio::buffer(*writing_) + (binary ? 1 : 0),
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
  if (bad_text_)
    why.code = boost::beast::websocket::close_code::bad_payload;
  why.reason.assign(row.sentence.data(), row.sentence.size());
  stream_.async_close(why, [me = this->shared_from_this()](const error&) { me->finish(); });
}

template <class Stream>
void websocket_transport<Stream>::abort() noexcept {
  error ignored; // nothing is left to do with it
  boost::beast::get_lowest_layer(stream_).close(ignored);
}

template <class Stream>
void websocket_transport<Stream>::ping() {
  if (user_ && !closing_ && !pinging_) {
    pinging_ = true;
    stream_.async_ping({}, [me = this->shared_from_this()](const error&) { me->pinging_ = false; });
  }
}

template <class Stream>
void websocket_transport<Stream>::serve(std::shared_ptr<transport_user> user) {
  user_ = std::move(user);
}

template <class Stream>
void websocket_transport<Stream>::shut_down() noexcept {
  if (accepted_ && user_)
    user_->on_server_stop();
  else
    abort();
}

template <class Stream>
void websocket_transport<Stream>::finish() {
  if (!user_)
    return;
  auto user = std::move(user_);
  user_ = nullptr;
  counters::add(site_->context.counts.connections_closed);
  site_->connections->remove(*this);
  user->on_transport_closed();
  error ignored; // the peer may have closed it already
  boost::beast::get_lowest_layer(stream_).close(ignored);
}

} // namespace carillon::net
