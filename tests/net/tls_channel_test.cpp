#include "net/tls_channel.hpp"

#include "tests/net/certificate.hpp"
#include "tests/net/rig.hpp"

#include <netinet/tcp.h>
#include <openssl/ssl.h>

using namespace carillon;
using namespace carillon::net;
using namespace carillon::net::test;
using ws::opcode;
using written = net::channel::written;

namespace {

/// One channel over TLS and its client.
class encrypted : public rig {
public:
  explicit encrypted(std::size_t frames = 0, std::size_t bytes = 0, std::string_view greeting = {})
    : encrypted(raw_socket::pair(), frames, bytes, greeting) {}

  ~encrypted() {
    SSL_free(session_);
    SSL_CTX_free(context_);
  }

  void send(std::string_view bytes) {
    REQUIRE(SSL_write(session_, bytes.data(), static_cast<int>(bytes.size())) > 0);
  }

  /// Each a record, but all on their way at once.
  void send_together(const std::vector<std::string>& records) {
    cork(1);
    for (auto& one : records)
      send(one);
    cork(0);
  }

  /// What comes until `size` bytes are there, or the end; `ended` tells whether that was said.
  std::string receive(std::size_t size = std::string::npos) {
    std::string all;
    while (all.size() < size) {
      char part[16384];
      auto got =
          SSL_read(session_, part, static_cast<int>(std::min(size - all.size(), sizeof part)));
      if (got <= 0) {
        ended = SSL_get_error(session_, got) == SSL_ERROR_ZERO_RETURN;
        break;
      }
      all.append(part, static_cast<std::size_t>(got));
    }
    return all;
  }

  std::shared_ptr<recorder> user = std::make_shared<recorder>();
  raw_socket peer;
  std::shared_ptr<tls_channel> way;
  bool ended = false;

private:
  encrypted(std::pair<raw_socket, raw_socket> ends, std::size_t frames, std::size_t bytes,
            std::string_view greeting)
    : peer(std::move(ends.first)) {
    auto own = load_tls(mine_.chain(), mine_.secret()).value();
    std::promise<bool> shaken;
    std::unique_ptr<tls_stream> stream;
    run([&] {
      tcp_socket socket{pool.context(0).get_executor()};
      socket.assign(boost::asio::ip::tcp::v4(), ends.second.release());
      stream = std::make_unique<tls_stream>(std::move(socket), std::move(own));
      stream->async_handshake(tls_stream::server,
                              [&](const auto& problem) { shaken.set_value(!problem); });
    });
    SSL_set_fd(session_, peer.handle());
    REQUIRE(SSL_connect(session_) == 1);
    REQUIRE(shaken.get_future().get());
    run([&] {
      way = std::make_shared<tls_channel>(std::move(*stream), send_buffer{frames, bytes});
      stream.reset();
    });
    start(way, user, greeting);
  }

  void cork(int on) {
    REQUIRE(::setsockopt(peer.handle(), IPPROTO_TCP, TCP_CORK, &on, sizeof on) == 0);
  }

  certificate mine_;
  SSL_CTX* context_ = SSL_CTX_new(TLS_client_method());
  SSL* session_ = SSL_new(context_);
};

const std::string x1000(1000, 'x');

} // namespace

TEST_CASE("a greeting, frames and bytes over TLS") {
  encrypted c{0, 0, "greeting"};
  CHECK_FALSE(c.way->shareable());
  c.run([&] { CHECK(c.way->write(opcode::text, {"ab", "c"}) == written::taken); });
  CHECK(c.receive(8 + 5)
        == "greeting\x81\x03"
           "abc");
  c.send("first");
  CHECK(c.user->wait_bytes(5));
  c.send(std::string(50'000, 'x'));
  CHECK(c.user->wait_bytes(50'005));
  CHECK(c.user->bytes() == "first" + std::string(50'000, 'x'));
}

TEST_CASE("a pause that is over at once leaves alone what was handed in") {
  encrypted c;
  bool spoiled = false;
  c.run([&] {
    c.user->then = [&](std::string_view what) {
      std::string before{what};
      c.way->pause(true);
      c.way->pause(false);
      spoiled = spoiled || before != what;
    };
  });
  c.send_together({std::string(3000, 'a'), std::string(3000, 'b'), std::string(3000, 'c')});
  CHECK(c.user->wait_bytes(9000));
  c.run([&] { CHECK_FALSE(spoiled); });
  CHECK(c.user->bytes()
        == std::string(3000, 'a') + std::string(3000, 'b') + std::string(3000, 'c'));
}

TEST_CASE("while paused nothing is read over TLS") {
  encrypted c;
  c.send("a");
  CHECK(c.user->wait_bytes(1));
  c.run([&] { c.way->pause(true); });
  // The reading that is under way brings the first of them.
  c.send("b");
  CHECK(c.user->wait_bytes(2));
  c.send("c");
  for (int i = 0; i < 10; ++i)
    c.run([] {});
  CHECK(c.user->bytes() == "ab");
  c.run([&] { c.way->pause(false); });
  CHECK(c.user->wait_bytes(3));
}

TEST_CASE("a client over TLS that reads nothing is behind, and finishing waits for it") {
  encrypted c{0, 100'000};
  std::size_t count = 0;
  c.run([&] {
    for (; c.way->write(opcode::text, {x1000}) == written::taken; ++count)
      c.way->flush();
    CHECK(c.way->behind());
    CHECK(c.way->write(opcode::binary, {x1000}) == written::full);
    CHECK(c.user->behinds() == 1);
    CHECK(c.way->write(opcode::close, {closing(1001)}) == written::taken);
    c.way->finish();
    CHECK(c.way->write(opcode::ping, {}) == written::closed);
  });
  CHECK(count > 100);
  auto all = c.receive();
  CHECK(c.ended);
  CHECK(all.size() == count * 1004 + 4);
  CHECK(all.ends_with("\x88\x02" + closing(1001)));
  c.peer.close();
  CHECK(c.user->wait_closed());
  CHECK(c.user->closes() == 1);
}

TEST_CASE("a client over TLS that vanishes ends the channel") {
  encrypted c;
  c.send("a");
  CHECK(c.user->wait_bytes(1));
  c.peer.close();
  CHECK(c.user->wait_closed());
  CHECK(c.user->closes() == 1);
}

TEST_CASE("an abort over TLS, from outside and while bytes are handed in") {
  encrypted c;
  c.run([&] { c.way->abort(); });
  CHECK(c.user->wait_closed());
  CHECK(c.receive().empty());
  encrypted d;
  d.run([&] { d.user->then = [&](std::string_view) { d.way->abort(); }; });
  d.send("a");
  CHECK(d.user->wait_closed());
  CHECK(d.user->closes() == 1);
}
