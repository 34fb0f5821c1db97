#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <memory>
#include <string>
#include <utility>

namespace carillon::net {

/// A stream that can hold back what is written to it until the next write, so that many small
/// messages leave in one system call. It sits below the WebSocket, whose own control frames stay in
/// order with the rest. Used on one thread, with one write at a time, as `Base` is.
template <class Base>
class batching : public Base {
public:
  using Base::Base;
  explicit batching(Base&& base)
    : Base(std::move(base)) {}

  /// While on, writes are kept and succeed at once; the first write after it takes them along.
  void hold(bool on) noexcept { holding_ = on; }

  /// How many bytes are held back.
  [[nodiscard]] std::size_t held() const noexcept { return held_ ? held_->size() : 0; }

  /// In place of `Base::async_write_some`.
  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    namespace asio = boost::asio;
    using error = boost::system::error_code;
    if (!holding_ && !held_)
      return Base::async_write_some(buffers, std::forward<Handler>(handler));
    auto size = asio::buffer_size(buffers);
    append(buffers, size);
    if (holding_) {
      asio::post(this->get_executor(),
                 [size, done = std::forward<Handler>(handler)]() mutable { done(error{}, size); });
      return;
    }
    auto& all = *held_;
    asio::async_write(static_cast<Base&>(*this), asio::buffer(all),
                      [size, kept = std::move(held_), done = std::forward<Handler>(handler)](
                          const error& problem, std::size_t) mutable {
                        kept.reset();
                        done(problem, problem ? 0 : size);
                      });
  }

private:
  template <class Buffers>
  void append(const Buffers& buffers, std::size_t size) {
    if (!held_)
      held_ = std::make_unique<std::string>();
    auto before = held_->size();
    held_->resize(before + size);
    boost::asio::buffer_copy(boost::asio::buffer(held_->data() + before, size), buffers);
  }

  std::unique_ptr<std::string> held_; ///< null: nothing is held
  bool holding_ = false;
};

} // namespace carillon::net
