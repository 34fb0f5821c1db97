#pragma once

#include "net/engine_io_session.hpp"

namespace carillon::net {

/// A WebSocket that wants to take the place of a session's long-polling: it probes (`2probe`,
/// `3probe`), and with `5` the session is its. Without that in time, with anything else, or when
/// the session ends, it closes and the session stays where it is. On the session's thread; held by
/// its transport, and by the session while it is its candidate.
class upgrade_probe final : public transport_user,
                            public std::enable_shared_from_this<upgrade_probe> {
public:
  upgrade_probe(std::shared_ptr<site> host, std::shared_ptr<engine_io_session> session);

  void open(std::shared_ptr<transport> way) override;
  void on_text(std::string_view packet) override;
  void on_binary(std::string_view) override { give_up(); }
  void on_pong() override {}
  void on_too_big() override {}
  void on_behind() override {}
  void on_overflow() override { give_up(); }
  void on_transport_closed() override;
  void on_server_stop() noexcept override;
  outbox& out() noexcept override { return outbox_; }

  /// The session has ended, or the time is up.
  void give_up();

private:
  std::shared_ptr<site> site_;
  std::shared_ptr<engine_io_session> session_; ///< null when it is no candidate (any more)
  std::shared_ptr<transport> way_;
  outbox outbox_;
  io_timer timer_;
};

} // namespace carillon::net
