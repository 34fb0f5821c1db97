#pragma once

#include "tests/protocol/call_laws.hpp"
#include "tests/protocol/call_witness.hpp"
#include "tests/protocol/simulated_clients.hpp"
#include "tests/protocol/simulated_user.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace carillon::test {

/// How often things happened in the simulated calls, so that a test can tell that it tested
/// something.
struct tally {
  std::uint64_t commands = 0; ///< of clients, that reached a machine
  std::map<std::string, std::uint64_t> seen;
};

/// One call between two users in a world where everything that can go wrong does: commands of
/// clients are lost, doubled and overtake one another, devices come and go, news of them lags
/// behind, commits take their time, timers fire late, and the server crashes and goes on from what
/// was committed.
///
/// Everything follows from the seed. Each step is judged by `call_laws` and `call_witness`, which
/// throw `violation`.
class call_simulation {
public:
  /// `log`: where to write what happens, or null.
  call_simulation(std::uint64_t seed, std::uint64_t number, tally& count,
                  std::vector<std::string>* log);
  call_simulation(const call_simulation&) = delete;
  call_simulation& operator=(const call_simulation&) = delete;

  void run();

private:
  // -- what can happen -------------------------------------------------------

  void place();
  void step();
  void receive_command();
  void attach();
  void detach(simulated_user& who);
  void hear_report(simulated_user& who);
  void handle_mail(simulated_user& who);
  void commit();
  void pass_time();
  void crash();
  void settle();
  void abandon();

  // -- how -------------------------------------------------------------------

  void apply(call_command cmd);
  void expire();
  void carry_out(const outcome& out);
  void expect_relays(const outcome& out);
  void drain();
  [[nodiscard]] bool busy() const;
  [[nodiscard]] bool ended() const noexcept { return machine_.state() == call_state::ended; }

  simulated_user& anybody() { return users_[dice_.pick(2)]; }
  void count(const std::string& what) { ++tally_.seen[what]; }
  template <class... Parts>
  void note(const Parts&... parts) {
    if (log_)
      log_->push_back((std::string{} + ... + parts));
  }

  dice dice_;
  tally& tally_;
  std::vector<std::string>* log_;
  call_settings settings_;
  call_id id_{"call"};
  time_point now_ = from_epoch_ms(1'700'000'000'000);
  call machine_;
  call_laws laws_;
  call_witness witness_;
  std::array<simulated_user, 2> users_; ///< the caller and the receiver
  simulated_clients clients_;
  std::deque<call_record> writes_; ///< not committed yet
  std::optional<call_record> stored_;
  device_id placed_by_;
  std::uint64_t devices_made_ = 0;
  bool exists_ = false; ///< there is a machine
};

} // namespace carillon::test
