#pragma once

#include "net/site.hpp"
#include "net/stream.hpp"
#include "protocol/commands.hpp"
#include "protocol/dialects/relays.hpp"

#include <string_view>

namespace carillon::net {

/// What the events of one device pass before they become commands: the rate of the device, the
/// names of the families, decoding, sizes, and the costly ones of the user. One for each device,
/// used on its thread; knows nothing of the wire.
class event_gate {
public:
  explicit event_gate(site& host) noexcept
    : site_(host) {}

  /// Counts one event of any name against the device's rate.
  [[nodiscard]] status take(std::string_view name, instant now);

  /// The parts of an event that is a relay of a simple form; `data` begins with its first argument.
  [[nodiscard]] std::optional<relay_view> find_relay(std::string_view name,
                                                     std::string_view data) const noexcept;

  /// The command that the event `name` with `data` (raw JSON; empty: none) means.
  [[nodiscard]] result<client_command> decode(std::string_view name, std::string_view data,
                                              origin from, instant now);

private:
  site& site_;
  token_bucket events_;
};

} // namespace carillon::net
