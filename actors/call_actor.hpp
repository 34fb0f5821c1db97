#pragma once

#include "actors/alarm.hpp"
#include "actors/context.hpp"
#include "actors/directory.hpp"
#include "protocol/call.hpp"

#include <array>
#include <deque>
#include <optional>
#include <vector>

namespace carillon::actors {

/// How a call actor begins: with the `place` of a new call, or with the machine of a restored one.
struct call_start {
  call machine;
  user_ptr caller;
  user_ptr receiver;
  session_handle caller_session;
  session_handle receiver_session;
  std::optional<command::place> place;
  reply_to reply;
};

/// The state of a call actor. It decides nothing: it carries the machine's outcomes out and keeps
/// what has to wait for a commit until that comes.
class call_shell {
public:
  static constexpr const char* name = "call";

  ~call_shell();

  void start(call_actor::pointer self, const context* house, call_start begin);

  void on(call_message& message);
  void on(const committed& what);
  void on_wake();

private:
  /// One of the two users: the way to the devices, and the events that wait.
  struct side {
    user_id user;
    session_handle session;
    relay_route route;       ///< what `permit` lets the user's device do
    relay_permit_ptr permit; ///< null: nothing
    relay_permit_ptr grant;  ///< the same, as long as the device was not told
    std::vector<relay_permit_ptr> opening; ///< of others, to be opened behind the next events
    std::optional<call_summary> told;  ///< the last summary the session got
    std::vector<addressed_event> held; ///< from the first event that waits for a commit on
    bool gone = false;                 ///< the session was told that the call is over
  };

  struct waiting_reply {
    std::uint32_t version;
    reply_to to;
    result<reply_value> what;
  };

  void step(call_command cmd, const reply_to& reply);
  void carry_out(outcome out);
  void distribute(std::vector<addressed_event> events);
  void tell_sides(std::array<std::vector<addressed_event>, 2> now);
  void answer(const result<call_record>& what, bool has_record, const reply_to& reply);
  void refresh_permits();
  void close_if_done();
  [[nodiscard]] bool all_committed() const;
  [[nodiscard]] time_point now() const;
  [[nodiscard]] result<reply_value> decorate(const result<call_record>& what) const;

  call_actor::pointer self_ = nullptr;
  const context* house_ = nullptr;
  std::optional<call> machine_;
  std::array<side, 2> sides_;
  user_ptr caller_;
  user_ptr receiver_;
  std::uint32_t committed_ = 0; ///< version up to which the store has the record
  std::vector<waiting_reply> waiting_;
  bool engaged_ = false;      ///< holds both users' lines
  bool known_active_ = false; ///< the directory knows that it was accepted
  bool closing_ = false;
  alarm alarm_;
};

/// Spawned by the directory's spawn_call, with the users' shards locked.
call_actor::behavior_type call_behavior(call_actor::stateful_pointer<call_shell> self,
                                        const context* house, std::shared_ptr<call_start> begin);

} // namespace carillon::actors
