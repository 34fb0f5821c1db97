#pragma once

#include "tests/protocol/chronicle_follower.hpp"
#include "tests/protocol/dice.hpp"
#include "tests/protocol/simulated_devices.hpp"
#include "tests/protocol/simulated_store.hpp"
#include "tests/protocol/simulated_user.hpp"

#include <cstdint>
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

/// One call in a world where everything that can go wrong does: commands of clients are lost,
/// doubled and overtake one another, devices come, go and resume, news of them lags behind, commits
/// take their time, timers fire late, and the server crashes and goes on from what was committed.
///
/// Everything follows from the seed. The kinds of call say how it begins, what clients send, and
/// who judges each step and what each device hears; judges throw `violation`.
class simulated_world {
public:
  simulated_world(const simulated_world&) = delete;
  simulated_world& operator=(const simulated_world&) = delete;

  void run();

protected:
  /// `log`: where to write what happens, or null.
  simulated_world(call_kind kind, std::uint64_t seed, std::uint64_t number, tally& count,
                  std::vector<std::string>* log);
  virtual ~simulated_world() = default;

  // -- what a kind of call decides -----------------------------------------------

  /// Gives the machine its first command.
  virtual void begin() = 0;
  /// One of the clients sends something.
  virtual void send() = 0;
  /// A command that arrives; none when nothing does.
  virtual std::optional<call_command> receive() = 0;
  /// Loses whatever clients have sent.
  virtual void lose_commands() = 0;

  virtual void judge(const call& before, const call_command& cmd, const outcome& out) = 0;
  virtual void judge_expiry(const call& before, const outcome& out) = 0;
  /// The machine was restored from `stored`.
  virtual void judge_restored(const call_record& stored) = 0;

  /// A device came and was told of `calls`; `page` is the device as which its client was connected
  /// before, if it was.
  virtual void attached(const user_id& user, const device_id& device, const device_id& page,
                        const event::call_states& calls) = 0;
  virtual void detached(const device_id& device) = 0;
  virtual void resumed(const device_id& device) = 0;
  virtual void hears(const device_id& device, const call_event& what) = 0;
  /// The relay has to arrive at `device`, if that stays.
  virtual void owed(const event::relayed& relay, const device_id& device) = 0;
  virtual void restarted() = 0;
  /// Everything on its way has arrived.
  virtual void settled() = 0;

  // -- what they do it with --------------------------------------------------------

  void apply(call_command cmd);
  void detach(simulated_user& who);
  [[nodiscard]] bool ended() const noexcept { return machine_.state() == call_state::ended; }
  simulated_user& anybody() { return dice_.any_of(users_); }
  void count(const std::string& what) { ++tally_.seen[what]; }
  template <class... Parts>
  void note(const Parts&... parts) {
    if (log_)
      log_->push_back((std::string{} + ... + parts));
  }

  dice dice_;
  call_settings settings_;
  call_id id_{"call"};
  time_point now_ = from_epoch_ms(1'700'000'000'000);
  call machine_;
  std::vector<simulated_user> users_; ///< of a video call, also such as do not belong to it

private:
  void step();
  void receive_command();
  void attach();
  void come_back();
  void hear_report(simulated_user& who);
  void handle_mail(simulated_user& who);
  void commit();
  void commit_one();
  void pass_time();
  void crash(bool some_survive);
  void restore(chronicle::beginning how);
  void rest();
  void wake();
  void settle();
  void abandon();

  void expire();
  void carry_out(const outcome& out);
  void expect_relays(const outcome& out);
  void drain();
  [[nodiscard]] bool busy() const;
  [[nodiscard]] bool may_rest() const;
  [[nodiscard]] bool concerns(const simulated_user& who) const;
  void tell(const std::vector<addressed_event>& events);
  [[nodiscard]] simulated_user& user_of_device(const device_id& device);

  tally& tally_;
  std::vector<std::string>* log_;
  simulated_devices devices_;
  simulated_store store_;
  chronicle_follower told_;
  std::uint64_t steps_ = 0; ///< of the machine, since its timeline began
  bool written_ = true;           ///< since the restart
  std::uint64_t until_crash_ = 0; ///< steps until the next crash, that follows one closely; 0: none
  bool exists_ = false;           ///< there is a call
  bool asleep_ = false;           ///< which rests in the store; the machine is what it was
};

} // namespace carillon::test
