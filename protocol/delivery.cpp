#include "protocol/delivery.hpp"

#include <algorithm>

namespace carillon {

delivery::way* delivery::find(const device_id& device) noexcept {
  auto i = std::find_if(ways_.begin(), ways_.end(),
                        [&](const way& one) { return one.device == device; });
  return i == ways_.end() ? nullptr : &*i;
}

void delivery::add(const device_id& device) {
  std::lock_guard guard{lock_};
  if (!find(device))
    ways_.push_back({device, nullptr, event_log{limits_}});
}

void delivery::connect(const device_id& device, client_link_ptr link) {
  std::lock_guard guard{lock_};
  if (auto* to = find(device))
    to->link = std::move(link);
}

void delivery::disconnect(const device_id& device) { connect(device, nullptr); }

void delivery::remove(const device_id& device) {
  std::lock_guard guard{lock_};
  std::erase_if(ways_, [&](const way& one) { return one.device == device; });
}

void delivery::send(const std::vector<device_id>& to, const wire_event& what, time_point now) {
  std::lock_guard guard{lock_};
  ++offset_;
  for (const auto& device : to)
    if (auto* found = find(device))
      offer(*found, what.name, {what.data}, offset_, now);
}

bool delivery::relay(const device_id& to, const relay_gate& gate, std::string_view name,
                     text_parts data, time_point now) {
  std::lock_guard guard{lock_};
  auto* found = gate == relay_gate::open ? find(to) : nullptr;
  if (!found || !found->link)
    return false;
  offer(*found, name, data, ++offset_, now);
  return true;
}

// With the lock held.
void delivery::offer(way& to, std::string_view name, text_parts data, std::uint64_t offset,
                     time_point now) {
  auto kept = to.log.add(name, data, offset, now);
  if (!to.link)
    return;
  if (kept)
    return to.link->offer(name, *kept, offset);
  std::string whole;
  for (auto part : data)
    whole += part;
  to.link->offer(name, whole, offset);
}

void delivery::open(relay_gate& gate) {
  std::lock_guard guard{lock_};
  if (gate == relay_gate::closed)
    gate = relay_gate::open;
}

void delivery::revoke(relay_gate& gate) {
  std::lock_guard guard{lock_};
  gate = relay_gate::revoked;
}

std::optional<std::vector<wire_event_ptr>> delivery::missed(const device_id& device,
                                                            std::uint64_t offset) const {
  std::lock_guard guard{lock_};
  auto i = std::find_if(ways_.begin(), ways_.end(),
                        [&](const way& one) { return one.device == device; });
  return i == ways_.end() ? std::nullopt : i->log.since(offset);
}

bool delivery::trim(const device_id& device, time_point when) {
  std::lock_guard guard{lock_};
  auto* found = find(device);
  if (!found)
    return false;
  found->log.trim(when);
  return !found->log.empty();
}

} // namespace carillon
