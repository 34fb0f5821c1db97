#pragma once

#include "bench/load/chat_flow.hpp"
#include "bench/load/flow.hpp"
#include "bench/load/idle_crowd.hpp"
#include "bench/load/metrics.hpp"
#include "bench/load/options.hpp"
#include "bench/load/pacer.hpp"
#include "bench/load/poller.hpp"
#include "bench/load/proc_stat.hpp"
#include "bench/load/session_flow.hpp"
#include "bench/load/socket_client.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace carillon::load {

/// What a run found out besides the metrics.
struct run_figures {
  double seconds = 0;                      ///< how long was measured
  cpu_time own_cpu;                        ///< of the generator, while measuring
  std::optional<cpu_time> server_cpu;      ///< while measuring
  std::optional<cpu_time> database_cpu;    ///< of PostgreSQL's processes, while measuring
  std::optional<proc_sample> server_after; ///< at the end of measuring
  std::vector<idle_stage> idle;            ///< one for each number that was asked for
  std::optional<double> idle_cores;        ///< that the server used while nothing happened
};

/// Runs the phases: idle connections, watching the idle server, connecting those who call, warm-up,
/// measuring, finishing the calls that are under way; or, of those who chat, calling, chatting, and
/// ending the calls. One thread does everything.
class driver : flow_observer {
public:
  driver(const options& what, metrics& figures);

  /// Runs everything; throws std::exception when the run cannot begin at all.
  run_figures run();

private:
  enum class phase : std::uint8_t { connecting, warming, measuring, draining };

  /// CPU times at one moment.
  struct moment {
    std::optional<proc_sample> server;
    std::optional<cpu_time> database;
    cpu_time own;
    std::int64_t ns = 0;
  };

  void on_ready(party& who) override;
  void on_call_done(party& who) override;
  void on_may_send(pair_flow& pair, std::size_t index) override;
  void on_failed(party& who) override;

  void connect_idle();
  void watch_idle();
  void connect_parties();
  void connect_pair(std::size_t number);
  void connect_session(std::size_t number);
  void connect_chats();
  void connect_each(std::size_t count, std::size_t at_once,
                    const std::function<void(std::size_t)>& begin);
  void warm_up();
  void start_spread();
  void measure();
  void drain();
  void chat();
  void pump_until(const std::function<bool()>& done, std::int64_t deadline);
  void send_what_is_due();
  [[nodiscard]] bool anything_waits_for_schedule() const;
  [[nodiscard]] bool wants_another(const party& who) const;
  [[nodiscard]] std::string token_for(const std::string& user) const;
  [[nodiscard]] std::optional<proc_sample> sample_server() const;
  [[nodiscard]] moment sample_all() const;
  void take_figures(const moment& begin, const moment& end);
  void wait(double seconds);
  unsigned next_source();

  const options& options_;
  metrics& figures_;
  run_figures result_;
  poller poller_;
  endpoint server_;
  flow_settings flow_;
  session_settings session_;
  chat_settings chat_;
  std::deque<pair_flow> pairs_;
  std::deque<session_flow> sessions_;
  std::deque<chat_flow> chats_;
  std::vector<party*> parties_; ///< all of those

  phase phase_ = phase::connecting;
  std::size_t arrived_ = 0; ///< of what is connecting: there, or failed
  idle_crowd idle_{poller_, figures_, arrived_};
  std::size_t resting_ = 0; ///< parties that make no more calls in this phase
  std::size_t failed_ = 0;  ///< parties that make no more calls at all
  std::uint32_t calls_goal_ =
      0; ///< calls of each party at the end of this phase; 0: until the time is up
  std::int64_t stop_at_ = 0;
  std::optional<pacer> schedule_;
  std::deque<party*> may_call_; ///< wait for a start on the schedule
  std::deque<std::pair<pair_flow*, std::size_t>>
      may_send_; ///< sides that wait for a candidate's time
  std::deque<chat_flow*> may_chat_; ///< in turn; each comes again
  std::int64_t next_check_ = 0;
  std::size_t sockets_ = 0;
};

} // namespace carillon::load
