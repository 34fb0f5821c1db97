#include "net/event_gate.hpp"

namespace carillon::net {

namespace {

failure limited(int wait_s) {
  failure why{error_code::rate_limited};
  why.retry_after_s = wait_s;
  return why;
}

} // namespace

status event_gate::take(std::string_view name, instant now) {
  if (direct::is_exempt_from_rate(name))
    return success();
  if (auto wait = events_.take(event_rate(site_.settings().limits), now); wait > 0)
    return limited(wait);
  return success();
}

std::optional<direct::relay_view> event_gate::find_relay(std::string_view name,
                                                         std::string_view data) const noexcept {
  return direct::find_relay(name, data, {site_.settings().limits.sdp_bytes});
}

result<client_command> event_gate::decode(std::string_view name, std::string_view data, origin from,
                                          instant now) {
  if (!direct::knows(name))
    return error_code::unknown_event;
  direct::decode_limits limits{site_.settings().limits.sdp_bytes};
  auto user = from.user;
  auto command = direct::decode_event(name, data, std::move(from), limits);
  if (!command || !direct::is_costly(name))
    return command;
  if (auto wait = site_.limits.costly(user, now); wait > 0)
    return limited(wait);
  return command;
}

} // namespace carillon::net
