#pragma once

#include "protocol/commands.hpp"
#include "protocol/relay_permit.hpp"

#include <string_view>
#include <vector>

namespace carillon::net {

/// The calls in which one device relays: what is still under way through the actors, and the permit
/// to relay straight once that has arrived. On the device's thread.
class relay_ways {
public:
  /// Before a command goes through the actors: a relay gets its ticket, and what ends the call, or the
  /// device's part in it, lets no relay behind it go straight.
  void prepare(client_command& what);

  /// For a relay that goes through the actors; kept by whatever carries it.
  [[nodiscard]] relay_ticket ticket(const call_id& call);

  /// The call lets the device relay straight.
  void permit(relay_permit_ptr granted);

  /// The permit for `call`, when nothing can be overtaken by using it; else null.
  [[nodiscard]] relay_permit* straight(std::string_view call) const noexcept;

  [[nodiscard]] bool empty() const noexcept { return ways_.empty(); }
  void clear() noexcept { ways_.clear(); }

private:
  struct way {
    call_id call;
    relay_ticket ticket;     ///< null: nothing has gone through the actors
    relay_permit_ptr permit; ///< null: not yet
    bool over = false;       ///< the device ended or left it: nothing goes straight behind that
  };

  [[nodiscard]] way& find(const call_id& call);

  std::vector<way> ways_; ///< the oldest first
};

} // namespace carillon::net
