#pragma once

#include "protocol/commands.hpp"
#include "protocol/outcome.hpp"
#include "protocol/records.hpp"
#include "protocol/relay_route.hpp"
#include "protocol/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// The numbers that govern calls; `config` fills them from `calls.*`.
struct call_settings {
  seconds ring_timeout{45};
  seconds reconnect_grace{30};
  seconds ring_grace{15};
  std::chrono::minutes call_timeout{0};     ///< of direct calls; 0: none
  std::chrono::minutes session_timeout{60}; ///< 0: none
  std::size_t max_participants = 8;         ///< of a session, the initiator included
  std::size_t early_relays = 30; ///< kept for each leg before the accept (contract of the API)
  seconds quality_interval{5};   ///< between two reports of one leg
  seconds invitation_ttl{2 * 3600};   ///< video, from here on (the seed's example)
  seconds first_join_timeout{600};    ///< of one made active
  seconds rest_lease{4 * 3600};       ///< of a leg that only REST keeps in
  std::size_t max_people = 2000;      ///< distinct users of one call, ever
};

/// What was sent before there was a leg to send it to.
struct kept_relay {
  device_id sender;
  relay_kind kind;
  std::string payload;
  relay_ticket under_way = nullptr;
};

/// One user's participation in one call.
struct leg {
  user_id user;
  user_view view;  ///< as the user was when the call began; null in a closed call
  bool in = false; ///< takes part: has placed, accepted or joined, and not left
  device_id bound; ///< empty: none (not in, or begun over REST); kept while away
  std::optional<time_point> grace_until; ///< set while the leg has lost its device
  std::vector<device_id> devices;        ///< what the user has now
  std::vector<device_id> lost;           ///< what the user had and may have again
  std::vector<device_id> seen;           ///< every device that this call ever met
  std::vector<device_id> losers;         ///< direct: were there when another device got the leg
  std::vector<kept_relay> early;         ///< direct: sent before the accept
  std::optional<time_point> reported;    ///< quality, the last time
  bool synced = false;                   ///< the first presence has come
  std::optional<time_point> leased_until; ///< video: as in the record

  [[nodiscard]] bool away() const noexcept { return grace_until.has_value(); }
  /// In, on a device that is there.
  [[nodiscard]] bool live() const noexcept { return in && !bound.empty() && !away(); }
};

/// What calls of all kinds have, and the steps that they share; the kinds' policies work on it. A
/// regular, copyable value inside `call`, which nobody else sees.
struct call_core {
  call_settings settings;
  call_record record;
  std::vector<leg> legs;   ///< in the order of `record.users()`
  time_point changed_at{}; ///< when a command last changed the record

  [[nodiscard]] call_state state() const noexcept { return record.state(); }

  /// The leg of `user`, or null.
  [[nodiscard]] leg* find(const user_id& user) noexcept;
  [[nodiscard]] const leg* find(const user_id& user) const noexcept;

  /// The entry of a session's leg in the record; not of a direct call's.
  [[nodiscard]] participant& person(const leg& who) noexcept;
  [[nodiscard]] const participant& person(const leg& who) const noexcept;

  /// A refusal that names this call; `retry_after_s` 0: not said.
  [[nodiscard]] outcome refuse(error_code code, int retry_after_s = 0) const;

  /// The earliest of the ring and call deadlines and the graces; none once it has ended.
  [[nodiscard]] std::optional<time_point> next_deadline() const;

  /// `who` takes part from now on, on `device`; the other devices that were there have lost the
  /// leg.
  static void enter(leg& who, device_id device);

  /// `who` takes part no more and waits for nothing.
  static void part(leg& who);

  /// It became active at `now`; `timeout` 0: it has none.
  void start(std::chrono::minutes timeout, time_point now);

  /// It ended: no deadline, no grace, no leg is in, every stay is over; writes.
  void finish(outcome& out, call_status as, end_reason why, const user_id& by, time_point at);

  /// The record as it stands is a new version, to be written.
  void write(outcome& out);

  /// See `call::routes`.
  [[nodiscard]] std::vector<relay_route> routes() const;
};

} // namespace carillon
