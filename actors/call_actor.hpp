#pragma once

#include "actors/alarm.hpp"
#include "actors/call_story.hpp"
#include "actors/context.hpp"
#include "actors/directory.hpp"
#include "protocol/call.hpp"

#include <optional>
#include <vector>

namespace carillon::actors {

/// How a call actor begins: with the first command of a new call (`place`, `open`, `create`), or
/// with the machine of one that the store has.
struct call_start {
  call machine;
  gathered who; ///< in the order of `record().users()`
  std::optional<call_command> first;
  reply_to reply;
  std::shared_ptr<const void> introduces = nullptr; ///< let go once all sessions know of a restored call
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
  void on(const tell_timeline& what) const;
  void on_wake();
  void on(const close_down&);

private:
  /// An event that waits for the commit of a version.
  struct held_event {
    addressed_event what;
    std::uint32_t after;
  };

  /// One of the users that the call concerns: the way to the devices, and the events that wait.
  struct side {
    user_ptr user;
    session_handle session; ///< null: a refused call's receiver, or its absent caller
    relay_route route;       ///< what `permit` lets the user's device do
    relay_permit_ptr permit; ///< null: nothing
    relay_permit_ptr grant;  ///< the same, as long as the device was not told
    std::vector<relay_permit_ptr> opening; ///< of others, to be opened behind the next events
    std::optional<call_summary> told;  ///< the last summary the session got
    std::vector<held_event> held;     ///< from the first event that waits for a commit on
    std::vector<addressed_event> now; ///< from this step, not told yet
    bool gone = false;                ///< the session was told that the call is over, or rests
    bool occupied = false;            ///< the directory knows that a session has the line
  };

  struct waiting_reply {
    std::uint32_t version;
    reply_to to;
    result<reply_value> what;
  };

  void step(call_command cmd, const reply_to& reply);
  void carry_out(outcome out);
  void tell_directory(bool ended);
  void admit(const std::vector<user_view>& newcomers);
  void write(call_record record);
  bool tell_channel();
  void set_alarm();
  void rest();
  void distribute(std::vector<addressed_event> events);
  void tell_sides();
  void release_held(side& to, std::vector<addressed_event>& events) const;
  void tell(side& to, std::vector<addressed_event> events);
  [[nodiscard]] std::vector<user_ptr> users() const;
  [[nodiscard]] side* side_of(const user_id& user) noexcept;
  void answer(const result<call_record>& what, bool has_record, const reply_to& reply);
  void refresh_permits();
  void close_if_done();
  [[nodiscard]] bool all_committed() const;
  [[nodiscard]] bool is_video() const noexcept;
  [[nodiscard]] time_point now() const;
  [[nodiscard]] result<reply_value> decorate(const result<call_record>& what) const;

  call_actor::pointer self_ = nullptr;
  const context* house_ = nullptr;
  std::optional<call> machine_;
  std::vector<side> sides_; ///< in the order of `record().users()`; linear search: most often few
  std::uint32_t committed_ = 0; ///< version up to which the record is durable
  std::uint32_t stored_ = 0;    ///< the same, and in the store itself: see `write`
  std::vector<waiting_reply> waiting_;
  bool engaged_ = false;      ///< stands in the directory's entries of its users
  bool known_active_ = false; ///< the directory knows that it was accepted
  bool closing_ = false;
  std::optional<time_point> rest_at_; ///< when it stops if nothing happens; nothing: something will
  bool resting_ = false;              ///< it stops
  std::vector<call_message> late_;    ///< came while it stops; for the waker
  std::shared_ptr<const void> introduces_; ///< while it starts
  call_story story_;
  alarm alarm_;
};

/// Spawned by the directory's spawn_call.
call_actor::behavior_type call_behavior(call_actor::stateful_pointer<call_shell> self,
                                        const context* house, std::shared_ptr<call_start> begin);

} // namespace carillon::actors
