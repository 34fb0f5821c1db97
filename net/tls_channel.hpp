#pragma once

#include "net/channel.hpp"
#include "net/tls_stream.hpp"

#include <array>
#include <string>

namespace carillon::net {

/// A channel over TLS. On its own thread only, as OpenSSL's connections are.
class tls_channel final : public channel, public std::enable_shared_from_this<tls_channel> {
public:
  tls_channel(tls_stream&& stream, send_buffer buffer)
    : stream_(std::move(stream))
    , buffer_(std::move(buffer)) {}

  bool shareable() const noexcept override { return false; }
  void start(std::shared_ptr<channel_user> user, std::string_view greeting) override;
  written write(ws::opcode type, payload_parts payload) override;
  bool behind() const noexcept override { return buffer_.over(); }
  void pause(bool on) override;
  void finish() override;
  void abort() noexcept override;
  void flush() noexcept override;

private:
  using error = boost::system::error_code;

  void on_written(const error& problem);
  void read();
  void on_read(const error& problem, std::size_t size);
  void goodbye();
  void end();

  tls_stream stream_;
  send_buffer buffer_;
  std::string writing_;
  std::array<char, 4096> input_;
  std::shared_ptr<channel_user> user_;
  bool write_under_way_ = false;
  bool to_flush_ = false;
  bool behind_ = false;
  bool reading_ = false;
  bool handing_in_ = false; ///< `input_` is the user's
  bool paused_ = false;
  bool finishing_ = false;
  bool said_goodbye_ = false;
  bool peer_gone_ = false; ///< without a goodbye of its own
};

} // namespace carillon::net
