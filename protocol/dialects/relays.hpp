#pragma once

#include "protocol/commands.hpp"
#include "protocol/dialects/words.hpp"
#include "protocol/relay_permit.hpp"

#include <optional>
#include <string_view>

/// The hot path of relays, for all families.
namespace carillon {

/// A relay as a client wrote it; the views point into its text.
struct relay_view {
  std::string_view call;
  std::string_view to;      ///< a user, or a device
  std::string_view payload; ///< one JSON value
  relay_kind kind = relay_kind::candidate;
  call_kind family = call_kind::direct;
  bool to_device = false; ///< what `to` is; a user's id may look like a device's
};

/// Finds the parts of a relay without a copy and without an allocation; `data` begins with the JSON
/// of the event's first argument and is known to be valid. Nothing when it is another event, or of
/// a form that only the family's `decode_event` understands or refuses.
[[nodiscard]] std::optional<relay_view> find_relay(std::string_view event_name,
                                                   std::string_view data,
                                                   const decode_limits& limits) noexcept;

/// What stands around the payload in a relay's JSON. `with_zero` is that JSON with the payload `0`
/// in the member `field`, and no other member of that name.
[[nodiscard]] relay_words::frame frame_around(std::string_view name, std::string_view field,
                                              std::string_view with_zero);

} // namespace carillon
