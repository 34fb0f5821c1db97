#pragma once

#include "bench/load/poller.hpp"
#include "bench/load/ws_client.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace carillon::load {

/// The answer to a request.
struct http_answer {
  int status = 0;
  std::string_view body;
};

/// Takes a whole answer apart; nothing when it is none. `body` points into `text`.
[[nodiscard]] std::optional<http_answer> read_answer(std::string_view text);

/// One request at a time, each on a connection of its own on a raw non-blocking socket; the server
/// ends it. Lives on the poller's thread.
class http_client : pollable {
public:
  /// What the owner hears: one of the two for each request.
  class observer {
  public:
    virtual ~observer() = default;

    /// `answer` is valid during the call only.
    virtual void on_answer(const http_answer& answer) = 0;
    virtual void on_no_answer(const std::string& why) = 0;
  };

  http_client(poller& events, observer& owner)
    : poller_(events)
    , owner_(owner) {}
  ~http_client() override;
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  /// Begins to POST the JSON `body` as the user of `token`; nothing may be under way.
  void post(const endpoint& server, std::string_view path, std::string_view token,
            std::string_view body);

  /// Gives up what is under way; no callback follows.
  void close();

private:
  void on_ready(std::uint32_t events) override;
  void flush();
  void read();
  void lose(const std::string& why);

  poller& poller_;
  observer& owner_;
  int fd_ = -1;
  std::string outbox_;
  std::string inbox_;
};

} // namespace carillon::load
