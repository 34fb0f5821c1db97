#pragma once

#include "bench/load/poller.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace carillon::load {

/// Where the server listens, resolved once.
struct endpoint {
  sockaddr_storage address{};
  socklen_t length = 0;
  std::string host; ///< as given, for the Host header

  /// Resolves `host`; throws std::runtime_error naming it when that fails.
  [[nodiscard]] static endpoint resolve(const std::string& host, std::uint16_t port);
};

/// One WebSocket connection on a raw non-blocking socket, without extensions. Every message is
/// written when it is sent; only what the kernel does not take is kept. Lives on the poller's
/// thread.
class ws_client : pollable {
public:
  /// What the owner hears.
  class observer {
  public:
    virtual ~observer() = default;

    virtual void on_open() = 0;
    /// `text` is valid during the call only.
    virtual void on_text(std::string_view text) = 0;
    /// The connection is gone, or never came to be; not called after `close`.
    virtual void on_lost(const std::string& why) = 0;
  };

  ws_client(poller& events, observer& owner)
    : poller_(events)
    , owner_(owner) {}
  ~ws_client() override;
  ws_client(const ws_client&) = delete;
  ws_client& operator=(const ws_client&) = delete;

  /// Begins to connect and to upgrade `path`. `source` numbers the local address (127.0.0.1 +
  /// source) for servers on a loopback address, where one address has too few ports for many
  /// connections; 0: any.
  void connect(const endpoint& server, std::string_view path, unsigned source);

  /// Sends one text message; nothing happens when the connection is gone.
  void send(std::string_view text);

  /// Says goodbye and closes.
  void close();

  [[nodiscard]] bool is_open() const noexcept { return open_; }

private:
  void on_ready(std::uint32_t events) override;
  void read();
  void flush();
  void lose(const std::string& why);
  std::size_t consume(std::string_view input);
  std::size_t consume_handshake(std::string_view input);
  void take(std::uint8_t opcode, bool final, std::string_view payload);
  void send_frame(std::uint8_t opcode, std::string_view payload);
  void write(std::string_view bytes);

  poller& poller_;
  observer& owner_;
  int fd_ = -1;
  bool connected_ = false; ///< TCP
  bool open_ = false;      ///< the upgrade was answered
  bool corked_ = false;    ///< waits for room in the socket
  std::uint32_t mask_ = 0x9e3779b9;
  std::string outbox_;
  std::string inbox_;   ///< the beginning of a frame that is not complete
  std::string message_; ///< the beginning of a fragmented message
};

} // namespace carillon::load
