#pragma once

#include "net/engine_io_session.hpp"
#include "net/event_gate.hpp"
#include "protocol/command_sink.hpp"
#include "protocol/socket_io.hpp"

#include <optional>
#include <string>
#include <vector>

namespace carillon::net {

/// One device over Socket.IO: its CONNECT, its authentication, its events and their answers. On the
/// session's own thread, but for `answer`.
class socket_io_session final : public engine_io_session, public responder {
public:
  /// `token` came with the handshake (empty: none) and counts when CONNECT brings no other.
  socket_io_session(std::shared_ptr<site> host, io_executor executor, ip_address from,
                    std::string token);

  void answer(std::uint64_t token, result<reply_value> what) noexcept override;

private:
  using ack_id = std::optional<std::uint64_t>;

  /// What a verified token leads to, while the sink is asked.
  struct admission {
    bool by_event = false; ///< asked for by `authenticate`, not by CONNECT
    ack_id ack;
    std::optional<time_point> expires_at;
  };

  void on_message(std::string_view text) override;
  void on_attachment() override;
  void on_offered(frame what) override;
  frame on_end(close_reason reason) override;
  instant next_deadline() const noexcept override { return deadline_; }
  void on_deadline(instant now) override;

  void on_connect(const socket_io::packet& what);
  void on_event(const socket_io::packet& what);
  void on_binary_packet(const socket_io::packet& what);
  void on_authenticate(std::string_view argument, ack_id ack);
  void welcome_guest();
  void admit(std::string_view token, admission how);
  void on_seen(result<reply_value> what);
  void on_attached(const result<reply_value>& what);
  void admitted();
  void refuse_admission(failure why);
  void watch_expiry();
  /// Tells the client of a refusal: as an event unless it has its own, and when asked as an ack.
  /// From any thread.
  void refuse(const failure& why, ack_id ack);
  void tell(frame what);
  [[nodiscard]] reply_to reply(std::uint64_t token);

  event_gate gate_;
  std::string handshake_token_;
  device_id device_; ///< set by CONNECT
  user_ptr user_;
  std::optional<admission> admission_;
  std::optional<time_point> expires_at_;
  std::vector<frame> held_;  ///< events that must not overtake the answer to CONNECT
  instant deadline_;         ///< for CONNECT, then for `authenticate`, then of the token
  unsigned attachments_ = 0; ///< binary messages still to be thrown away
  ack_id binary_ack_;
  bool attached_ = false;
  bool expired_ = false; ///< `token_expired` was sent
  enum class stage : std::uint8_t { unconnected, guest, admitted } stage_ = stage::unconnected;
};

} // namespace carillon::net
