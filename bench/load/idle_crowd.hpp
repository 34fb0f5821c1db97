#pragma once

#include "bench/load/metrics.hpp"
#include "bench/load/proc_stat.hpp"
#include "bench/load/socket_client.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace carillon::load {

/// What a number of idle connections costs the server.
struct idle_stage {
  std::uint32_t connections = 0;
  double rss_bytes_each = 0; ///< growth of the server since nothing was connected, for each
  double pss_bytes_each = 0;
  double accept_us_each = 0; ///< CPU for each connection that this stage added
};

/// Connections that authenticate and then do nothing but answer pings. They live until the end of
/// the run, on the poller's thread.
class idle_crowd {
public:
  /// `arrived` counts every connection that is there, or failed.
  idle_crowd(poller& events, metrics& figures, std::size_t& arrived)
    : poller_(events)
    , figures_(figures)
    , arrived_(arrived) {}

  [[nodiscard]] std::size_t size() const noexcept { return devices_.size(); }

  /// Begins to connect one more to a Socket.IO server.
  void add(const endpoint& server, std::string token, unsigned source);

  /// Begins to connect one more to a server that only forwards.
  void add_bare(const endpoint& server, unsigned source);

  void close();

private:
  struct device : socket_client::observer {
    explicit device(idle_crowd& crowd)
      : owner(crowd)
      , socket(crowd.poller_, *this) {}
    void on_connected() override;
    void on_event(std::string_view, std::string_view) override {}
    void on_failed(const std::string& why) override;

    idle_crowd& owner;
    socket_client socket;
    bool connected = false;
  };

  poller& poller_;
  metrics& figures_;
  std::size_t& arrived_;
  std::deque<device> devices_;
};

/// The figures of a stage: the server before anything was connected, before the stage's first
/// connection, and after its last; `added` connections of `connections` are the stage's own.
[[nodiscard]] idle_stage compare_idle(const proc_sample& nothing, const proc_sample& before,
                                      const proc_sample& after, std::uint32_t connections,
                                      std::uint32_t added);

} // namespace carillon::load
