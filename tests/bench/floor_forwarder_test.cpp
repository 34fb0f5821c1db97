#include "bench/peers/floor/forwarder.hpp"

#include "bench/load/ws_frame.hpp"
#include "tests/catch.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

using namespace carillon::floor;
namespace ws = carillon::load::ws;

namespace {

/// How long a test waits for something that does not come.
constexpr int patience_ms = 10'000;

/// One side of a pair, on a blocking socket; the server runs on the same thread, between its calls.
class client {
public:
  explicit client(forwarder& server, const std::string& target = "")
    : server_(server)
    , fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(server.port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
    if (target.empty())
      return;
    send("GET " + target + " HTTP/1.1\r\nUpgrade: websocket\r\n"
         + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  }
  ~client() { ::close(fd_); }
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  void send(const std::string& bytes) {
    REQUIRE(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL)
            == static_cast<ssize_t>(bytes.size()));
  }

  /// Sends what the socket takes.
  std::size_t send_some(const std::string& bytes) {
    auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 ? 0 : static_cast<std::size_t>(sent);
  }

  void send_text(const std::string& text) {
    std::string bytes;
    ws::append_frame(bytes, ws::opcode::text, text, 0x01020304);
    send(bytes);
  }

  /// Lets the server work until `count` bytes have come, or the connection has ended.
  std::string receive(std::size_t count) {
    std::string bytes;
    std::string room(count, '\0');
    while (bytes.size() < count) {
      auto got = ::recv(fd_, room.data(), count - bytes.size(), MSG_DONTWAIT);
      if (got == 0)
        break;
      if (got > 0)
        bytes.append(room.data(), static_cast<std::size_t>(got));
      else
        server_.serve_once(patience_ms);
    }
    return bytes;
  }

  /// The answer to the upgrade, or to anything else that ends with an empty line.
  std::string receive_head() {
    std::string head;
    while (!head.ends_with("\r\n\r\n")) {
      auto next = receive(1);
      if (next.empty())
        break;
      head += next;
    }
    return head;
  }

  std::string receive_text(std::size_t size) {
    std::size_t header = size < 126 ? 2 : 4;
    auto bytes = receive(header + size);
    auto frame = ws::parse_frame(bytes);
    REQUIRE(frame.what == ws::parsed_frame::outcome::frame);
    return std::string{frame.payload};
  }

private:
  forwarder& server_;
  int fd_;
};

struct joined_pair {
  forwarder server{0};
  client left{server, "/floor?pair=7&side=0"};
  client right{server, "/floor?pair=7&side=1"};
  joined_pair() {
    for (auto* each : {&left, &right})
      REQUIRE(each->receive_head().find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != std::string::npos);
  }
};

} // namespace

TEST_CASE("what one of a pair sends reaches the other", "[bench]") {
  joined_pair pair;
  pair.left.send_text("to the right");
  CHECK(pair.right.receive_text(12) == "to the right");
  pair.right.send_text(std::string(2000, 'l'));
  CHECK(pair.left.receive_text(2000) == std::string(2000, 'l'));
}

TEST_CASE("many frames in one read stay many frames, in order", "[bench]") {
  joined_pair pair;
  std::string bytes;
  for (int i = 0; i < 100; ++i)
    ws::append_frame(bytes, ws::opcode::text, "number " + std::to_string(100 + i), 0xabcd1234);
  pair.left.send(bytes);
  for (int i = 0; i < 100; ++i)
    CHECK(pair.right.receive_text(10) == "number " + std::to_string(100 + i));
}

TEST_CASE("a frame may come in pieces", "[bench]") {
  joined_pair pair;
  std::string bytes;
  ws::append_frame(bytes, ws::opcode::text, "in three pieces", 0x55aa55aa);
  ws::append_frame(bytes, ws::opcode::text, "and one more", 0x55aa55aa);
  pair.left.send(bytes.substr(0, 1));
  pair.server.serve_once(patience_ms);
  pair.left.send(bytes.substr(1, 9));
  pair.server.serve_once(patience_ms);
  pair.left.send(bytes.substr(10));
  CHECK(pair.right.receive_text(15) == "in three pieces");
  CHECK(pair.right.receive_text(12) == "and one more");
}

TEST_CASE("a ping is answered and not forwarded", "[bench]") {
  joined_pair pair;
  std::string bytes;
  ws::append_frame(bytes, ws::opcode::ping, "hi", 0x11223344);
  pair.left.send(bytes);
  CHECK(pair.left.receive(4) == "\x8a\x02hi");
  pair.left.send_text("text");
  CHECK(pair.right.receive_text(4) == "text");
}

TEST_CASE("a side that does not read holds up its peer and loses nothing", "[bench]") {
  joined_pair pair;
  // More than the sockets and the server together have room for, by far.
  const std::string text(50'000, 'x');
  constexpr int count = 1000;
  std::string all;
  for (int i = 0; i < count; ++i)
    ws::append_frame(all, ws::opcode::text, text, 0x01020304);
  std::size_t sent = 0;
  // Until a side that is not read any more has filled its socket.
  for (int refused = 0; refused < 10;) {
    auto taken = pair.left.send_some(all.substr(sent, 100'000));
    sent += taken;
    refused = taken == 0 ? refused + 1 : 0;
    pair.server.serve_once(0);
    REQUIRE(sent < all.size());
  }
  for (int i = 0; i < count; ++i) {
    sent += pair.left.send_some(all.substr(sent, 100'000));
    REQUIRE(pair.right.receive_text(text.size()) == text);
  }
  CHECK(sent == all.size());
}

TEST_CASE("when one side goes the other may have a new peer", "[bench]") {
  forwarder server{0};
  client stays{server, "/floor?pair=1&side=0"};
  stays.receive_head();
  {
    client goes{server, "/floor?pair=1&side=1"};
    goes.receive_head();
  }
  server.serve_once(patience_ms);
  client comes{server, "/floor?pair=1&side=1"};
  REQUIRE(comes.receive_head().starts_with("HTTP/1.1 101"));
  stays.send_text("hello");
  CHECK(comes.receive_text(5) == "hello");
}

TEST_CASE("a place is given once, and only to an upgrade", "[bench]") {
  forwarder server{0};
  client first{server, "/floor?pair=1&side=0"};
  first.receive_head();
  client second{server, "/floor?pair=1&side=0"};
  CHECK(second.receive_head().starts_with("HTTP/1.1 409"));
  client other{server, "/elsewhere"};
  CHECK(other.receive_head().starts_with("HTTP/1.1 400"));
}
