#pragma once

#include "tests/net/fixture.hpp"

namespace carillon::net::test {

/// An Engine.IO client by long-polling; GETs and POSTs go over a connection of their own each.
class polling_client {
public:
  explicit polling_client(std::uint16_t port, std::string path = "/socket.io/")
    : path_(std::move(path))
    , gets_(port)
    , posts_(port) {
    auto answer = gets_.request("GET", target());
    REQUIRE(answer.result_int() == 200);
    open_ = answer.body();
    REQUIRE(open_.starts_with("0{\"sid\":\""));
    sid_ = open_.substr(9, 20);
  }

  [[nodiscard]] const std::string& sid() const { return sid_; }
  [[nodiscard]] const std::string& open() const { return open_; }

  [[nodiscard]] std::string target() const {
    return path_ + "?EIO=4&transport=polling" + (sid_.empty() ? "" : "&sid=" + sid_);
  }
  [[nodiscard]] std::string upgrade_target() const {
    return path_ + "?EIO=4&transport=websocket&sid=" + sid_;
  }

  http_client::response post(std::string_view body, const headers& more = {}) {
    return posts_.request("POST", target(), body, more);
  }
  http_client::response get() { return gets_.request("GET", target()); }

  /// Sends a GET without waiting for its answer.
  void begin_get() { gets_.send("GET " + target() + " HTTP/1.1\r\nHost: localhost\r\n\r\n"); }
  http_client::response end_get() { return gets_.receive(); }

  http_client& gets() { return gets_; }

private:
  std::string path_;
  http_client gets_;
  http_client posts_;
  std::string open_;
  std::string sid_;
};

} // namespace carillon::net::test
