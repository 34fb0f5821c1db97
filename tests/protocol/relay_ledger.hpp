#pragma once

#include "protocol/events.hpp"
#include "tests/protocol/promise.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace carillon::test {

/// Which relays have to arrive where, and which did. A relay's payload is its number, which grows
/// with each that is sent. Throws `violation`.
class relay_ledger {
public:
  /// Relay `number` was accepted for `device`.
  void owe(std::uint64_t number, const device_id& device) { owed_.insert({number, device}); }

  /// `device` hears a relay.
  void arrived(const event::relayed& relay, const device_id& device) {
    auto number = std::stoull(relay.payload);
    auto& last = last_[{device, relay.from}];
    promise(last < number, "relays arrive in the order sent, once");
    last = number;
    delivered_.insert({number, device});
  }

  /// Everything on its way has arrived at the devices that are there.
  template <class IsHere>
  void settle(IsHere is_here) const {
    for (const auto& owed : owed_)
      if (is_here(owed.second))
        promise(delivered_.contains(owed), "an accepted relay arrives");
  }

private:
  using place = std::pair<std::uint64_t, device_id>;

  std::map<std::pair<device_id, user_id>, std::uint64_t> last_; ///< by receiver and sender
  std::set<place> owed_;
  std::set<place> delivered_;
};

} // namespace carillon::test
