#pragma once

#include "bench/load/ws_client.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace carillon::load {

/// One device: Socket.IO (protocol 5) on Engine.IO (protocol 4) over WebSocket, namespace `/`.
/// Text is taken apart by hand: the generator has to cost less than the server it measures.
class socket_client : ws_client::observer {
public:
  class observer {
  public:
    virtual ~observer() = default;

    /// CONNECT was answered.
    virtual void on_connected() = 0;
    /// `data` is the raw JSON of the arguments after the name; both are valid during the call only.
    virtual void on_event(std::string_view name, std::string_view data) = 0;
    /// The acknowledgement of the event that was emitted with this id; only where one was asked for.
    virtual void on_ack(std::uint32_t id, std::string_view data);
    /// The device is gone and stays so.
    virtual void on_failed(const std::string& why) = 0;
  };

  socket_client(poller& events, observer& owner)
    : ws_(events, *this)
    , owner_(owner) {}

  /// Begins to connect with `token` in the CONNECT packet; `source` as for `ws_client::connect`.
  void connect(const endpoint& server, std::string token, unsigned source);

  /// Begins to connect to a server that only forwards what is sent to it: connected with the
  /// upgrade of `path`, and what the other side emits arrives under the name that it gave.
  void connect_bare(const endpoint& server, std::string_view path, unsigned source);

  /// Sends `["name",data]`; `data` is one JSON value.
  void emit(std::string_view name, std::string_view data);

  /// The same, and asks for an acknowledgement.
  void ask(std::string_view name, std::string_view data, std::uint32_t id);

  /// Says goodbye; no callback follows.
  void close();

private:
  void on_open() override;
  void on_text(std::string_view text) override;
  void on_lost(const std::string& why) override;
  void on_message(std::string_view packet);
  void on_ack_packet(std::string_view packet);
  void send_event(std::string_view head, std::string_view name, std::string_view data);

  ws_client ws_;
  observer& owner_;
  std::string token_;
  bool bare_ = false;
};

} // namespace carillon::load
