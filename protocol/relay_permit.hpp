#pragma once

#include "protocol/delivery.hpp"
#include "protocol/relay_route.hpp"
#include "protocol/relay_tally.hpp"

#include <array>
#include <memory>
#include <string>

namespace carillon {

/// How relays of one sender look to those who get them, by kind: an event's name and what stands
/// before and after the client's own JSON. Made by the call's dialect.
struct relay_words {
  struct frame {
    std::string_view name; ///< static storage
    std::string before;
    std::string after;
  };
  std::array<frame, 3> by_kind; ///< in the order of `relay_kind`
  call_kind family = call_kind::direct; ///< whose words these are
};

/// Whom a relay is for, as its sender says it: a user, or one of the devices.
struct relay_target {
  std::string_view id;
  bool is_device = false;
};

/// The right of one device to relay straight to other devices of a call, past the actors. The call
/// grants it (by making it), the session of each receiver opens it once all before it was
/// delivered, and the call revokes it before anything of that changes. Thread-safe.
class relay_permit {
public:
  struct target {
    origin who;
    std::shared_ptr<delivery> way;
    relay_gate gate = relay_gate::closed; ///< guarded by `way`
    std::shared_ptr<relay_tally> tally = std::make_shared<relay_tally>(); ///< never null
  };

  relay_permit(call_id call, device_id sender, relay_words words, std::vector<target> targets)
    : call_(std::move(call))
    , sender_(std::move(sender))
    , words_(std::move(words))
    , targets_(std::move(targets)) {}

  [[nodiscard]] const call_id& call() const noexcept { return call_; }
  [[nodiscard]] const device_id& sender() const noexcept { return sender_; }
  [[nodiscard]] call_kind family() const noexcept { return words_.family; }

  /// For a user's session: what it was told before has been handed over.
  void open(const user_id& receiver);

  /// When this returns nothing is relayed with it any more.
  void revoke();

  /// What has passed so far: `what(receiver, counts)` for each target. After `revoke` nothing is
  /// added, but by a relay that was in the middle of it.
  template <class What>
  void each_tally(What what) const {
    for (const auto& one : targets_)
      what(one.who.user, one.tally->read());
  }

  /// Relays to one of the targets, and counts that. False: it has to be asked for.
  [[nodiscard]] bool relay(const relay_target& to, relay_kind kind, std::string_view payload,
                           time_point now);

private:
  bool relay(target& to, relay_kind kind, std::string_view payload, time_point now);

  call_id call_;
  device_id sender_;
  relay_words words_;
  std::vector<target> targets_;
};

using relay_permit_ptr = std::shared_ptr<relay_permit>;

} // namespace carillon
