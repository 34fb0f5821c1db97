#pragma once

#include "net/channel.hpp"
#include "net/engine_io_session.hpp"
#include "protocol/socket_io.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

/// What protocol suites expect of a server (`server.conformance_echo`); nothing of it reaches the
/// actors.
namespace carillon::net {

/// A bare Engine.IO session: every message comes back as it is.
class engine_echo_session final : public engine_io_session {
public:
  using engine_io_session::engine_io_session;

private:
  void on_message(std::string_view text) override;
  void on_attachment(std::string_view bytes) override;
  void on_offered(frame what) override { push(std::move(what)); }
  frame on_end(close_reason, bool) override { return nullptr; }
  instant next_deadline() const noexcept override { return instant::max(); }
  void on_deadline(instant) override {}
};

/// A bare WebSocket that sends every message back as it came. Held by its transport.
class websocket_echo final : public transport_user {
public:
  void open(std::shared_ptr<transport> way) override { way_ = std::move(way); }
  void on_text(std::string_view packet) override;
  void on_binary(std::string_view bytes) override;
  void on_pong() override {}
  void on_too_big() override {}
  void on_behind() override { on_overflow(); }
  void on_overflow() override;
  void on_transport_closed() override { way_ = nullptr; }
  void on_server_stop() noexcept override;
  outbox& out() noexcept override { return outbox_; }

private:
  void send(ws::opcode type, std::string_view message);

  std::shared_ptr<transport> way_;
  outbox outbox_{0, 0};
};

/// A Socket.IO session that lets everybody into `/` and `/custom`, tells it with `auth` what the
/// CONNECT brought, and on `/` gives `message` back as `message-back` and acknowledges
/// `message-with-ack` with its arguments, attachments included.
class socket_io_echo_session final : public engine_io_session {
public:
  socket_io_echo_session(std::shared_ptr<site> host, io_executor executor, ip_address from);

  void on_text(std::string_view packet) override;
  void on_pong() override;

private:
  void on_message(std::string_view text) override;
  void on_attachment(std::string_view bytes) override;
  void on_offered(frame what) override { push(std::move(what)); }
  frame on_end(close_reason, bool) override { return nullptr; }
  instant next_deadline() const noexcept override { return std::min(deadline_, release_at_); }
  void on_deadline(instant now) override;
  /// Sends, or leaves it behind what waits.
  void send(std::string text);
  void send(frame what);
  /// What waits goes out.
  void release();

  void on_connect(const socket_io::packet& what);
  void on_packet(const socket_io::packet& what);
  void on_event(const socket_io::packet& what);

  std::set<std::string, std::less<>> joined_;
  std::string waiting_; ///< the text of a packet whose attachments are coming
  std::vector<std::string> attachments_;
  unsigned missing_ = 0;
  std::vector<frame> held_;
  instant release_at_ = instant::max(); ///< of `held_`
  instant deadline_;                    ///< for CONNECT
};

} // namespace carillon::net
