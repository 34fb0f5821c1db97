#include "net/engine_io_session.hpp"

#include "config/log.hpp"
#include "net/ping_after.hpp"
#include "net/polling_transport.hpp"
#include "net/upgrade_probe.hpp"
#include "protocol/engine_io.hpp"
#include "protocol/random_id.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace asio = boost::asio;

namespace carillon::net {

namespace {

const frame& ping_frame() {
  static const frame ping =
      std::make_shared<const std::string>(1, static_cast<char>(engine_io::packet_type::ping));
  return ping;
}

} // namespace

engine_io_session::engine_io_session(std::shared_ptr<site> host, io_executor executor,
                                     ip_address from)
  : site_(std::move(host))
  , executor_(executor)
  , from_(std::move(from))
  , outbox_(site_->settings().limits.outbox_messages, site_->settings().limits.outbox_bytes)
  , inbox_(burst_factor * site_->settings().limits.outbox_messages)
  , timer_(executor) {}

void engine_io_session::open(std::shared_ptr<transport> way) {
  polling_ = std::dynamic_pointer_cast<polling_transport>(way);
  transport_ = std::move(way);
  greet();
  beat_at_ = ping_after(std::chrono::steady_clock::now(), interval());
  schedule();
}

void engine_io_session::greet() {
  auto& server = site_->settings().server;
  sid_ = random_id();
  site_->sessions.add(sid_, weak_from_this());
  push(engine_io::encode_open({sid_, server.ping_interval, server.ping_timeout,
                               site_->settings().limits.frame_bytes, polling_ != nullptr}));
}

void engine_io_session::send_ping() { push(ping_frame()); }

void engine_io_session::on_text(std::string_view packet) {
  if (ending())
    return;
  auto decoded = engine_io::decode(packet);
  if (!decoded)
    return shut(close_reason::protocol_error);
  switch (decoded->type) {
  case engine_io::packet_type::message:
    return on_message(decoded->data);
  case engine_io::packet_type::pong:
    return on_pong();
  case engine_io::packet_type::close:
    // As for the reference server, a client that wants to stay away says so in its own protocol.
    return shut(close_reason::normal, true);
  case engine_io::packet_type::open: // ignored as by the reference server
  case engine_io::packet_type::upgrade:
  case engine_io::packet_type::noop:
    return;
  case engine_io::packet_type::ping: // in this revision only the server pings
    return shut(close_reason::protocol_error);
  }
}

void engine_io_session::on_binary(std::string_view bytes) {
  if (!ending())
    on_attachment(bytes);
}

void engine_io_session::on_too_big() {
  site_->context.counts.refused(error_code::frame_too_large);
  end(close_reason::too_big, false);
}

void engine_io_session::on_transport_closed() {
  end(close_reason::normal, true);
  phase_ = phase::closed;
  if (!sid_.empty())
    site_->sessions.remove(sid_);
  timer_.cancel();
  transport_.reset();
  polling_.reset();
  outbox_.clear();
}

void engine_io_session::on_behind() {
  if (ending() || slow_at_ != instant::max())
    return;
  slow_at_ = std::chrono::steady_clock::now() + site_->waits().catch_up;
  schedule();
}

// -- from any thread ---------------------------------------------------------

void engine_io_session::offer(const wire_event_ptr& event) noexcept {
  try {
    deliver([&](channel& to) { return write_event(to, event->name, event->data, event->offset); },
            [&] { return framed(*event); });
  } catch (const std::exception& problem) {
    log::error("event_lost", {{"event", event->name}, {"error", problem.what()}});
  }
}

void engine_io_session::offer(std::string_view name, std::string_view data,
                              std::uint64_t offset) noexcept {
  try {
    deliver([&](channel& to) { return write_event(to, name, data, offset); },
            [&] {
              return framed(wire_event{name, std::string{data}, offset});
            });
  } catch (const std::exception& problem) {
    log::error("event_lost", {{"event", name}, {"error", problem.what()}});
  }
}

channel::written engine_io_session::write_event(channel& to, std::string_view name,
                                                std::string_view data, std::uint64_t offset) const {
  offset_text last{offset};
  if (offset == 0)
    return to.write(ws::opcode::text, {"42[\"", name, "\",", data, "]"});
  return to.write(ws::opcode::text, {"42[\"", name, "\",", data, ",\"", last.text(), "\"]"});
}

void engine_io_session::close(close_reason reason) noexcept {
  try {
    if (executor_.running_in_this_thread()) {
      collect();
      shut(reason);
    } else if (inbox_.leave(reason)) {
      wake();
    }
  } catch (const std::exception& problem) {
    log::error("close_failed", {{"error", problem.what()}});
  }
}

void engine_io_session::set_in_call(bool in_call) noexcept {
  if (in_call_.exchange(in_call) == in_call)
    return;
  try {
    if (executor_.running_in_this_thread())
      follow_call();
    else if (inbox_.leave_nothing())
      wake();
  } catch (const std::exception& problem) {
    log::error("heartbeat_unchanged", {{"error", problem.what()}});
  }
}

void engine_io_session::deliver(frame what) {
  deliver([&](channel& to) { return to.write(ws::opcode::text, {*what}); },
          [&] { return std::move(what); });
}

template <class Write, class Frame>
void engine_io_session::deliver(Write write, Frame make) {
  if (!inbox_.passing() && executor_.running_in_this_thread()) {
    // What other threads left earlier goes first.
    collect();
    if (!ending())
      on_offered(make());
    return;
  }
  auto outcome = channel::written::taken;
  auto left = inbox_.hand_over(
      [&] {
        counters::add(site_->context.counts.events_out);
        outcome = write(*socket_);
      },
      make);
  if (outcome == channel::written::full)
    close(close_reason::too_slow);
  if (left)
    wake();
}

void engine_io_session::share() {
  sharing_ = true;
  auto way = transport_ ? transport_->socket() : nullptr;
  if (inbox_.passing() || collecting_ || !way || !way->shareable())
    return;
  socket_ = std::move(way);
  while (!ending() && !inbox_.begin_passing())
    collect();
}

void engine_io_session::unshare() noexcept {
  sharing_ = false;
  inbox_.stop_passing();
}

void engine_io_session::wake() {
  asio::post(executor_, [self = shared_from_this()] { self->collect(); });
}

void engine_io_session::collect() {
  if (inbox_.empty() || collecting_)
    return;
  collecting_ = true;
  auto left = inbox_.take();
  for (auto& what : left.frames)
    if (!ending())
      on_offered(std::move(what));
  collecting_ = false;
  if (left.overflow)
    shut(close_reason::too_slow);
  if (left.close)
    shut(*left.close);
  follow_call();
}

void engine_io_session::push(frame what) {
  if (ending())
    return;
  counters::add(site_->context.counts.events_out);
  if (!outbox_.push(std::move(what)))
    return shut(close_reason::too_slow);
  transport_->flush();
  if (outbox_.over())
    on_behind();
}

void engine_io_session::pause(bool on) {
  paused_ = on;
  if (transport_)
    transport_->pause(on);
}

void engine_io_session::shut(close_reason reason, bool lost) {
  if (ending())
    return;
  if (reason == close_reason::too_slow) {
    counters::add(site_->context.counts.slow_devices);
    outbox_.clear();
  }
  why_ = reason;
  end(reason, lost);
  cut_at_ = std::chrono::steady_clock::now() + site_->waits().close;
  schedule();
  transport_->close(reason);
}

void engine_io_session::end(close_reason reason, bool lost) {
  if (ending())
    return;
  phase_ = phase::closing;
  unshare();
  beat_at_ = instant::max();
  if (auto candidate = std::exchange(candidate_, nullptr))
    candidate->give_up();
  // A farewell that finds no room is no loss: the client sees the connection close.
  if (auto farewell = on_end(reason, lost); farewell && !outbox_.push(std::move(farewell)))
    outbox_.clear();
}

std::chrono::milliseconds engine_io_session::interval() const noexcept {
  auto usual = site_->settings().server.ping_interval;
  return fast_ ? std::min(usual, site_->waits().call_ping) : usual;
}

std::chrono::milliseconds engine_io_session::pong_patience() const noexcept {
  auto usual = site_->settings().server.ping_timeout;
  return fast_ ? std::min(usual, site_->waits().call_ping) : usual;
}

void engine_io_session::on_pong() {
  if (!pinged_)
    return;
  pinged_ = false;
  beat_at_ = ping_after(std::chrono::steady_clock::now(), interval());
  schedule();
}

void engine_io_session::follow_call() {
  if (ending() || fast_ == in_call_.load())
    return;
  fast_ = !fast_;
  // Becoming slower takes effect with the next ping.
  auto now = std::chrono::steady_clock::now();
  auto soonest = pinged_ ? now + pong_patience() : ping_after(now, interval());
  beat_at_ = std::min(beat_at_, soonest);
  schedule();
}

void engine_io_session::beat(instant now) {
  if (now < beat_at_)
    return;
  if (pinged_)
    return shut(close_reason::ping_timeout);
  pinged_ = true;
  // From when the ping was due, as the client counts, unless this thread was held up for long.
  beat_at_ = std::max(beat_at_ + pong_patience(), now + pong_patience() / 2);
  send_ping();
}

void engine_io_session::check_speed() {
  slow_at_ = instant::max();
  if (outbox_.over() || transport_->behind())
    shut(close_reason::too_slow);
}

void engine_io_session::schedule() {
  auto due = phase_ == phase::open ? std::min({beat_at_, next_deadline(), slow_at_}) : cut_at_;
  // A timer that fires early does nothing but look again, which is cheaper than moving it each
  // time.
  if (due >= armed_for_)
    return;
  armed_for_ = due;
  timer_.expires_at(due);
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code& problem) {
    if (!problem)
      self->on_timer();
  });
}

void engine_io_session::on_timer() {
  armed_for_ = instant::max();
  auto now = std::chrono::steady_clock::now();
  if (phase_ == phase::open) {
    if (now >= next_deadline())
      on_deadline(now);
    if (phase_ == phase::open && now >= slow_at_)
      check_speed();
    if (phase_ == phase::open)
      beat(now);
  } else if (phase_ == phase::closing && now >= cut_at_) {
    cut_at_ = instant::max();
    transport_->abort();
  }
  if (phase_ != phase::closed)
    schedule();
}

} // namespace carillon::net
