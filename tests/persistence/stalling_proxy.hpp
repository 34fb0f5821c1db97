#pragma once

#include "tests/persistence/databases.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace carillon::persistence::test {

/// A server that accepts connections and what they send, and answers nothing: its kernel does, it
/// does not. So does a PostgreSQL whose processes are stopped.
class frozen_server {
public:
  frozen_server();
  ~frozen_server();
  frozen_server(const frozen_server&) = delete;
  frozen_server& operator=(const frozen_server&) = delete;

  std::string url() const;

private:
  int listener_;
};

/// A way to the database's server that can stop to carry anything, without closing anything.
class stalling_proxy {
public:
  /// Whether the server is reached over TCP; warns otherwise.
  static bool possible(const postgres_database& database);

  explicit stalling_proxy(const postgres_database& database);
  ~stalling_proxy();
  stalling_proxy(const stalling_proxy&) = delete;
  stalling_proxy& operator=(const stalling_proxy&) = delete;

  /// The database's URL by way of the proxy.
  std::string url() const { return url_; }

  /// When it returns nothing gets through any more.
  void stall();
  void resume();

  /// Lets connections log in and stalls at the first query of one.
  void stall_at_query();

private:
  using pair = std::pair<int, int>; ///< the client's socket and the server's

  void run();
  void wake() const;
  void add_pair();
  bool carry(int from, int to, bool client);

  std::string url_;
  std::uint16_t server_port_;
  int listener_;
  int wake_; ///< an eventfd
  std::mutex mutex_;
  bool stalled_ = false;
  bool stall_at_query_ = false;
  bool stop_ = false;
  std::vector<pair> pairs_; ///< the thread's own
  std::thread thread_;
};

/// Whether `holds` comes true before a machine that is only slow can be blamed.
bool eventually(const std::function<bool()>& holds);

} // namespace carillon::persistence::test
