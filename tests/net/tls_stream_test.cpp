#include "net/tls_stream.hpp"
#include "tests/net/certificate.hpp"
#include "tests/net/fixture.hpp"

#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <filesystem>
#include <fstream>

using namespace carillon;
using namespace carillon::net::test;

namespace {

/// A client over TLS that trusts only `trusted`.
class tls_client : public blocking {
public:
  using stream = asio::ssl::stream<asio::ip::tcp::socket>;

  tls_client(std::uint16_t port, const certificate& trusted)
    : blocking(port)
    , stream_(context_, tls_) {
    tls_.load_verify_file(trusted.chain());
    stream_.set_verify_mode(asio::ssl::verify_peer);
    REQUIRE(!run([&](auto done) { stream_.next_layer().async_connect(server(), done); }));
    REQUIRE(!run([&](auto done) { stream_.async_handshake(stream::client, done); }));
  }

  unsigned get(const char* target) {
    http::request<http::empty_body> request{http::verb::get, target, 11};
    REQUIRE(!run([&](auto done) { http::async_write(stream_, request, done); }));
    http::response<http::string_body> answer;
    REQUIRE(!run([&](auto done) { http::async_read(stream_, buffer_, answer, done); }));
    return answer.result_int();
  }

  std::string talk(const std::string& packet) {
    beast::websocket::stream<stream&> socket{stream_};
    REQUIRE(!run([&](auto done) {
      socket.async_handshake("localhost", std::string{socket_client::path}, done);
    }));
    std::string all;
    auto read = [&] {
      beast::flat_buffer buffer;
      auto problem = run([&](auto done) { socket.async_read(buffer, done); });
      REQUIRE(!problem);
      all += beast::buffers_to_string(buffer.data());
    };
    read();
    REQUIRE(!run([&](auto done) { socket.async_write(asio::buffer(packet), done); }));
    read();
    read();
    REQUIRE(
        !run([&](auto done) { socket.async_close(beast::websocket::close_code::normal, done); }));
    return all;
  }

private:
  asio::ssl::context tls_{asio::ssl::context::tls_client};
  stream stream_;
  beast::flat_buffer buffer_;
};

} // namespace

TEST_CASE("requests and sockets work over TLS") {
  certificate mine;
  fixture f;
  f.settings.server.tls_certificate = mine.chain();
  f.settings.server.tls_key = mine.secret();
  auto port = f.start();
  {
    tls_client rest{port, mine};
    CHECK(rest.get("/") == 200);
    CHECK(rest.get("/nothing") == 404);
  }
  tls_client client{port, mine};
  auto talk = client.talk(fixture::connect_packet(f.token("alice")));
  CHECK(talk.find("0{\"sid\"") == 0);
  CHECK(talk.find("40{\"sid\"") != std::string::npos);
  CHECK(talk.find("callState") != std::string::npos);
  CHECK(f.sink.wait_detached());
}

TEST_CASE("who does not speak TLS to a TLS port is closed") {
  certificate mine;
  fixture f;
  f.settings.server.tls_certificate = mine.chain();
  f.settings.server.tls_key = mine.secret();
  http_client client{f.start()};
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(client.ends());
}

TEST_CASE("certificates that cannot be used are refused by name") {
  certificate mine;
  certificate other;
  auto refusal = [](const std::string& chain, const std::string& key) {
    auto loaded = net::load_tls(chain, key);
    REQUIRE_FALSE(loaded.ok());
    return loaded.error().detail;
  };
  CHECK(net::load_tls(mine.chain(), mine.secret()).ok());
  CHECK(refusal("/nowhere.pem", mine.secret()).find("server.tls_certificate: /nowhere.pem") == 0);
  CHECK(refusal(mine.chain(), "/nowhere.pem").find("server.tls_key: /nowhere.pem") == 0);
  CHECK(refusal(mine.chain(), other.secret()).find("server.tls_key") == 0);
  CHECK(refusal(mine.secret(), mine.secret()).find("server.tls_certificate") == 0);
  CHECK(refusal(mine.chain(), "").find("server.tls_key") == 0);
  CHECK(refusal("", mine.secret()).find("server.tls_certificate") == 0);
}

TEST_CASE("a renewed certificate is for connections from then on, a broken one for none") {
  fixture f;
  certificate files;
  certificate renewed;
  f.settings.server.tls_certificate = files.chain();
  f.settings.server.tls_key = files.secret();
  auto port = f.start();
  tls_client before{port, files};
  auto copy = [](const std::string& from, const std::string& to) {
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
  };
  copy(renewed.chain(), files.chain());
  CHECK_FALSE(f.running().reload_certificates()); // the key is of the old one
  copy(renewed.secret(), files.secret());
  CHECK(f.running().reload_certificates());
  tls_client after{port, renewed};
  CHECK(after.get("/") == 200);
  CHECK(before.get("/") == 200);
}
