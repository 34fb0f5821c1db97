#pragma once

#include "net/device_session.hpp"
#include "protocol/socket_io.hpp"

#include <string>

namespace carillon::net {

/// One device over Socket.IO: its packets, CONNECT and DISCONNECT. As in the reference
/// implementation the Engine.IO session outlives a DISCONNECT of its client.
class socket_io_session final : public device_session {
public:
  /// `token` came with the handshake (empty: none) and counts when CONNECT brings no other.
  socket_io_session(std::shared_ptr<site> host, io_executor executor, ip_address from,
                    std::string token);

private:
  void on_message(std::string_view text) override;
  void on_attachment(std::string_view bytes) override;
  std::string event_frame(std::string_view name, std::string_view data) const override;
  std::string ack_frame(std::uint64_t id, std::string_view data) const override;
  void welcome(const user_id& user, const attachment& place) override;
  void turn_away(const failure& why) override;
  frame farewell() const override;

  void on_connect(const socket_io::packet& what);
  void on_event_packet(const socket_io::packet& what);
  void on_binary_packet(const socket_io::packet& what);

  std::string handshake_token_;
  unsigned attachments_ = 0;   ///< binary messages still to be thrown away
  bool refuse_binary_ = false; ///< they belong to an event
  ack_id binary_ack_;
  call_kind binary_family_ = call_kind::direct; ///< in whose words it is refused
};

} // namespace carillon::net
