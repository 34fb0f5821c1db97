#pragma once

#include "net/device_session.hpp"

#include <string>

namespace carillon::net {

/// One device over plain WebSocket, for clients without a Socket.IO library. Frames are JSON text:
///
/// - in: `{"event":name,"data":…,"id":n}`; `id` asks for an acknowledgement
/// - out: `{"event":name,"data":…,"offset":"…"}` and `{"ack":n,"data":…}`
///
/// With a token in the handshake the device is connected at once (going on with a session that the
/// query names, `resume=<pid>,<offset>`); else the client sends
/// `{"event":"hello","data":{"token":…,"resume":{"pid":…,"offset":…}}}`. In either case
/// `{"event":"hello","data":{"sid","pid","recovered","userId"}}` answers. A frame that is none, and
/// a refused hello, get `{"event":"error","data":{"error","code"}}` and change nothing.
class plain_session final : public device_session {
public:
  plain_session(std::shared_ptr<site> host, io_executor executor, ip_address from,
                std::string token, std::optional<resume_request> resume);

  void on_text(std::string_view text) override;

private:
  void greet() override;
  void send_ping() override;
  void on_message(std::string_view) override {}
  void on_attachment(std::string_view bytes) override;
  frame framed(const wire_event& event) const override { return event.plain(); }
  channel::written write_event(channel& to, std::string_view name, std::string_view data,
                               std::uint64_t offset) const override;
  std::string event_frame(std::string_view name, std::string_view data) const override;
  std::string ack_frame(std::uint64_t id, std::string_view data) const override;
  void welcome(const user_id& user, const attachment& place) override;
  void turn_away(const failure& why) override;

  void on_hello(std::string_view data);
  void complain(const failure& why);

  std::string handshake_token_;
  std::optional<resume_request> resume_;
};

} // namespace carillon::net
