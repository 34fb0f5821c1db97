#include "net/stream_client.hpp"

#include "config/command_line.hpp"
#include "tests/net/far_side.hpp"

#include <boost/asio/io_context.hpp>

#include <optional>

using namespace carillon;
using namespace carillon::net;
using namespace carillon::net::test;

namespace {

// As in a capture of what Stream's own SDK sends.
constexpr auto secret = "dummy-secret-for-capture-only-0123456789";
constexpr auto server_token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzZXJ2ZXIiOnRydWV9."
                              "pDpUyzn5L0xXB8Q5x0b9J4sVBHqrCOo-aOKViFAWuQI";

outbox_entry entry(std::string body = R"({"users":{}})") {
  outbox_entry made;
  made.path = "/users";
  made.body = std::move(body);
  return made;
}

/// A client that trusts one authority, and the thread that it is on.
struct asking {
  boost::asio::io_context io;
  std::unique_ptr<stream_client> client;

  asking(const std::string& url, const authority& trusted,
         std::chrono::milliseconds timeout = patience) {
    stream_client_settings how;
    how.base_url = url;
    how.api_key = "key of ours";
    how.api_secret = secret;
    how.ca_file = trusted.chain();
    how.timeout = timeout;
    auto made = stream_client::make(io, how);
    REQUIRE(made.ok());
    client = *std::move(made);
  }

  http_answer operator()(const outbox_entry& what = entry()) {
    auto answer = std::make_shared<std::optional<http_answer>>();
    client->post(what, [answer](http_answer got) {
      CHECK_FALSE(answer->has_value());
      *answer = std::move(got);
    });
    CHECK_FALSE(answer->has_value());
    wait([&] { return answer->has_value(); });
    return **answer;
  }

  template <class Ready>
  void wait(Ready ready) {
    auto end = std::chrono::steady_clock::now() + 2 * patience;
    io.restart();
    while (!ready() && io.run_one_until(end) != 0) {
    }
    REQUIRE(ready());
  }
};

/// Answers one request with this status and body.
far_side::script once(std::string head, std::string body = "{}") {
  return [head, body](far_side::connection& c) {
    if (c.shake_hands() && !c.read().empty())
      c.answer(head, body);
  };
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a request to Stream is that of its SDK") {
  authority trusted;
  std::string got;
  {
    far_side far{trusted.certify("DNS:localhost"), {[&got](far_side::connection& c) {
                   c.shake_hands();
                   got = c.read();
                   c.answer("201 Created", R"({"ok":1})");
                 }}};
    asking ask{far.url() + "/base/", trusted};
    auto answer = ask();
    CHECK(answer.error.empty());
    CHECK(answer.status == 201);
    CHECK(answer.body == R"({"ok":1})");
    CHECK_FALSE(answer.retry_after);
    auto id = got.find("x-client-request-id: ");
    REQUIRE(id != std::string::npos);
    got.replace(id + 21, 36, "UUID");
    auto version = std::string{config::version()};
    CHECK(got
          == "POST /base/users?api_key=key%20of%20ours HTTP/1.1\r\n"
             "host: localhost:"
                 + std::to_string(far.port())
                 + "\r\n"
                   "accept: application/json, text/plain, */*\r\n"
                   "content-type: application/json\r\n"
                   "authorization: "
                 + server_token
                 + "\r\n"
                   "stream-auth-type: jwt\r\n"
                   "x-stream-client: carillon-"
                 + version
                 + "\r\n"
                   "x-client-request-id: UUID\r\n"
                   "user-agent: carillon/"
                 + version
                 + "\r\n"
                   "content-length: 12\r\n"
                   "\r\n"
                   R"({"users":{}})");
  }
}

TEST_CASE("each try has an id of its own") {
  authority trusted;
  std::vector<std::string> got;
  {
    far_side far{trusted.certify("DNS:localhost"), {[&got](far_side::connection& c) {
                   c.shake_hands();
                   for (int i = 0; i < 2; ++i) {
                     got.push_back(c.read());
                     c.answer("200 OK", "{}");
                   }
                 }}};
    asking ask{far.url(), trusted};
    CHECK(ask().status == 200);
    CHECK(ask().status == 200); // there is only one connection to be had
  }
  REQUIRE(got.size() == 2);
  CHECK(got[0] != got[1]);
  CHECK(got[0].size() == got[1].size());
}

TEST_CASE("an address of digits is checked as such") {
  authority trusted;
  far_side far{trusted.certify("IP:127.0.0.1"), {once("200 OK")}};
  asking ask{far.url("127.0.0.1"), trusted};
  CHECK(ask().status == 200);
}

TEST_CASE("a certificate that is not in order ends it before anything was sent") {
  authority trusted;
  authority stranger{"Somebody else's authority"};
  authority impostor;
  auto refusal = [&](const authority::files& with, const std::string& host = "localhost") {
    bool shook = true;
    http_answer answer;
    {
      far_side far{with, {[&shook](far_side::connection& c) {
                     // The client's refusal comes behind a handshake of TLS 1.3.
                     shook = c.shake_hands() && !c.read().empty();
                   }}};
      asking ask{far.url(host), trusted};
      answer = ask();
    }
    CHECK_FALSE(shook);
    CHECK(answer.status == 0);
    return answer.error;
  };
  CHECK(refusal(stranger.certify("DNS:localhost"))
        == "certificate of localhost: unable to get local issuer certificate");
  CHECK(refusal(impostor.certify("DNS:localhost"))
        == "certificate of localhost: certificate signature failure");
  CHECK(refusal(trusted.certify("DNS:elsewhere.example"))
        == "certificate of localhost: hostname mismatch");
  CHECK(refusal(trusted.certify("DNS:localhost", -7200, -3600))
        == "certificate of localhost: certificate has expired");
  CHECK(refusal(trusted.certify("DNS:localhost"), "127.0.0.1")
        == "certificate of 127.0.0.1: IP address mismatch");
}

TEST_CASE("nobody waits longer for Stream than the time that is set") {
  authority trusted;
  auto with = trusted.certify("DNS:localhost");
  auto hang = [&](far_side::script script) {
    far_side far{with, {std::move(script)}};
    asking ask{far.url(), trusted, std::chrono::milliseconds{150}};
    auto answer = ask();
    CHECK(answer.status == 0);
    return answer.error;
  };
  constexpr auto late = "localhost did not answer within 150 ms while ";
  CHECK(has(hang([](auto& c) { c.hang(); }), late));
  CHECK(has(hang([](auto& c) {
              c.shake_hands();
              c.hang();
            }),
            late));
  CHECK(has(hang([](auto& c) {
              c.shake_hands();
              c.read();
              c.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}");
              c.hang();
            }),
            late));
}

TEST_CASE("where nobody listens there is no answer") {
  authority trusted;
  std::string url;
  {
    far_side gone{trusted.certify("DNS:localhost"), {}};
    url = gone.url();
  }
  asking ask{url, trusted};
  auto answer = ask();
  CHECK(answer.status == 0);
  CHECK(has(answer.error, "cannot connect to localhost: "));
  asking nowhere{"https://no-such-host.invalid", trusted};
  CHECK(has(nowhere().error, "cannot find no-such-host.invalid: "));
}

TEST_CASE("a cut answer is none") {
  authority trusted;
  far_side far{trusted.certify("DNS:localhost"),
               {[](auto& c) {
                  c.shake_hands();
                  c.read();
                },
                [](auto& c) {
                  c.shake_hands();
                  c.read();
                  c.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}");
                }}};
  asking ask{far.url(), trusted};
  for (int i = 0; i < 2; ++i) {
    auto answer = ask();
    CHECK(answer.status == 0);
    CHECK(has(answer.error, "no answer from localhost: "));
  }
}

TEST_CASE("a kept connection that was closed meanwhile is replaced, once") {
  authority trusted;
  far_side far{trusted.certify("DNS:localhost"),
               {once("200 OK"), once("202 Accepted"), [](auto& c) {
                  c.shake_hands();
                  c.read();
                }}};
  asking ask{far.url(), trusted};
  CHECK(ask().status == 200);
  CHECK(ask().status == 202);
  CHECK(ask().status == 0);
}

TEST_CASE("how long to wait is said in seconds or as a date") {
  authority trusted;
  far_side far{trusted.certify("DNS:localhost"), {[](auto& c) {
                 c.shake_hands();
                 c.read();
                 c.answer("429 Too Many Requests\r\nretry-after: 7", "");
                 c.read();
                 c.answer("503 No\r\nRetry-After: Wed, 21 Oct 2015 07:28:00 GMT", "");
                 c.read();
                 c.answer("503 No\r\nRetry-After: soon", "");
               }}};
  asking ask{far.url(), trusted};
  auto limited = ask();
  CHECK(limited.status == 429);
  CHECK(limited.retry_after == std::chrono::seconds{7});
  CHECK(ask().retry_after == std::chrono::seconds{0});
  CHECK_FALSE(ask().retry_after);
}

TEST_CASE("of a long body the beginning is read, and the connection is not used again") {
  authority trusted;
  far_side far{trusted.certify("DNS:localhost"),
               {once("200 OK", std::string(300'000, 'x')), once("201 Created")}};
  asking ask{far.url(), trusted};
  CHECK(ask().body == std::string(64 * 1024, 'x'));
  CHECK(ask().status == 201);
}

TEST_CASE("what comes before the answer is passed over, and connection: close is heard") {
  authority trusted;
  far_side far{trusted.certify("DNS:localhost"),
               {[](auto& c) {
                  c.shake_hands();
                  c.read();
                  c.write("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n");
                  c.answer("200 OK\r\nconnection: close", "{}");
                  c.hang();
                },
                once("201 Created")}};
  asking ask{far.url(), trusted};
  CHECK(ask().status == 200);
  CHECK(ask().status == 201);
}

TEST_CASE("what Stream says back of our secrets is not passed on") {
  authority trusted;
  far_side far{
      trusted.certify("DNS:localhost"),
      {once("400 Bad", std::string{"a "} + server_token + " b " + secret + " c " + secret)}};
  asking ask{far.url(), trusted};
  CHECK(ask().body == "a *** b *** c ***");
}

TEST_CASE("what is under way when a client closes is answered") {
  authority trusted;
  far_side far{trusted.certify("DNS:localhost"), {[](auto& c) {
                 c.shake_hands();
                 c.hang();
               }}};
  asking ask{far.url(), trusted};
  std::vector<std::string> errors;
  auto note = [&errors](const http_answer& answer) { errors.push_back(answer.error); };
  ask.client->post(entry(), note);
  ask.client->close();
  CHECK(errors == std::vector<std::string>{"closed"});
  ask.client->post(entry(), note);
  CHECK(errors.size() == 1);
  ask.wait([&] { return errors.size() == 2; });
  CHECK(errors[1] == "closed");
}

TEST_CASE("settings that are of no use to the client are named") {
  boost::asio::io_context io;
  auto refusal = [&io](stream_client_settings how) {
    auto made = stream_client::make(io, std::move(how));
    REQUIRE_FALSE(made.ok());
    CHECK(made.error().code == error_code::invalid_field);
    return made.error().detail;
  };
  stream_client_settings how;
  CHECK(stream_client::make(io, how).ok());
  how.base_url = "http://localhost";
  CHECK(refusal(how) == "stream.base_url: must begin with https://");
  how.base_url = "";
  how.ca_file = "/nowhere.pem";
  CHECK(has(refusal(how), "stream.ca_file: /nowhere.pem: "));
}
