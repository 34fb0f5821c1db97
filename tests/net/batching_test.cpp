#include "net/batching.hpp"
#include "tests/catch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <array>
#include <vector>

namespace asio = boost::asio;
using carillon::net::batching;

namespace {

/// Takes `most` bytes in one write at most, and notes each.
class pipe_end {
public:
  using executor_type = asio::io_context::executor_type;

  explicit pipe_end(asio::io_context& context)
    : executor_(context.get_executor()) {}

  executor_type get_executor() const { return executor_; }

  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    std::string text(std::min(most, asio::buffer_size(buffers)), '\0');
    asio::buffer_copy(asio::buffer(text), buffers);
    auto problem = broken ? asio::error::broken_pipe : boost::system::error_code{};
    if (!problem)
      writes.push_back(text);
    asio::post(executor_,
               [problem, size = problem ? 0 : text.size(),
                done = std::forward<Handler>(handler)]() mutable { done(problem, size); });
  }

  std::vector<std::string> writes;
  std::size_t most = 1'000'000;
  bool broken = false;

private:
  executor_type executor_;
};

struct fixture {
  asio::io_context context;
  batching<pipe_end> stream{context};

  /// Writes all of `text` and returns how many bytes were told to be written, -1 for an error.
  long write(const std::string& text) {
    long told = -2;
    // Two buffers, as a WebSocket frame has.
    std::array<asio::const_buffer, 2> parts{asio::buffer(text.data(), 1),
                                            asio::buffer(text.data() + 1, text.size() - 1)};
    asio::async_write(stream, parts,
                      [&](const boost::system::error_code& problem, std::size_t size) {
                        told = problem ? -1 : static_cast<long>(size);
                      });
    context.restart();
    context.run();
    return told;
  }
};

} // namespace

TEST_CASE("without a hold each write goes through as it is") {
  fixture f;
  CHECK(f.write("abc") == 3);
  CHECK(f.write("de") == 2);
  CHECK(f.stream.writes == std::vector<std::string>{"abc", "de"});
}

TEST_CASE("what is held leaves with the next write, in order and in one piece") {
  fixture f;
  f.stream.hold(true);
  CHECK(f.write("abc") == 3);
  CHECK(f.write("def") == 3);
  CHECK(f.stream.writes.empty());
  CHECK(f.stream.held() == 6);
  f.stream.hold(false);
  CHECK(f.write("gh") == 2);
  CHECK(f.stream.writes == std::vector<std::string>{"abcdefgh"});
  CHECK(f.stream.held() == 0);
  CHECK(f.write("ij") == 2);
  CHECK(f.stream.writes.back() == "ij");
}

TEST_CASE("a stream that takes only a part at a time gets all of it") {
  fixture f;
  f.stream.most = 3;
  f.stream.hold(true);
  CHECK(f.write("abcdefgh") == 8);
  f.stream.hold(false);
  CHECK(f.write("ij") == 2);
  CHECK(f.stream.writes == std::vector<std::string>{"abc", "def", "ghi", "j"});
}

TEST_CASE("a failure is told to the write that took the rest along") {
  fixture f;
  f.stream.broken = true;
  f.stream.hold(true);
  CHECK(f.write("abc") == 3);
  f.stream.hold(false);
  CHECK(f.write("de") == -1);
  CHECK(f.stream.held() == 0);
}
