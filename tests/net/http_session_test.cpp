#include "tests/net/fixture.hpp"

using namespace carillon;
using namespace carillon::net::test;

namespace {

std::string header(const http_client::response& answer, const char* name) {
  return std::string{answer[name]};
}

} // namespace

TEST_CASE("the root tells what this is") {
  fixture f;
  http_client client{f.start()};
  auto answer = client.request("GET", "/");
  CHECK(answer.result_int() == 200);
  CHECK(header(answer, "Content-Type") == "text/plain; charset=utf-8");
  CHECK(answer.body().find("Carillon") != std::string::npos);
  CHECK(answer.keep_alive());
}

TEST_CASE("HEAD has the length of GET and no body") {
  fixture f;
  http_client client{f.start()};
  auto length = client.request("GET", "/").body().size();
  auto answer = client.request("HEAD", "/");
  CHECK(answer.result_int() == 200);
  CHECK(header(answer, "Content-Length") == std::to_string(length));
  // The connection is still in step.
  CHECK(client.request("GET", "/").body().size() == length);
}

TEST_CASE("unknown paths are 404 and other methods 405") {
  fixture f;
  http_client client{f.start()};
  auto missing = client.request("GET", "/nothing/here");
  CHECK(missing.result_int() == 404);
  CHECK(missing.body() == R"({"success":false,"message":"Not found","code":"route_not_found"})");
  auto wrong = client.request("PUT", "/api/calls/history");
  CHECK(wrong.result_int() == 405);
  CHECK(header(wrong, "Allow") == "GET, HEAD, OPTIONS");
  CHECK(wrong.body().find("method_not_allowed") != std::string::npos);
  CHECK(client.request("POST", "/", "x").result_int() == 405);
  CHECK(client.request("GET", "/api/calls/history/").result_int() == 401);
  CHECK(f.refused(error_code::route_not_found) == 1);
  CHECK(f.refused(error_code::method_not_allowed) == 2);
}

TEST_CASE("pipelined requests are answered in order") {
  fixture f;
  http_client client{f.start()};
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n"
              "HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(client.receive().result_int() == 200);
  CHECK(client.receive().result_int() == 404);
  CHECK(client.receive(true).result_int() == 200);
  CHECK(client.receive().result_int() == 200);
}

TEST_CASE("a connection closes when the client says so") {
  fixture f;
  auto port = f.start();
  http_client client{port};
  auto answer = client.request("GET", "/", {}, {{"Connection", "close"}});
  CHECK_FALSE(answer.keep_alive());
  CHECK(client.closed());
  http_client old{port};
  old.send("GET / HTTP/1.0\r\n\r\n");
  CHECK(old.receive().result_int() == 200);
  CHECK(old.closed());
}

TEST_CASE("a body that is too big is refused before it is read, and the client can read why") {
  fixture f;
  f.settings.limits.body_bytes = 1000;
  auto port = f.start();
  http_client announced{port};
  auto answer = announced.request("POST", "/api/calls/initiate", std::string(2'000'000, 'x'));
  CHECK(answer.result_int() == 413);
  CHECK(answer.body().find("body_too_large") != std::string::npos);
  CHECK_FALSE(answer.keep_alive());

  http_client chunked{port};
  chunked.send("POST /api/calls/initiate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
               "7d0\r\n"
               + std::string(2000, 'x') + "\r\n0\r\n\r\n");
  CHECK(chunked.receive().result_int() == 413);

  http_client worded{port};
  auto other = worded.request("POST", "/video/calls?x=1", std::string(2000, 'x'));
  CHECK(other.result_int() == 413);
  CHECK(other.body().starts_with(R"({"error":)"));

  http_client fits{port};
  CHECK(fits.request("POST", "/api/calls/initiate", std::string(1000, 'x')).result_int() == 401);
  CHECK(f.refused(error_code::body_too_large) == 3);
}

TEST_CASE("a body limit of 0 is none") {
  fixture f;
  f.settings.limits.body_bytes = 0;
  http_client client{f.start()};
  CHECK(client.request("POST", "/api/calls/initiate", std::string(3'000'000, 'x')).result_int()
        == 401);
}

TEST_CASE("a header that is too big, and what is no HTTP, is refused") {
  fixture f;
  auto port = f.start();
  http_client big{port};
  CHECK(big.request("GET", "/", {}, {{"X", std::string(20'000, 'x')}}).result_int() == 431);
  CHECK(big.closed());
  for (auto* garbage :
       {"\x16\x03\x01\x02 what\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nBroken\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"}) {
    http_client client{port};
    client.send(garbage);
    auto answer = client.receive();
    CHECK(answer.result_int() == 400);
    CHECK(answer.body().find("\"success\":false") != std::string::npos);
    CHECK(client.closed());
  }
}

TEST_CASE("a client that is slow with its request is cut off") {
  fixture f;
  f.waits.http_header = f.waits.http_body = f.waits.http_idle = std::chrono::milliseconds{50};
  auto port = f.start();
  http_client silent{port};
  CHECK(silent.closed());
  http_client halfway{port};
  halfway.send("GET / HTTP/1.1\r\nHos");
  CHECK(halfway.closed());
  http_client bodiless{port};
  bodiless.send("POST /api/calls/end HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{");
  CHECK(bodiless.closed());
  http_client idle{port};
  CHECK(idle.request("GET", "/").result_int() == 200);
  CHECK(idle.closed());
}

TEST_CASE("a client that waits for 100 Continue gets it") {
  fixture f;
  http_client client{f.start()};
  client.send("POST /api/calls/end HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
              "Content-Length: 2\r\n\r\n");
  CHECK(client.receive(true).result_int() == 100);
  client.send("{}");
  CHECK(client.receive().result_int() == 401);
}

TEST_CASE("pages of allowed origins may ask, preflight first") {
  fixture f;
  f.settings.server.cors_origins = {"https://app.example"};
  http_client client{f.start()};
  auto preflight = client.request("OPTIONS", "/api/calls/initiate", {},
                                  {{"Origin", "https://app.example"},
                                   {"Access-Control-Request-Method", "POST"},
                                   {"Access-Control-Request-Headers", "authorization"}});
  CHECK(preflight.result_int() == 204);
  CHECK(header(preflight, "Access-Control-Allow-Origin") == "https://app.example");
  CHECK(header(preflight, "Access-Control-Allow-Methods") == "POST, OPTIONS");
  CHECK(header(preflight, "Access-Control-Allow-Headers").find("Authorization")
        != std::string::npos);

  auto simple =
      client.request("GET", "/api/calls/history", {}, {{"Origin", "https://app.example"}});
  CHECK(simple.result_int() == 401);
  CHECK(header(simple, "Access-Control-Allow-Origin") == "https://app.example");

  auto stranger = client.request(
      "OPTIONS", "/api/calls/initiate", {},
      {{"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "POST"}});
  CHECK(stranger.result_int() == 204);
  CHECK(header(stranger, "Access-Control-Allow-Origin").empty());
  CHECK(header(stranger, "Access-Control-Allow-Methods").empty());
}

TEST_CASE("OPTIONS without CORS tells the methods, of known paths only") {
  fixture f;
  http_client client{f.start()};
  auto answer = client.request("OPTIONS", "/api/calls/history/abc");
  CHECK(answer.result_int() == 204);
  CHECK(header(answer, "Allow") == "DELETE, OPTIONS");
  CHECK(header(answer, "Access-Control-Allow-Origin").empty());
  CHECK(client.request("OPTIONS", "/nothing").result_int() == 404);
}

TEST_CASE("Engine.IO refuses bad handshakes in its own words") {
  fixture f;
  http_client client{f.start()};
  auto ask = [&](std::string_view method, std::string_view query) {
    auto answer = client.request(method, "/socket.io/?" + std::string{query});
    CHECK(answer.result_int() == 400);
    return answer.body();
  };
  CHECK(ask("GET", "EIO=4&transport=flashsocket") == R"({"code":0,"message":"Transport unknown"})");
  CHECK(ask("GET", "EIO=4&transport=websocket&sid=x")
        == R"({"code":1,"message":"Session ID unknown"})");
  CHECK(ask("POST", "EIO=4&transport=websocket")
        == R"({"code":2,"message":"Bad handshake method"})");
  CHECK(ask("GET", "EIO=4&transport=websocket") == R"({"code":3,"message":"Bad request"})");
}

TEST_CASE("an upgrade with a wrong version is refused over HTTP") {
  fixture f;
  http_client client{f.start()};
  auto answer = client.request("GET", "/socket.io/?EIO=3&transport=websocket", {},
                               {{"Connection", "Upgrade"},
                                {"Upgrade", "websocket"},
                                {"Sec-WebSocket-Version", "13"},
                                {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}});
  CHECK(answer.result_int() == 400);
  CHECK(answer.body() == "Unsupported protocol version");
  CHECK(client.closed());
}
