#pragma once

#include "protocol/user_session.hpp"
#include "tests/protocol/call_laws.hpp"
#include "tests/protocol/call_witness.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace carillon::test {

/// How often things happened in the simulated calls, so that a test can tell that it tested something.
struct tally {
  std::uint64_t commands = 0; ///< of clients, that reached a machine
  std::map<std::string, std::uint64_t> seen;
};

/// One call between two users in a world where everything that can go wrong does: commands of clients
/// are lost, doubled and overtake one another, devices come and go, news of them lags behind, commits
/// take their time, timers fire late, and the server crashes and goes on from what was committed.
///
/// Everything follows from the seed. Each step is judged by `call_laws` and `call_witness`, which throw
/// `violation`.
class call_simulation {
public:
  /// `log`: where to write what happens, or null.
  call_simulation(std::uint64_t seed, std::uint64_t number, tally& count,
                  std::vector<std::string>* log);

  void run();

private:
  /// What a call sends to a session at once.
  struct delivery {
    std::optional<call_summary> summary;
    std::vector<addressed_event> events;
    bool gone = false;
  };

  /// One user: the session, its mailbox, and what it reports to the call.
  struct side {
    user_id user;
    user_session session;
    std::deque<delivery> mailbox;
    std::vector<addressed_event> waiting; ///< from the first that waits for a commit on
    std::optional<call_summary> told;     ///< the last summary that was sent
    bool gone = false;                    ///< it was told that the call is over
    std::deque<std::vector<device_id>> reports;
    bool first_report_on_its_way = false;
  };

  // -- what can happen -------------------------------------------------------

  void place();
  void step();
  void send_command();
  void receive_command();
  void attach();
  void detach(side& who);
  void report(side& who);
  void hear_report(side& who);
  void handle_mail(side& who);
  void commit();
  void pass_time();
  void crash();
  void settle();
  void abandon();

  // -- how -------------------------------------------------------------------

  void apply(call_command cmd);
  void expire();
  void carry_out(outcome out);
  void tell(side& who, std::vector<addressed_event> events);
  void drain();
  void expect_relays(const outcome& out);
  call_command random_command();
  origin random_origin(side& who);
  [[nodiscard]] bool holds_call(const side& who) const { return !who.session.calls().empty(); }

  std::uint64_t pick(std::uint64_t n) { return random_() % n; }
  bool chance(unsigned percent) { return pick(100) < percent; }
  side& any_side() { return sides_[pick(2)]; }
  void count(const std::string& what) { ++tally_.seen[what]; }
  template <class... Parts>
  void note(const Parts&... parts) {
    if (log_)
      log_->push_back((std::string{} + ... + parts));
  }

  std::mt19937_64 random_;
  tally& tally_;
  std::vector<std::string>* log_;
  call_settings settings_;
  std::array<unsigned, 5> appetite_{}; ///< how often clients accept, reject, end, initiate, relay
  call_id id_{"call"};
  time_point now_ = from_epoch_ms(1'700'000'000'000);
  call machine_;
  call_laws laws_;
  call_witness witness_;
  std::array<side, 2> sides_;
  std::vector<call_command> wires_;
  std::deque<call_record> writes_;
  std::optional<call_record> stored_;
  device_id placed_by_;
  std::uint64_t next_device_ = 0;
  std::uint64_t next_relay_ = 0;
  bool exists_ = false; ///< a machine runs
};

} // namespace carillon::test
