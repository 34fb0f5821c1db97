#include "net/websocket_transport.hpp"

#include "config/log.hpp"
#include "protocol/utf8.hpp"

#include <boost/asio/post.hpp>

namespace carillon::net {

websocket_transport::websocket_transport(std::shared_ptr<site> host, io_executor executor,
                                         std::shared_ptr<channel> way)
  : site_(std::move(host))
  , executor_(executor)
  , way_(std::move(way))
  , frames_(site_->settings().limits.frame_bytes) {}

void websocket_transport::start(std::string_view greeting, std::shared_ptr<transport_user> user) {
  if (!site_->connections->add(*this)) {
    counters::add(site_->context.counts.connections_closed);
    return;
  }
  user_ = std::move(user);
  way_->start(shared_from_this(), greeting);
  user_->open(shared_from_this());
}

// -- in ----------------------------------------------------------------------

void websocket_transport::on_bytes(char* bytes, std::size_t size) {
  if (!over_)
    hand_in(bytes, size);
}

void websocket_transport::hand_in(char* bytes, std::size_t size) {
  handing_in_ = true;
  auto self = shared_from_this(); // a packet may end the session
  try {
    frames_.feed(bytes, size);
    while (!over_ && !paused_) {
      auto got = frames_.next();
      if (got.what == ws::frame_reader::event::none)
        break;
      take(got);
    }
    if (!over_)
      frames_.keep();
  } catch (const std::exception& problem) {
    // Out of memory, most likely: this connection pays, not the others.
    log::error("packet_failed", {{"error", problem.what()}});
    over_ = true;
    way_->abort();
  }
  handing_in_ = false;
}

void websocket_transport::take(const ws::frame_reader::item& what) {
  using event = ws::frame_reader::event;
  switch (what.what) {
  case event::text:
    if (!is_utf8(what.payload))
      fail(ws::code_bad_payload);
    else if (user_ && !closing_)
      user_->on_text(what.payload);
    return;
  case event::binary:
    if (user_ && !closing_)
      user_->on_binary(what.payload);
    return;
  case event::ping:
    // A peer that does not read gets no more of them either.
    if (!closing_ && !way_->behind())
      (void)way_->write(ws::opcode::pong, {what.payload});
    return;
  case event::pong:
    if (user_)
      user_->on_pong();
    return;
  case event::close:
    return on_peer_close(what.code);
  case event::failed:
    return fail(what.code);
  case event::none:
    return;
  }
}

void websocket_transport::on_peer_close(std::uint16_t code) {
  over_ = true;
  flush();
  say_close(code, {});
  leave_user();
  way_->finish();
}

void websocket_transport::fail(std::uint16_t code) {
  over_ = true;
  if (code == ws::code_too_big && user_)
    user_->on_too_big();
  flush();
  say_close(code, {});
  leave_user();
  way_->finish();
}

void websocket_transport::pause(bool on) {
  auto self = shared_from_this(); // what waited may end the session
  paused_ = on && !closing_;
  if (!paused_ && !over_ && !handing_in_)
    hand_in(nullptr, 0);
  way_->pause(paused_);
}

// -- out ---------------------------------------------------------------------

void websocket_transport::flush() {
  while (user_ && !closing_) {
    auto next = user_->out().pop();
    if (!next)
      return;
    std::string_view packet{*next};
    auto type = ws::opcode::text;
    if (packet.starts_with(binary_mark)) {
      packet.remove_prefix(1);
      type = ws::opcode::binary;
    }
    if (way_->write(type, {packet}) == channel::written::full)
      return user_->on_overflow();
  }
}

void websocket_transport::close(close_reason reason) {
  if (closing_)
    return;
  flush();
  auto& row = describe(reason);
  say_close(row.code, row.sentence);
}

void websocket_transport::say_close(std::uint16_t code, std::string_view reason) {
  if (std::exchange(closing_, true))
    return;
  (void)way_->write(ws::opcode::close, {ws::close_payload(code, reason)});
  // The peer answers with its own, and then the connection ends; or the time does it.
  patience_ = std::make_unique<io_timer>(executor_, site_->waits().close);
  patience_->async_wait([self = weak_from_this()](const boost::system::error_code& problem) {
    auto me = self.lock();
    if (me && !problem)
      me->way_->abort();
  });
  // That answer has to be read.
  if (paused_)
    boost::asio::post(executor_, [self = shared_from_this()] { self->pause(false); });
}

void websocket_transport::ping() {
  if (user_ && !closing_)
    (void)way_->write(ws::opcode::ping, {});
}

// -- its user and its end ----------------------------------------------------

void websocket_transport::serve(std::shared_ptr<transport_user> user) { user_ = std::move(user); }

void websocket_transport::on_behind() {
  if (user_)
    user_->on_behind();
}

void websocket_transport::shut_down() noexcept {
  if (user_)
    user_->on_server_stop();
  else
    abort();
}

void websocket_transport::leave_user() {
  if (auto user = std::exchange(user_, nullptr))
    user->on_transport_closed();
}

void websocket_transport::on_closed() {
  over_ = closing_ = true;
  patience_.reset();
  leave_user();
  counters::add(site_->context.counts.connections_closed);
  site_->connections->remove(*this);
}

} // namespace carillon::net
