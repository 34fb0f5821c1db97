#pragma once

#include "net/channel.hpp"
#include "net/registry.hpp"
#include "net/site.hpp"
#include "net/transport.hpp"
#include "net/ws_frames.hpp"

namespace carillon::net {

/// A session, or the probe of an upgrade, over one WebSocket: a packet is a message. Runs on one
/// I/O thread; kept alive by its channel and its user.
class websocket_transport final : public transport,
                                  public channel_user,
                                  public registered,
                                  public std::enable_shared_from_this<websocket_transport> {
public:
  websocket_transport(std::shared_ptr<site> host, io_executor executor,
                      std::shared_ptr<channel> way);

  /// Answers the upgrade with `greeting`; then `user` begins.
  void start(std::string_view greeting, std::shared_ptr<transport_user> user);

  void flush() override;
  void pause(bool on) override;
  void close(close_reason reason) override;
  void abort() noexcept override { way_->abort(); }
  void ping() override;
  void serve(std::shared_ptr<transport_user> user) override;
  std::shared_ptr<channel> socket() const override { return way_; }
  bool behind() const noexcept override { return way_->behind(); }
  void shut_down() noexcept override;

  void on_bytes(char* bytes, std::size_t size) override;
  void on_behind() override;
  void on_closed() override;

private:
  void hand_in(char* bytes, std::size_t size);
  void take(const ws::frame_reader::item& what);
  void on_peer_close(std::uint16_t code);
  void fail(std::uint16_t code);
  void say_close(std::uint16_t code, std::string_view reason);
  void leave_user();

  std::shared_ptr<site> site_;
  io_executor executor_;
  std::shared_ptr<channel> way_;
  std::shared_ptr<transport_user> user_;
  ws::frame_reader frames_;
  std::unique_ptr<io_timer> patience_; ///< for the peer, once this side has said close
  bool handing_in_ = false;
  bool paused_ = false;
  bool closing_ = false;
  bool over_ = false; ///< nothing that comes matters any more
};

} // namespace carillon::net
