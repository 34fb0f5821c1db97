#include "net/tls_channel.hpp"

#include "config/log.hpp"
#include "net/pump.hpp"

#include <boost/asio/write.hpp>

namespace carillon::net {

void tls_channel::start(std::shared_ptr<channel_user> user, std::string_view greeting) {
  user_ = std::move(user);
  buffer_.add_raw(greeting);
  flush();
  read();
}

channel::written tls_channel::write(ws::opcode type, payload_parts payload) {
  if (finishing_ || !user_)
    return written::closed;
  if (!ws::is_control(type) && !buffer_.fits(payload))
    return written::full;
  buffer_.add(type, payload);
  if (write_under_way_) {
    if (buffer_.over() && !std::exchange(behind_, true))
      user_->on_behind();
  } else if (!std::exchange(to_flush_, true)) {
    pump::here()->flush_soon(shared_from_this());
  }
  return written::taken;
}

void tls_channel::flush() noexcept {
  to_flush_ = false;
  if (write_under_way_ || !user_)
    return;
  behind_ = false;
  if (buffer_.empty()) {
    if (finishing_)
      goodbye();
    return;
  }
  write_under_way_ = true;
  writing_ = buffer_.take();
  boost::asio::async_write(stream_, boost::asio::buffer(writing_),
                           [self = shared_from_this()](const error& problem, std::size_t) {
                             self->on_written(problem);
                           });
}

void tls_channel::on_written(const error& problem) {
  write_under_way_ = false;
  writing_ = {};
  if (problem)
    return end();
  flush();
}

void tls_channel::read() {
  if (reading_ || handing_in_ || paused_ || finishing_ || !user_)
    return;
  reading_ = true;
  stream_.async_read_some(boost::asio::buffer(input_),
                          [self = shared_from_this()](const error& problem, std::size_t size) {
                            self->on_read(problem, size);
                          });
}

void tls_channel::on_read(const error& problem, std::size_t size) {
  reading_ = false;
  if (finishing_) {
    // A goodbye would wait for one in return.
    peer_gone_ = problem && problem != boost::asio::error::eof;
    return flush();
  }
  if (problem)
    return end();
  if (!user_)
    return;
  // A pause that begins and ends meanwhile must not read over what is handed in.
  handing_in_ = true;
  user_->on_bytes(input_.data(), size);
  handing_in_ = false;
  read();
}

void tls_channel::pause(bool on) {
  paused_ = on;
  read();
}

void tls_channel::finish() {
  if (std::exchange(finishing_, true))
    return;
  flush();
}

void tls_channel::goodbye() {
  if (peer_gone_)
    return end();
  // A read under way ends by itself; TLS allows one operation of a kind at a time.
  if (std::exchange(said_goodbye_, true))
    return;
  say_goodbye(stream_, [self = shared_from_this()](const error&) { self->end(); });
}

void tls_channel::abort() noexcept {
  error ignored; // nothing is left to do with it
  stream_.next_layer().close(ignored);
  if (!reading_ && !write_under_way_ && !said_goodbye_)
    end();
}

void tls_channel::end() {
  auto user = std::exchange(user_, nullptr);
  if (!user)
    return;
  error ignored; // the peer may have closed it already
  stream_.next_layer().close(ignored);
  user->on_closed();
}

} // namespace carillon::net
