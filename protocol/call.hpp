#pragma once

#include "protocol/commands.hpp"
#include "protocol/outcome.hpp"
#include "protocol/records.hpp"
#include "protocol/relay_route.hpp"
#include "protocol/time.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// The numbers that govern direct calls; `config` fills them from `calls.*`.
struct call_settings {
  seconds ring_timeout{45};
  seconds reconnect_grace{30};
  seconds ring_grace{15};
  std::chrono::minutes call_timeout{0}; ///< 0: none
  std::size_t early_relays = 30; ///< kept for each leg before the accept (contract of the API)
};

/// What the directory found when it judged an initiate that starts a new call.
enum class placement : std::uint8_t { ring, receiver_busy, receiver_offline };

/// What the call machine understands beyond the commands of clients.
namespace command {

/// The directory placed a new call. The first command of every machine.
struct place {
  origin from;
  call_id call;
  user_view caller;
  user_view receiver;
  media_type type = media_type::audio;
  placement verdict = placement::ring;
};

/// An initiate between the two users of this call: a duplicate by the caller, glare by the
/// receiver.
struct again {
  origin from;
  user_id receiver;
  media_type type = media_type::audio; ///< asked for; the call keeps its own
};

/// All devices that `user` has now. Level-triggered: the machine finds out itself what changed.
struct presence {
  user_id user;
  std::vector<device_id> devices;
};

} // namespace command

using call_command = std::variant<command::place, command::again, command::accept, command::reject,
                                  command::end, command::relay, command::presence>;

/// The state machine of one direct call, from the first ring to its final record.
///
/// A regular, copyable value without I/O, clock, logger or randomness: time and ids come in, an
/// `outcome` goes out. Owned by one call actor, which carries the outcomes out.
class call {
public:
  /// A machine that waits for its `place`.
  explicit call(const call_settings& settings)
    : settings_(settings) {}

  /// The machine of a call that was live when the server stopped: its deadlines go on, and each leg
  /// that was bound to a device gets its grace from `now`.
  [[nodiscard]] static call restore(const call_settings& settings, const call_record& record,
                                    user_view caller, user_view receiver, time_point now);

  /// The machine of a call that is over; it only answers (the same confirmation again, refusals).
  [[nodiscard]] static call closed(const call_settings& settings, const call_record& record);

  /// One step. Never throws on bad input: the refusal is the outcome's reply.
  [[nodiscard]] outcome apply(call_command cmd, time_point now);

  /// Whatever is due at `now`; nothing if `next_deadline()` is later.
  [[nodiscard]] outcome expire(time_point now);

  /// When `expire` has to be called next; none once it has ended.
  [[nodiscard]] std::optional<time_point> next_deadline() const;

  [[nodiscard]] const call_record& record() const noexcept { return record_; }
  [[nodiscard]] call_state state() const noexcept { return record_.state(); }

  /// What the session of `user`, a participant, holds of this call.
  [[nodiscard]] call_summary summary_for(const user_id& user) const;

  /// Who may relay straight to whom as things stand: both legs of an active call, while each has
  /// its device.
  [[nodiscard]] std::vector<relay_route> routes() const;

  /// True when `user`'s leg has a device or waits for one: for the invariant "no active call
  /// without a live leg or a running grace".
  [[nodiscard]] bool leg_is_live_or_in_grace(const user_id& user, time_point now) const;

private:
  struct kept_relay {
    device_id sender;
    relay_kind kind;
    std::string payload;
    relay_ticket under_way = nullptr;
  };

  /// One user's participation.
  struct leg_state {
    user_id user;
    device_id bound;                       ///< empty: unbound (begun over REST); kept while away
    std::optional<time_point> grace_until; ///< set while the leg has lost its device
    std::vector<device_id> devices;        ///< what the user has now
    std::vector<device_id> seen;           ///< every device that this call ever met
    std::vector<device_id> losers;         ///< were there when another device got the leg
    std::vector<kept_relay> early;         ///< sent before the accept
    bool synced = false;                   ///< the first presence has come
    [[nodiscard]] bool away() const noexcept { return grace_until.has_value(); }
  };

  outcome on(command::place& cmd, time_point now);
  outcome on(command::again& cmd, time_point now);
  outcome on(command::accept& cmd, time_point now);
  outcome on(command::reject& cmd, time_point now);
  outcome on(command::end& cmd, time_point now);
  outcome on(command::relay& cmd, time_point now);
  outcome on(command::presence& cmd, time_point now);

  [[nodiscard]] leg_state& caller() noexcept { return legs_[0]; }
  [[nodiscard]] leg_state& receiver() noexcept { return legs_[1]; }
  [[nodiscard]] leg_state& leg_of(const user_id& user) noexcept;
  [[nodiscard]] const leg_state& leg_of(const user_id& user) const noexcept;
  [[nodiscard]] leg_state& peer_of(const leg_state& which) noexcept;

  [[nodiscard]] bool lost_the_accept(const origin& by) const;
  [[nodiscard]] std::optional<error_code> claim(outcome& out, leg_state& sender,
                                                const device_id& device, time_point now);

  void ring(outcome& out, const command::place& cmd, time_point now);
  void answer(outcome& out, const origin& by, time_point now);
  void decline(outcome& out, const origin& by, time_point now);
  void finish(outcome& out, call_status as, end_reason why, const user_id& by, time_point at);
  void tell_end(outcome& out, const leg_state& who, const device_id& except = {}) const;
  void confirm_end(outcome& out, const origin& by) const;
  void hand_over_early(outcome& out);
  static void pass_over(leg_state& who);
  void bind_unbound(outcome& out, leg_state& who, const device_id& device, time_point now);
  void device_came(outcome& out, leg_state& who, const device_id& device);
  void leg_lost(outcome& out, leg_state& who, time_point now);
  void check_leg(outcome& out, leg_state& who, time_point now);
  void returned(outcome& out, leg_state& who);
  void expire_ringing(outcome& out, time_point now);
  void expire_active(outcome& out, time_point now);
  void write(outcome& out);

  call_settings settings_;
  call_record record_;
  user_view caller_view_;
  user_view receiver_view_;
  std::array<leg_state, 2> legs_;
};

} // namespace carillon
