#include "tests/protocol/session_witness.hpp"

#include "tests/protocol/call_words.hpp"
#include "tests/protocol/promise.hpp"

#include <string>

namespace carillon::test {

void session_witness::attached(const user_id& user, const device_id& device,
                               const device_id& before, const event::call_states& calls) {
  auto& seen = views_[device];
  seen.user = user;
  if (seen.page.empty())
    seen.page = before.empty() ? device : views_.at(before).page;
  for (const auto& summary : calls.calls) {
    promise(summary.call == call_ && summary.kind == call_kind::session,
            "callState lists the user's sessions");
    promise(summary.state != call_state::ended, "callState lists what lives");
    seen.listed = true;
  }
}

void session_witness::restarted() {
  for (auto& [device, seen] : views_)
    seen.here = false;
}

void session_witness::hears(const device_id& device, const call_event& what) {
  auto& seen = views_.at(device);
  promise(seen.here, "a device that is gone hears nothing");
  promise(!seen.over, "after the end there is nothing more");
  if (const auto* joined = std::get_if<event::session_joined>(&what))
    on(seen, device, *joined);
  else if (const auto* other = std::get_if<event::user_joined>(&what))
    on(seen, device, *other);
  else if (const auto* left = std::get_if<event::user_left>(&what))
    on(seen, device, *left);
  else if (const auto* media = std::get_if<event::media_changed>(&what))
    on(seen, *media);
  else if (const auto* relay = std::get_if<event::relayed>(&what))
    on(seen, device, *relay);
  else if (std::holds_alternative<event::invited>(what))
    promise(!std::exchange(seen.invited, true), "a device is invited once");
  else if (const auto* taken = std::get_if<event::taken_elsewhere>(&what)) {
    promise(taken->device != device, "elsewhere is not here");
    seen.others.reset();
  } else if (std::holds_alternative<event::session_ended>(what))
    seen.over = true;
  else
    promise(false, "a session has words of its own");
}

void session_witness::on(view& seen, const device_id& device, const event::session_joined& e) {
  const auto& now = *e.now;
  auto& last = versions_[seen.page];
  promise(now.version >= last, "a list is not older than what the client saw");
  last = now.version;
  promise(now.names.size() == now.in.size(), "each one has a name");
  seen.others = list{};
  auto is_in = false;
  for (const auto& who : now.in) {
    promise(who.in(), "the list names who is in");
    is_in = is_in || (who.user == seen.user && who.device == device);
    if (who.user != seen.user)
      promise(seen.others->insert({who.user, {who.device, who.peer_id, who.media}}).second,
              "and each one once");
  }
  promise(is_in, "the joiner too");
  same_for_all(seen, device, now.version);
}

void session_witness::same_for_all(const view& seen, const device_id& device,
                                   std::uint32_t version) {
  std::map<user_id, device_id> in{{seen.user, device}};
  for (const auto& [user, other] : *seen.others)
    in[user] = other.device;
  auto [known, fresh] = lists_.insert({version, in});
  promise(fresh || known->second == in, "a version means the same list to all");
}

void session_witness::newer(const view& seen, std::uint32_t version) {
  auto& last = versions_[seen.page];
  promise(version > last, "versions only grow");
  last = version;
}

void session_witness::on(view& seen, const device_id& device, const event::user_joined& e) {
  promise(seen.others.has_value(), "the list comes before what changes it");
  promise(e.who.user != seen.user && e.name == e.who.user.str(), "the others are told who");
  newer(seen, e.version);
  auto& others = *seen.others;
  auto known = others.find(e.who.user);
  if (e.previous.empty())
    promise(known == others.end(), "who joins was not in");
  else
    promise(known != others.end() && known->second.device == e.previous,
            "who moves was in, where it says");
  others[e.who.user] = {e.who.device, e.who.peer_id, e.who.media};
  same_for_all(seen, device, e.version);
}

session_witness::entry& session_witness::entry_of(view& seen, const user_id& user,
                                                  const device_id& device) {
  promise(seen.others.has_value(), "the list comes before what changes it");
  auto known = seen.others->find(user);
  promise(known != seen.others->end() && known->second.device == device,
          "who does something is in, and there");
  return known->second;
}

void session_witness::on(view& seen, const device_id& device, const event::user_left& e) {
  newer(seen, e.version);
  if (e.user == seen.user) {
    promise(e.dropped, "who leaves is not told so");
    seen.others.reset();
    return;
  }
  (void)entry_of(seen, e.user, e.device);
  seen.others->erase(e.user);
  same_for_all(seen, device, e.version);
}

void session_witness::on(view& seen, const event::media_changed& e) {
  promise(e.user != seen.user, "the others are told of media");
  entry_of(seen, e.user, e.device).media = e.media;
}

void session_witness::on(view& seen, const device_id& device, const event::relayed& e) {
  (void)entry_of(seen, e.from, e.from_device);
  relays_.arrived(e, device);
}

void session_witness::settled(const call& machine) const {
  const auto& record = machine.record();
  auto over = machine.state() == call_state::ended;
  list in;
  for (const auto& who : record.people)
    if (who.in())
      in[who.user] = {who.device, who.peer_id, who.media};
  relays_.settle([this](const device_id& device) { return views_.at(device).here; });
  for (const auto& [device, seen] : views_) {
    if (!seen.here)
      continue;
    auto knows = seen.listed || seen.invited || seen.others;
    promise(over ? seen.over || !knows : !seen.over, "who knows of it hears of the end");
    const auto* who = record.find(seen.user);
    if (who->invited == invitation::pending)
      promise(seen.invited, "every device of who is invited is told");
    if (machine.summary_for(seen.user).device != device)
      continue;
    auto others = in;
    others.erase(seen.user);
    promise(seen.others == others, "what a device believes is what stands");
  }
}

} // namespace carillon::test
