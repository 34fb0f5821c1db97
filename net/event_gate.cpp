#include "net/event_gate.hpp"

#include "protocol/dialects/families.hpp"

namespace carillon::net {

namespace {

failure limited(int wait_s) {
  failure why{error_code::rate_limited};
  why.retry_after_s = wait_s;
  return why;
}

} // namespace

status event_gate::take(std::string_view name, instant now) {
  if (auto known = families::find(name); known && known->exempt_from_rate)
    return success();
  if (auto wait = events_.take(event_rate(site_.settings().limits), now); wait > 0)
    return limited(wait);
  return success();
}

std::optional<relay_view> event_gate::find_relay(std::string_view name,
                                                 std::string_view data) const noexcept {
  return carillon::find_relay(name, data, {site_.settings().limits.sdp_bytes});
}

result<client_command> event_gate::decode(std::string_view name, std::string_view data, origin from,
                                          instant now) {
  auto known = families::find(name);
  if (!known)
    return error_code::unknown_event;
  auto user = from.user;
  decode_limits limits{site_.settings().limits.sdp_bytes};
  auto command = families::decode_event(name, data, std::move(from), limits);
  if (!command || !known->costly)
    return command;
  if (auto wait = site_.limits.costly(user, now); wait > 0)
    return limited(wait);
  return command;
}

} // namespace carillon::net
