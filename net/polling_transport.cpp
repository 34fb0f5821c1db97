#include "net/polling_transport.hpp"

#include "config/log.hpp"
#include "net/engine_io_handshake.hpp"
#include "net/engine_io_session.hpp"
#include "protocol/engine_io.hpp"

namespace http = boost::beast::http;

namespace carillon::net {

namespace {

using engine_io::packet_type;

constexpr std::string_view close_packet = "1";
constexpr std::string_view noop_packet = "6";

exchange::response plain(unsigned status) { return {status, {}, {}, {}}; }

} // namespace

polling_transport::polling_transport(std::shared_ptr<site> host, io_executor executor)
  : site_(std::move(host))
  , timer_(executor) {}

bool polling_transport::start(std::shared_ptr<engine_io_session> session) {
  if (!site_->connections->add(*this))
    return false;
  user_ = session;
  session->open(shared_from_this());
  return true;
}

void polling_transport::serve(std::shared_ptr<transport_user> user) { user_ = std::move(user); }

void polling_transport::take(poll_request what) {
  if (!user_)
    return what.reply(refusal_response(handshake_error::unknown_session));
  if (what.method == http::verb::get)
    return on_get(std::move(what.reply));
  if (what.method == http::verb::post)
    return on_post(std::move(what));
  auto refusal = plain(405);
  refusal.headers.emplace_back("Allow", "GET, POST, OPTIONS");
  what.reply(std::move(refusal));
}

void polling_transport::on_get(held_reply to) {
  if (get_) {
    to(plain(400));
    return fail();
  }
  get_ = std::move(to);
  if (client_closed_)
    return finish(noop_packet);
  if (closing_) {
    // With nothing else to tell, the reference server puts a noop before the close.
    if (user_->out().empty())
      (void)user_->out().push(std::make_shared<const std::string>(noop_packet));
    return finish(close_packet);
  }
  flush();
  if (get_ && hurry_)
    wait(site_->waits().poll_hurry);
}

void polling_transport::on_post(poll_request what) {
  if (post_ || what.binary) {
    what.reply(plain(400));
    return fail();
  }
  post_ = std::move(what.reply);
  // The session is over, of which the next GET tells; as over a WebSocket, what crosses that is
  // lost.
  if (closing_)
    return answer_post(200);
  body_ = std::move(what.body);
  packets_ = payload_reader{body_};
  hand_in();
}

void polling_transport::hand_in() {
  if (handing_in_)
    return;
  handing_in_ = true;
  auto self = shared_from_this(); // a packet may end the session
  try {
    while (user_ && post_ && !paused_ && !closing_) {
      auto packet = packets_.next();
      if (!packet) {
        answer_post(200);
        break;
      }
      hand_in(*packet);
    }
  } catch (const std::exception& problem) {
    // Out of memory, most likely: this connection pays, not the others.
    log::error("packet_failed", {{"error", problem.what()}});
    fail();
  }
  handing_in_ = false;
}

void polling_transport::hand_in(std::string_view packet) {
  if (packet.starts_with(binary_mark)) {
    auto bytes = decode_binary(packet);
    return bytes ? user_->on_binary(*bytes) : fail();
  }
  auto decoded = engine_io::decode(packet);
  // In this revision only the server pings.
  if (!decoded || decoded->type == packet_type::ping)
    return fail();
  if (decoded->type == packet_type::close)
    return on_client_close();
  user_->on_text(packet);
}

void polling_transport::on_client_close() {
  client_closed_ = true;
  user_->on_text(close_packet);
}

void polling_transport::flush() {
  if (!get_ || !user_ || user_->out().empty())
    return;
  answer_get(take_payload(user_->out()));
}

void polling_transport::pause(bool on) {
  paused_ = on;
  if (!on)
    hand_in();
}

void polling_transport::close(close_reason reason) {
  if (closing_)
    return;
  closing_ = true;
  if (client_closed_) {
    // A GET that left the client just before may still be on its way over another connection.
    return get_ ? finish(noop_packet) : wait(site_->waits().poll_overtaken);
  }
  answer_post(400);
  if (get_ || reason == close_reason::ping_timeout)
    finish(close_packet);
}

void polling_transport::abort() noexcept { fail(); }

void polling_transport::shut_down() noexcept {
  if (user_)
    user_->on_server_stop();
}

void polling_transport::hurry(bool on) {
  hurry_ = on;
  if (on && get_)
    wait(site_->waits().poll_hurry);
}

void polling_transport::discard() {
  user_ = nullptr;
  timer_.cancel();
  site_->connections->remove(*this);
  if (auto to = std::exchange(get_, {}))
    to(refusal_response(handshake_error::bad_request));
  answer_post(400);
}

void polling_transport::on_request_lost(const held_reply& which) {
  if (!(which == get_) && !(which == post_))
    return;
  (which == get_ ? get_ : post_) = {};
  fail();
}

void polling_transport::wait(std::chrono::milliseconds how_long) {
  timer_.expires_after(how_long);
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
    if (!cancelled)
      self->on_timer();
  });
}

void polling_transport::on_timer() {
  if (client_closed_)
    finish({});
  else if (hurry_ && get_)
    answer_get(std::string{noop_packet});
}

void polling_transport::answer_get(std::string payload) {
  auto to = std::exchange(get_, {});
  to({200, std::move(payload), "text/plain; charset=UTF-8", {}});
}

void polling_transport::answer_post(unsigned status) {
  auto to = std::exchange(post_, {});
  if (!to)
    return;
  if (status == 200)
    to({200, "ok", "text/html", {}});
  else
    to(plain(status));
}

void polling_transport::fail() {
  if (user_)
    user_->out().clear();
  finish(close_packet);
}

void polling_transport::finish(std::string_view last) {
  if (!user_)
    return;
  auto self = shared_from_this();
  auto user = std::exchange(user_, nullptr);
  closing_ = true;
  timer_.cancel();
  site_->connections->remove(*this);
  if (get_)
    answer_get(take_payload(user->out(), last));
  answer_post(client_closed_ ? 200 : 400);
  user->on_transport_closed();
}

} // namespace carillon::net
