#pragma once

#include "net/engine_io_session.hpp"
#include "net/exchange.hpp"
#include "net/registry.hpp"
#include "net/transport.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace carillon::net {

/// Engine.IO over one WebSocket: a packet is a message. Runs on one I/O thread; kept alive by the
/// operations under way and by its session.
template <class Stream>
class websocket_transport final : public transport,
                                  public registered,
                                  public std::enable_shared_from_this<websocket_transport<Stream>> {
public:
  websocket_transport(std::shared_ptr<site> host, Stream&& stream);

  /// Answers the upgrade; then `session` begins.
  void accept(const exchange::request& upgrade, std::shared_ptr<engine_io_session> session);

  void flush() override;
  void pause(bool on) override;
  void close(close_reason reason) override;
  void abort() noexcept override;
  void shut_down() noexcept override;

private:
  using error = boost::system::error_code;
  // Without compression: signaling is small, and each compressor costs hundreds of kilobytes.
  using websocket = boost::beast::websocket::stream<Stream, false>;

  void on_accepted(const error& problem);
  void read();
  void on_read(const error& problem);
  void hand_in();
  void on_written(const error& problem);
  void send_close();
  void finish();

  std::shared_ptr<site> site_;
  websocket stream_;
  boost::beast::flat_buffer buffer_;
  std::shared_ptr<engine_io_session> session_;
  frame writing_; ///< kept until it is written
  close_reason reason_ = close_reason::normal;
  bool accepted_ = false;
  bool reading_ = false;
  bool handing_in_ = false;
  bool paused_ = false;
  bool closing_ = false;
};

/// Turns `stream`, which asked for it with `upgrade`, into the transport of a new Socket.IO session
/// of a client at `from` that brought `token` (empty: none). On the stream's thread.
template <class Stream>
void start_websocket(std::shared_ptr<site> host, Stream&& stream, const exchange::request& upgrade,
                     std::string token, ip_address from);

} // namespace carillon::net
