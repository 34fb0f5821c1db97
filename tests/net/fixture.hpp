#pragma once

#include "config/log.hpp"
#include "net/io_pool.hpp"
#include "net/server.hpp"
#include "protocol/jwt.hpp"
#include "tests/net/clients.hpp"
#include "tests/net/fake_sink.hpp"

#include <future>
#include <memory>
#include <span>
#include <string>

namespace carillon::net::test {

/// What a user without a call gets first.
inline constexpr std::string_view no_calls = R"(42["callState",{"calls":[]}])";

/// Reads the greeting of Engine.IO; the session's id.
inline std::string opened(socket_client& client) {
  REQUIRE(!client.handshake());
  auto open = client.read();
  REQUIRE(open.starts_with("0{\"sid\":\""));
  return open.substr(9, 20);
}

/// A server on a free port with a fake sink behind it. At its end it stops the server and checks
/// that nothing unexpected happened and that every connection is gone.
class fixture {
public:
  config::settings settings;
  counters counts;
  carillon::clock time;
  fake_sink sink;
  const mirror_status* mirror = nullptr;
  std::span<const page_file> pages;

  fixture() {
    log::set_level(log::level::off);
    settings.server.port = 0;
    jwt_settings keys;
    keys.secret = secret;
    auth_ = authenticator::create(keys).value();
  }

  ~fixture() {
    if (server_)
      stop();
    if (started_)
      settle();
    pool_.stop();
    CHECK(sink.complaints() == std::vector<std::string>{});
    CHECK(counts.connections_opened.load() == counts.connections_closed.load());
    for (auto& device : sink.devices()) {
      CHECK_FALSE(device.attached);
      CHECK(device.link.expired());
    }
  }

  /// Starts the server with the settings as they are now.
  std::uint16_t start() {
    server_context context{settings, *auth_, sink, counts, time, waits, mirror, pages};
    server_ = std::make_unique<server>(context, pool_);
    pool_.start();
    started_ = true;
    auto started = server_->start();
    REQUIRE(started.ok());
    return server_->port();
  }

  /// Stops the server; false when it did not end in time.
  bool stop(std::chrono::milliseconds wait = std::chrono::seconds{3}) {
    auto done = std::make_shared<std::promise<void>>();
    auto ended = done->get_future();
    server_->stop(wait, [done] { done->set_value(); });
    auto in_time = ended.wait_for(patience) == std::future_status::ready;
    CHECK(in_time);
    server_.reset();
    return in_time;
  }

  net::server& running() { return *server_; }
  io_pool& pool() { return pool_; }

  [[nodiscard]] std::string token(std::string user, seconds ttl = seconds{3600}) const {
    return make_token(secret, {user_id{std::move(user)}, {}}, time.now(), ttl);
  }
  [[nodiscard]] std::string bearer(std::string user) const {
    return "Bearer " + token(std::move(user));
  }

  /// CONNECT with `token` in its payload.
  static std::string connect_packet(const std::string& token) {
    return "40{\"token\":\"" + token + "\"}";
  }

  /// A client that is connected as `user` and has read everything so far.
  std::unique_ptr<socket_client> connected(std::uint16_t port, std::string user) {
    auto client = std::make_unique<socket_client>(port);
    REQUIRE(client->read().starts_with("0{"));
    client->send(connect_packet(token(std::move(user))));
    REQUIRE(client->next().starts_with("40{\"sid\":"));
    REQUIRE(client->next() == no_calls);
    return client;
  }

  [[nodiscard]] std::uint64_t refused(error_code code) const {
    return counts.refusals[static_cast<std::size_t>(code)].load();
  }

  /// Waits until every I/O thread has done what it has to do now, and what that deferred.
  void fence() {
    for (int round = 0; round < 2; ++round)
      for (std::size_t i = 0; i < pool_.size(); ++i) {
        auto passed = std::make_shared<std::promise<void>>();
        auto done = passed->get_future();
        pool_.post(i, [passed] { passed->set_value(); });
        REQUIRE(done.wait_for(patience) == std::future_status::ready);
      }
  }

  net::timing waits;

  static constexpr const char* secret = "a secret of tests, long enough to be one";

private:
  /// Lets the threads finish what is queued until no connection is held any more, or time is up.
  void settle() {
    auto held = [this] {
      for (auto& device : sink.devices())
        if (!device.link.expired())
          return true;
      return false;
    };
    auto end = std::chrono::steady_clock::now() + patience;
    do {
      for (std::size_t i = 0; i < pool_.size(); ++i) {
        auto passed = std::make_shared<std::promise<void>>();
        auto done = passed->get_future();
        pool_.post(i, [passed] { passed->set_value(); });
        if (done.wait_for(patience) != std::future_status::ready)
          return;
      }
    } while (held() && std::chrono::steady_clock::now() < end);
  }

  std::shared_ptr<const authenticator> auth_;
  io_pool pool_{2};
  bool started_ = false;
  std::unique_ptr<server> server_;
};

} // namespace carillon::net::test
