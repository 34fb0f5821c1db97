#pragma once

#include "net/exchange.hpp"
#include "net/registry.hpp"
#include "net/site.hpp"
#include "net/utf8_tail.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace carillon::net {

/// A bare WebSocket that sends every message back as it came, for protocol suites
/// (`server.conformance_echo`). Runs on one I/O thread; kept alive by the operation under way.
template <class Stream>
class websocket_echo final : public registered,
                             public std::enable_shared_from_this<websocket_echo<Stream>> {
public:
  websocket_echo(std::shared_ptr<site> host, Stream&& stream)
    : site_(std::move(host))
    , stream_(std::move(stream)) {
    stream_.read_message_max(site_->settings().limits.frame_bytes);
    stream_.auto_fragment(false);
  }

  /// Answers the upgrade and goes on until the client closes.
  void accept(const exchange::request& upgrade) {
    if (!site_->connections->add(*this))
      return end();
    stream_.async_accept(upgrade, step([](auto& me) { me.read(); }));
  }

  void shut_down() noexcept override { abort(); }

  void abort() noexcept override {
    boost::system::error_code ignored; // nothing is left to do with it
    boost::beast::get_lowest_layer(stream_).close(ignored);
  }

private:
  template <class Next>
  auto step(Next next) {
    return
        [me = this->shared_from_this(), next](const boost::system::error_code& problem,
                                              std::size_t = 0) { problem ? me->end() : next(*me); };
  }

  void read() {
    buffer_.clear();
    stream_.async_read(buffer_, step([](auto& me) { me.write(); }));
  }

  void write() {
    auto data = buffer_.cdata();
    if (stream_.got_text()
        && ends_inside_character({static_cast<const char*>(data.data()), data.size()}))
      return stream_.async_close(boost::beast::websocket::close_code::bad_payload,
                                 step([](auto& me) { me.end(); }));
    stream_.text(stream_.got_text());
    stream_.async_write(buffer_.cdata(), step([](auto& me) { me.read(); }));
  }

  void end() {
    counters::add(site_->context.counts.connections_closed);
    site_->connections->remove(*this);
    abort();
  }

  std::shared_ptr<site> site_;
  boost::beast::websocket::stream<Stream, false> stream_;
  boost::beast::flat_buffer buffer_;
};

} // namespace carillon::net
