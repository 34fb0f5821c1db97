#include "protocol/relay_permit.hpp"

namespace carillon {

void relay_permit::open(const user_id& receiver) {
  for (auto& one : targets_)
    if (one.who.user == receiver)
      one.way->open(one.gate);
}

void relay_permit::revoke() {
  for (auto& one : targets_)
    one.way->revoke(one.gate);
}

bool relay_permit::relay(const relay_target& to, relay_kind kind, std::string_view payload,
                         time_point now) {
  for (auto& one : targets_)
    if ((to.is_device ? one.who.device.str() : one.who.user.str()) == to.id)
      return relay(one, kind, payload, now);
  return false;
}

bool relay_permit::relay(target& to, relay_kind kind, std::string_view payload, time_point now) {
  const auto& words = words_.by_kind[static_cast<std::size_t>(kind)];
  if (!to.way->relay(to.who.device, to.gate, words.name, {words.before, payload, words.after},
                     now))
    return false;
  to.tally->note(kind, now);
  return true;
}

} // namespace carillon
