#pragma once

#include "bench/peers/floor/frames.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace carillon::floor {

/// Forwards WebSocket messages between the two connections of each pair, and does nothing else: the
/// least that any server can spend on relaying. One thread, one epoll instance, level-triggered:
/// one read takes all frames that are there, one write carries them on, and there is no second read
/// that would only find nothing. Frames are rewritten from one buffer into another, both shared by
/// all connections; a connection keeps bytes only while a frame or a write is incomplete.
class forwarder {
public:
  /// Listens on 127.0.0.1; throws std::system_error when the kernel refuses.
  explicit forwarder(std::uint16_t port);
  ~forwarder();
  forwarder(const forwarder&) = delete;
  forwarder& operator=(const forwarder&) = delete;

  /// The port, which the kernel chose when it was asked for port 0.
  [[nodiscard]] std::uint16_t port() const;

  /// Waits until something happens, for `timeout_ms` at most (-1: for ever), and handles all of it.
  void serve_once(int timeout_ms);

private:
  struct connection {
    int fd = -1;
    bool open = false;       ///< the upgrade was answered
    bool reads = true;       ///< what epoll was last asked for
    bool writes = false;     ///< what epoll was last asked for
    std::uint64_t place = 0; ///< pair and side
    connection* peer = nullptr;
    std::string inbox;  ///< the beginning of a frame that is not complete
    std::string outbox; ///< what the kernel did not take yet
  };

  void accept_all();
  void on_events(connection& who, std::uint32_t events);
  void read(connection& who);
  std::size_t open(connection& who, std::string_view input);
  std::size_t forward(connection& who, std::string_view input);
  void answer_control(connection& who, const client_frame& frame);
  void send(connection& to, std::string_view bytes);
  void flush(connection& who);
  void watch(connection& who);
  void close(connection& who);

  int listener_ = -1;
  int epoll_ = -1;
  std::vector<char> in_;
  std::vector<char> out_;
  std::unordered_map<std::uint64_t, connection*> places_;
  std::unordered_map<connection*, std::unique_ptr<connection>> connections_;
  std::vector<std::unique_ptr<connection>> closed_; ///< events of this wake-up may still name them
};

} // namespace carillon::floor
