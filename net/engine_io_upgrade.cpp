// How a session uses long-polling and leaves it for a WebSocket.

#include "net/engine_io_handshake.hpp"
#include "net/engine_io_session.hpp"
#include "net/polling_transport.hpp"
#include "net/upgrade_probe.hpp"

#include <utility>

namespace carillon::net {

void engine_io_session::take(poll_request what) {
  if (polling_)
    return polling_->take(std::move(what));
  what.reply(refusal_response(phase_ == phase::closed ? handshake_error::unknown_session
                                                      : handshake_error::bad_request));
}

void engine_io_session::on_request_lost(const held_reply& which) {
  if (polling_)
    polling_->on_request_lost(which);
}

bool engine_io_session::consider(std::shared_ptr<upgrade_probe> candidate) {
  if (!polling_ || candidate_ || phase_ != phase::open)
    return false;
  candidate_ = std::move(candidate);
  return true;
}

void engine_io_session::dismiss_candidate() {
  candidate_.reset();
  if (polling_)
    polling_->hurry(false);
}

void engine_io_session::hurry() {
  if (polling_)
    polling_->hurry(true);
}

void engine_io_session::upgrade(std::shared_ptr<transport> way) {
  candidate_.reset();
  if (!polling_)
    return way->close(close_reason::normal);
  transport_ = std::move(way);
  std::exchange(polling_, nullptr)->discard();
  transport_->serve(shared_from_this());
  if (paused_)
    transport_->pause(true);
  if (phase_ == phase::closing)
    transport_->close(why_);
  else
    transport_->flush();
  if (sharing_)
    share();
}

} // namespace carillon::net
