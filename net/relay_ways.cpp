#include "net/relay_ways.hpp"

#include <algorithm>
#include <atomic>

namespace carillon::net {

namespace {

/// A device is in one or two calls at a time; the oldest is most likely over.
constexpr std::size_t most_ways = 4;

} // namespace

relay_ways::way& relay_ways::find(const call_id& call) {
  auto known =
      std::find_if(ways_.begin(), ways_.end(), [&](const way& one) { return one.call == call; });
  if (known != ways_.end())
    return *known;
  if (ways_.size() >= most_ways) {
    // What still has something under way must be remembered, or it would be overtaken.
    auto idle = std::find_if(ways_.begin(), ways_.end(),
                             [](const way& one) { return one.ticket.use_count() <= 1; });
    if (idle != ways_.end())
      ways_.erase(idle);
  }
  ways_.push_back({call, nullptr, nullptr});
  return ways_.back();
}

void relay_ways::prepare(client_command& what) {
  if (auto* relay = std::get_if<command::relay>(&what))
    relay->under_way = ticket(relay->call);
  else if (auto* end = std::get_if<command::end>(&what))
    find(end->call).over = true;
  else if (auto* leave = std::get_if<command::leave>(&what))
    find(leave->call).over = true;
  else if (auto* join = std::get_if<command::join>(&what))
    find(join->call).over = false;
}

relay_ticket relay_ways::ticket(const call_id& call) {
  auto& found = find(call);
  if (!found.ticket)
    found.ticket = std::make_shared<char>();
  return found.ticket;
}

void relay_ways::permit(relay_permit_ptr granted) {
  find(granted->call()).permit = std::move(granted);
}

relay_permit* relay_ways::straight(std::string_view call) const noexcept {
  for (const auto& one : ways_)
    if (one.call.str() == call) {
      if (!one.permit || one.over || one.ticket.use_count() > 1)
        return nullptr;
      // What the last holder did before it let go is seen here.
      std::atomic_thread_fence(std::memory_order_acquire);
      return one.permit.get();
    }
  return nullptr;
}

} // namespace carillon::net
