#pragma once

#include "bench/load/flow.hpp"
#include "bench/load/metrics.hpp"
#include "bench/load/options.hpp"
#include "bench/load/pacer.hpp"
#include "bench/load/poller.hpp"
#include "bench/load/proc_stat.hpp"
#include "bench/load/socket_client.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <utility>

namespace carillon::load {

/// What a run found out besides the metrics.
struct run_figures {
  double seconds = 0;                       ///< how long was measured
  cpu_time own_cpu;                         ///< of the generator, while measuring
  std::optional<cpu_time> server_cpu;       ///< while measuring
  std::optional<proc_sample> server_before; ///< with nothing connected yet
  std::optional<proc_sample> server_idle;   ///< with the idle connections
  std::optional<proc_sample> server_after;  ///< at the end of measuring
};

/// Runs the phases: idle connections, connecting the pairs, warm-up, measuring, finishing the calls
/// that are under way. One thread does everything.
class driver : flow_observer {
public:
  driver(const options& what, metrics& figures);

  /// Runs everything; throws std::exception when the run cannot begin at all.
  run_figures run();

private:
  enum class phase : std::uint8_t { connecting, warming, measuring, draining };

  struct idle_device : socket_client::observer {
    explicit idle_device(driver& run)
      : owner(run)
      , socket(run.poller_, *this) {}
    void on_connected() override {
      connected = true;
      ++owner.arrived_;
    }
    void on_event(std::string_view, std::string_view) override {}
    void on_failed(const std::string& why) override;
    driver& owner;
    socket_client socket;
    bool connected = false;
  };

  void on_pair_ready(pair_flow& pair) override;
  void on_call_done(pair_flow& pair) override;
  void on_may_send(pair_flow& pair, std::size_t index) override;
  void on_pair_failed(pair_flow& pair) override;

  void connect_idle();
  void connect_pairs();
  void connect_each(std::size_t count, const std::function<void(std::size_t)>& begin);
  void warm_up();
  void measure();
  void drain();
  void pump_until(const std::function<bool()>& done, std::int64_t deadline);
  void send_what_is_due();
  [[nodiscard]] bool anything_waits_for_schedule() const;
  [[nodiscard]] bool wants_another(const pair_flow& pair) const;
  [[nodiscard]] std::string token_for(const std::string& user) const;
  [[nodiscard]] std::optional<proc_sample> sample_server() const;
  unsigned next_source();

  const options& options_;
  metrics& figures_;
  run_figures result_;
  poller poller_;
  endpoint server_;
  flow_settings flow_;
  std::deque<pair_flow> pairs_;
  std::deque<idle_device> idle_;

  phase phase_ = phase::connecting;
  std::size_t arrived_ = 0; ///< of what is connecting: there, or failed
  std::size_t resting_ = 0; ///< pairs that make no more calls in this phase
  std::size_t failed_ = 0;  ///< pairs that make no more calls at all
  std::uint32_t calls_goal_ =
      0; ///< calls of each pair at the end of this phase; 0: until the time is up
  std::int64_t stop_at_ = 0;
  std::optional<pacer> schedule_;
  std::deque<pair_flow*> may_call_; ///< wait for a start on the schedule
  std::deque<std::pair<pair_flow*, std::size_t>>
      may_send_; ///< sides that wait for a candidate's time
  std::int64_t next_check_ = 0;
  std::size_t sockets_ = 0;
};

} // namespace carillon::load
