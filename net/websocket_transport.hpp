#pragma once

#include "net/engine_door.hpp"
#include "net/exchange.hpp"
#include "net/registry.hpp"
#include "net/site.hpp"
#include "net/transport.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace carillon::net {

/// A session, or the probe of an upgrade, over one WebSocket: a packet is a message. Runs on one
/// I/O thread; kept alive by the operations under way and by its user.
template <class Stream>
class websocket_transport final : public transport,
                                  public registered,
                                  public std::enable_shared_from_this<websocket_transport<Stream>> {
public:
  websocket_transport(std::shared_ptr<site> host, Stream&& stream);

  /// Answers the upgrade; then `user` begins.
  void accept(const exchange::request& upgrade, std::shared_ptr<transport_user> user);

  void flush() override;
  void pause(bool on) override;
  void close(close_reason reason) override;
  void abort() noexcept override;
  void ping() override;
  void serve(std::shared_ptr<transport_user> user) override;
  void shut_down() noexcept override;

private:
  using error = boost::system::error_code;
  // Without compression: signaling is small, and each compressor costs hundreds of kilobytes.
  using websocket = boost::beast::websocket::stream<Stream, false>;

  void on_accepted(const error& problem);
  void read();
  void on_read(const error& problem);
  void hand_in();
  void refuse_text();
  void on_written(const error& problem);
  void send_close();
  void finish();

  std::shared_ptr<site> site_;
  websocket stream_;
  boost::beast::flat_buffer buffer_;
  std::shared_ptr<transport_user> user_;
  frame writing_; ///< kept until it is written
  close_reason reason_ = close_reason::normal;
  bool accepted_ = false;
  bool reading_ = false;
  bool handing_in_ = false;
  bool paused_ = false;
  bool closing_ = false;
  bool bad_text_ = false; ///< a message was no UTF-8 at its end
  bool pinging_ = false;
};

/// Turns `stream`, which asked for it with `upgrade`, into what `through` leads to. On the
/// session's thread.
template <class Stream>
void start_websocket(std::shared_ptr<site> host, Stream&& stream, const exchange::request& upgrade,
                     door through);

} // namespace carillon::net
