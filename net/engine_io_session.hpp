#pragma once

#include "net/channel.hpp"
#include "net/client_address.hpp"
#include "net/inbox.hpp"
#include "net/outbox.hpp"
#include "net/site.hpp"
#include "net/stream.hpp"
#include "net/transport.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <string_view>

namespace carillon::net {

class polling_transport;
class upgrade_probe;
class held_reply;
struct poll_request;

/// An Engine.IO session: its packets, its heartbeat, the way out to its client, and the one timer
/// of the connection. What its messages mean is up to the class derived from it. Plain WebSocket
/// uses all of it but the packets.
///
/// Everything runs on the session's own I/O thread, but for `offer`, `close` and `set_in_call`,
/// which any thread may call. The session and its transport hold each other until the transport has
/// closed.
class engine_io_session : public client_link,
                          public transport_user,
                          public std::enable_shared_from_this<engine_io_session> {
public:
  ~engine_io_session() override = default;
  engine_io_session(const engine_io_session&) = delete;
  engine_io_session& operator=(const engine_io_session&) = delete;

  void offer(const wire_event_ptr& event) noexcept override;
  void offer(std::string_view name, std::string_view data, std::uint64_t offset) noexcept override;
  void close(close_reason reason) noexcept override;
  void set_in_call(bool in_call) noexcept override;

  void open(std::shared_ptr<transport> way) override;
  void on_text(std::string_view packet) override;
  void on_binary(std::string_view bytes) override;
  void on_pong() override;
  void on_too_big() override;
  void on_behind() override;
  void on_overflow() override { shut(close_reason::too_slow); }
  void on_transport_closed() override;
  void on_server_stop() noexcept override { close(close_reason::going_away); }
  outbox& out() noexcept override { return outbox_; }

  /// A request by long-polling that names this session, and the loss of its connection.
  void take(poll_request what);
  void on_request_lost(const held_reply& which);

  /// For a probe: whether the session may leave long-polling for it, and what follows.
  [[nodiscard]] bool consider(std::shared_ptr<upgrade_probe> candidate);
  void dismiss_candidate();
  void hurry();
  void upgrade(std::shared_ptr<transport> way);

  /// Thread-safe.
  [[nodiscard]] const io_executor& executor() const noexcept { return executor_; }

  engine_io_session(std::shared_ptr<site> host, io_executor executor, ip_address from);

protected:
  /// A message came (without the Engine.IO type).
  virtual void on_message(std::string_view text) = 0;
  virtual void on_attachment(std::string_view bytes) = 0;
  /// Frames an event of the actors; from any thread.
  [[nodiscard]] virtual frame framed(const wire_event& event) const { return event.socket_io(); }
  /// Writes an event of the actors; from any thread.
  virtual channel::written write_event(channel& to, std::string_view name, std::string_view data,
                                       std::uint64_t offset) const;
  /// An event from the actors, framed. On the session's thread.
  virtual void on_offered(frame what) = 0;
  /// The connection is closing, or it is `lost`; called once. Returns a last frame for the client,
  /// or null.
  virtual frame on_end(close_reason reason, bool lost) = 0;
  /// The transport is ready: the open packet.
  virtual void greet();
  /// A heartbeat.
  virtual void send_ping();
  /// The next time at which `on_deadline` has something to do; none: `instant::max()`.
  [[nodiscard]] virtual instant next_deadline() const noexcept = 0;
  virtual void on_deadline(instant now) = 0;

  /// Queues a frame; on the session's thread.
  void push(frame what);
  void push(std::string text) { push(std::make_shared<const std::string>(std::move(text))); }
  /// Queues a frame as `offer` does; from any thread.
  void deliver(frame what);
  /// Closes; on the session's thread. `lost`: to its user it is as if the connection was lost.
  void shut(close_reason reason, bool lost = false);
  /// A deadline has changed.
  void schedule();
  /// While on, no packet comes in.
  void pause(bool on);
  /// From now on, or from an upgrade on, any thread writes what it offers to the WebSocket itself,
  /// if that can be; and no longer.
  void share();
  void unshare() noexcept;

  /// While open.
  [[nodiscard]] transport& way() const noexcept { return *transport_; }
  [[nodiscard]] bool ending() const noexcept { return phase_ != phase::open; }
  [[nodiscard]] site& host() const noexcept { return *site_; }
  [[nodiscard]] const ip_address& from() const noexcept { return from_; }

private:
  void wake();
  void collect();
  template <class Write, class Frame>
  void deliver(Write write, Frame make);
  void end(close_reason reason, bool lost);
  void on_timer();
  void beat(instant now);
  void follow_call();
  void check_speed();
  [[nodiscard]] std::chrono::milliseconds interval() const noexcept;
  [[nodiscard]] std::chrono::milliseconds pong_patience() const noexcept;

  std::shared_ptr<site> site_;
  io_executor executor_;
  std::shared_ptr<transport> transport_;
  std::shared_ptr<polling_transport> polling_; ///< `transport_`, while it is that
  std::shared_ptr<upgrade_probe> candidate_;
  std::shared_ptr<channel> socket_; ///< what others write to; set before `inbox_` lets them
  std::string sid_;                 ///< empty: not an Engine.IO session, or not open
  ip_address from_;
  outbox outbox_;
  inbox inbox_;
  io_timer timer_;
  instant armed_for_ = instant::max();
  instant beat_at_ = instant::max(); ///< the next ping, or the end of the wait for a pong
  instant slow_at_ = instant::max(); ///< when a full outbox must have emptied
  instant cut_at_ = instant::max();  ///< when a close that does not get through is forced
  std::atomic<bool> in_call_{false};
  bool fast_ = false; ///< `in_call_` as the heartbeat knows it
  bool pinged_ = false;
  bool paused_ = false;
  close_reason why_ = close_reason::normal; ///< of the close under way
  bool collecting_ = false;
  bool sharing_ = false;
  enum class phase : std::uint8_t { open, closing, closed } phase_ = phase::open;
};

} // namespace carillon::net
