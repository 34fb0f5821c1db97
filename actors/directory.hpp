#pragma once

#include "actors/ended_calls.hpp"
#include "actors/interfaces.hpp"
#include "protocol/judge.hpp"
#include "protocol/records.hpp"
#include "protocol/result.hpp"
#include "protocol/vitals.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace carillon::actors {

/// A user's session, and what it sends through.
struct session_handle {
  user_session_actor actor;
  std::shared_ptr<delivery> out;
};

/// The users of a new call, as the directory found them: for a direct call the caller and the
/// receiver, for a session the initiator and the named ones.
struct gathered {
  std::vector<user_view> users;
  /// One for each user. Null only where a direct call is refused: the receiver's, and that of a
  /// caller without a device.
  std::vector<session_handle> sessions;
};

/// Who is there and who is in which call: a sharded map, not an actor, because looking up should be
/// no message and because an initiate has to see both users' lines at once. Thread-safe.
///
/// A user's entry exists while the user has a device or is named in a live call that does not rest;
/// as long as it exists, so does the session actor in it.
class directory {
public:
  struct settings {
    line_policy policy;
    unsigned devices_per_user = 16; ///< 0: any number
    gauge* devices = nullptr;       ///< counts them; null: nobody wants to know
  };

  using spawn_session = std::function<session_handle(const user_id&)>;

  directory(const settings& how, spawn_session spawn)
    : how_(how)
    , spawn_(std::move(spawn)) {}

  // -- devices ---------------------------------------------------------------

  /// Counts a device in; the session that it belongs to, or `too_many_devices`.
  [[nodiscard]] result<user_session_actor> attach(const user_id& user, const device_id& device,
                                                  const client_link* link);

  /// Counts the device on `link` out; the session to tell, or null when there is none on it (any
  /// more).
  [[nodiscard]] user_session_actor detach(const user_id& user, const client_link* link);

  /// The device that was counted in as `fresh` turned out to be `known`, on `link` from now on.
  void resume(const user_id& user, const device_id& fresh, const device_id& known,
              const client_link* link);

  /// Asked by a session that has nothing to hold on to: forgets the user if that is still so. The
  /// session quits when this returns true.
  [[nodiscard]] bool retire(const user_id& user);

  [[nodiscard]] bool online(const user_id& user);

  /// The user's session, or null.
  [[nodiscard]] user_session_actor session_of(const user_id& user);

  // -- calls -----------------------------------------------------------------

  /// Makes the actor of a call that was judged; gets the verdict and the participants.
  using spawn_call = std::function<call_actor(const verdict&, const gathered&)>;

  /// Judges an initiate with both users' lines locked, and for every verdict that makes a new call
  /// (ring, and the refusals of the receiver's side) spawns its actor and enters it before anybody
  /// else can look.
  verdict engage(const user_ptr& caller, const user_ptr& receiver, const call_id& fresh,
                 const spawn_call& spawn);

  /// Enters a session for all of `users`, who are distinct, and spawns its actor. Nobody's line is
  /// judged. With a `therapy_session` that another live session has: false, and nothing happens.
  [[nodiscard]] bool gather(const std::vector<user_ptr>& users, const call_id& fresh,
                            const std::string& therapy_session, const spawn_call& spawn);

  /// Enters a call that was live when the server stopped. `users` in the order of `record.users()`.
  void restore(const call_record& record, const std::vector<user_ptr>& users,
               const spawn_call& spawn);

  /// The direct call was accepted: it is no duplicate's or glare's target any more.
  void mark_active(const call_record& record);

  /// Whether a session takes up the line of `user` now.
  void occupy(const user_id& user, const call_id& call, bool occupied);

  /// The call is over, or about to rest: the lines of all its users, and its therapy session, are
  /// free when this returns.
  void release(const call_record& record);

  /// Puts a message into a call's mailbox. False when no such call is live. What was put before
  /// `forget` returns is handled before what the call sends itself afterwards.
  bool send(const call_id& call, call_message message);

  /// Asks a live call for its timeline. False when no such call is live.
  bool send(const call_id& call, tell_timeline message);

  /// The call's actor stops; the record of a direct call answers from here on.
  void forget(const call_record& record);

  // -- video calls, which may rest in the store -------------------------------

  /// As `send`; when there is no actor and nobody fetches the call: false, and who asked has to, by
  /// `wake` or `give_up`. What is sent meanwhile waits for that; too much of it is refused.
  [[nodiscard]] bool send_or_fetch(const call_id& call, call_message message);

  /// Enters a call that `send_or_fetch` gave to its caller to fetch, for all of `users`, and spawns
  /// its actor, which gets what waited, in order.
  void wake(const call_id& call, const std::vector<user_ptr>& users, const spawn_call& spawn);

  /// It cannot be fetched: returns what waited, for its answers.
  [[nodiscard]] std::vector<call_message> give_up(const call_id& call);

  /// There is no such call: returns what waited up to the first `create`, that one last; the rest
  /// goes on waiting, and `wake` follows. Without a `create` it is as `give_up`.
  [[nodiscard]] std::vector<call_message> give_up_to_create(const call_id& call);

  /// The call concerns `user`, too; by its own actor only.
  [[nodiscard]] session_handle join(const user_ptr& user, const call_id& call);

  /// Its actor stops although it lives: at rest, released, and all of it is in the store. What is
  /// sent from now on waits until `rested`.
  void rest(const call_id& call);

  /// Nothing more will reach the actor of a call that rests. `late` came after `rest` and goes
  /// before what waits. True when anything does: who asked has to fetch the call.
  [[nodiscard]] bool rested(const call_id& call, std::vector<call_message> late);

  /// The record of a direct call that ended not long ago.
  [[nodiscard]] std::optional<call_record> ended(const call_id& call) const {
    return ended_.find(call);
  }

  // -- shutdown --------------------------------------------------------------

  [[nodiscard]] std::vector<call_actor> calls();
  [[nodiscard]] std::vector<user_session_actor> sessions();

  /// Lets every handle go; nothing may be looked up or submitted any more.
  void clear();

private:
  template <class Message>
  bool post(const call_id& call, Message message);

  static constexpr std::size_t shard_count = 64;

  struct attached {
    device_id device;
    const client_link* link; ///< only compared
  };

  struct entry {
    session_handle session;
    std::vector<attached> devices;
    std::vector<held_call> calls;
  };

  struct user_shard {
    std::mutex mutex;
    std::unordered_map<user_id, entry> users;
  };

  struct call_shard {
    std::mutex mutex;
    std::unordered_map<call_id, call_actor> calls;
    std::unordered_map<call_id, std::vector<call_message>> fetched; ///< on their way from the store
  };

  /// Locks the shards of two users in a fixed order.
  class both_locked;

  user_shard& shard_of(const user_id& id) { return users_[std::hash<user_id>{}(id) % shard_count]; }
  call_shard& shard_of(const call_id& id) { return calls_[std::hash<call_id>{}(id) % shard_count]; }

  entry& enter(const user_id& user);
  void enter(const call_id& id, const spawn_call& spawn, const verdict& found,
             const gathered& who);
  gathered hold(const user_ptr& caller, const user_ptr& receiver, const call_id& id, bool ringing);
  gathered hold(const std::vector<user_ptr>& users, const call_id& id);
  void let_go(const user_id& user, const call_id& call);
  void count_devices(std::int64_t more) noexcept;
  [[nodiscard]] bool reserve(const std::string& therapy_session, const call_id& call);
  static line line_of(const user_shard& shard, const user_id& user);

  settings how_;
  spawn_session spawn_;
  ended_calls ended_;
  std::array<user_shard, shard_count> users_;
  std::array<call_shard, shard_count> calls_;
  std::mutex therapy_lock_;
  std::unordered_map<std::string, call_id> therapy_; ///< live sessions by therapy session
};

} // namespace carillon::actors
