#include "actors/directory.hpp"

#include <caf/send.hpp>

#include <algorithm>

namespace carillon::actors {

namespace {

held_call* find(std::vector<held_call>& calls, const call_id& id) {
  auto i =
      std::find_if(calls.begin(), calls.end(), [&](const held_call& c) { return c.call == id; });
  return i == calls.end() ? nullptr : &*i;
}

/// What only one live session may have; empty: nothing.
std::string therapy_session_of(const call_record& record) {
  if (record.kind() != call_kind::session)
    return {};
  const auto& facts = record.session().facts;
  return facts && facts->type == session_type::therapy ? facts->therapy_session : std::string{};
}

} // namespace

class directory::both_locked {
public:
  both_locked(user_shard& a, user_shard& b) {
    auto* first = std::min(&a, &b);
    auto* second = std::max(&a, &b);
    first_ = std::unique_lock{first->mutex};
    if (first != second)
      second_ = std::unique_lock{second->mutex};
  }

private:
  std::unique_lock<std::mutex> first_;
  std::unique_lock<std::mutex> second_;
};

// -- devices -----------------------------------------------------------------

result<user_session_actor> directory::attach(const user_id& user, const device_id& device,
                                             const client_link* link) {
  auto& shard = shard_of(user);
  std::lock_guard guard{shard.mutex};
  auto i = shard.users.find(user);
  if (i != shard.users.end() && how_.devices_per_user > 0
      && i->second.devices.size() >= how_.devices_per_user)
    return error_code::too_many_devices;
  auto& found = enter(user);
  found.devices.push_back({device, link});
  count_devices(1);
  return found.session.actor;
}

void directory::count_devices(std::int64_t more) noexcept {
  if (how_.devices && more != 0)
    how_.devices->fetch_add(more, std::memory_order_relaxed);
}

user_session_actor directory::detach(const user_id& user, const client_link* link) {
  auto& shard = shard_of(user);
  std::lock_guard guard{shard.mutex};
  auto i = shard.users.find(user);
  if (i == shard.users.end())
    return {};
  auto gone =
      std::erase_if(i->second.devices, [&](const attached& one) { return one.link == link; });
  count_devices(-static_cast<std::int64_t>(gone));
  return gone == 0 ? user_session_actor{} : i->second.session.actor;
}

void directory::resume(const user_id& user, const device_id& fresh, const device_id& known,
                       const client_link* link) {
  auto& shard = shard_of(user);
  std::lock_guard guard{shard.mutex};
  auto i = shard.users.find(user);
  if (i == shard.users.end())
    return;
  // Where the connection behind `fresh` is gone again already, its end was counted as that of
  // `fresh`.
  auto& devices = i->second.devices;
  auto before = devices.size();
  auto still_there =
      std::erase_if(devices, [&](const attached& one) { return one.device == fresh; });
  std::erase_if(devices, [&](const attached& one) { return one.device == known; });
  if (still_there > 0)
    devices.push_back({known, link});
  count_devices(static_cast<std::int64_t>(devices.size()) - static_cast<std::int64_t>(before));
}

bool directory::retire(const user_id& user) {
  auto& shard = shard_of(user);
  std::lock_guard guard{shard.mutex};
  auto i = shard.users.find(user);
  if (i == shard.users.end())
    return true;
  if (!i->second.devices.empty() || !i->second.calls.empty())
    return false;
  shard.users.erase(i);
  return true;
}

bool directory::online(const user_id& user) {
  auto& shard = shard_of(user);
  std::lock_guard guard{shard.mutex};
  auto i = shard.users.find(user);
  return i != shard.users.end() && !i->second.devices.empty();
}

user_session_actor directory::session_of(const user_id& user) {
  auto& shard = shard_of(user);
  std::lock_guard guard{shard.mutex};
  auto i = shard.users.find(user);
  return i == shard.users.end() ? user_session_actor{} : i->second.session.actor;
}

// With the shard locked.
directory::entry& directory::enter(const user_id& user) {
  auto& found = shard_of(user).users[user];
  if (!found.session.actor)
    found.session = spawn_(user);
  return found;
}

// -- calls -------------------------------------------------------------------

line directory::line_of(const user_shard& shard, const user_id& user) {
  auto i = shard.users.find(user);
  return i == shard.users.end() ? line{} : line{i->second.calls, !i->second.devices.empty()};
}

// Whoever looks the call up waits until it is entered: its actor may run on another thread by then,
// and its users hear of it and answer.
void directory::enter(const call_id& id, const spawn_call& spawn, const verdict& found,
                      const gathered& who) {
  auto& shard = shard_of(id);
  std::lock_guard guard{shard.mutex};
  shard.calls.insert_or_assign(id, spawn(found, who));
}

// With both shards locked.
gathered directory::hold(const user_ptr& caller, const user_ptr& receiver, const call_id& id,
                         bool ringing) {
  auto& from = enter(caller->id);
  from.calls.push_back({id, receiver->id, true, ringing});
  auto& to = enter(receiver->id);
  to.calls.push_back({id, caller->id, false, ringing});
  // Entering the second user may have moved the first one's entry.
  auto& first = shard_of(caller->id).users.at(caller->id);
  return {{{caller, !first.devices.empty()}, {receiver, !to.devices.empty()}},
          {first.session, to.session}};
}

// Locks the users' shards one after the other: nobody's line is judged, and no line is taken up.
gathered directory::hold(const std::vector<user_ptr>& users, const call_id& id) {
  gathered who;
  for (const auto& user : users) {
    std::lock_guard guard{shard_of(user->id).mutex};
    auto& found = enter(user->id);
    found.calls.push_back({id, {}, user == users.front(), false, false});
    who.users.push_back({user, !found.devices.empty()});
    who.sessions.push_back(found.session);
  }
  return who;
}

verdict directory::engage(const user_ptr& caller, const user_ptr& receiver, const call_id& fresh,
                          const spawn_call& spawn) {
  auto& from = shard_of(caller->id);
  auto& to = shard_of(receiver->id);
  both_locked guard{from, to};
  auto caller_line = line_of(from, caller->id);
  auto receiver_line = line_of(to, receiver->id);
  auto found = judge(caller_line, receiver_line, receiver->id, how_.policy);
  switch (found.kind) {
  case verdict_kind::duplicate:
  case verdict_kind::glare:
  case verdict_kind::caller_busy:
    return found;
  case verdict_kind::ring:
    enter(fresh, spawn, found, hold(caller, receiver, fresh, true));
    return found;
  case verdict_kind::receiver_busy:
  case verdict_kind::receiver_offline:
    break;
  }
  gathered who{{{caller, caller_line.has_device}, {receiver, receiver_line.has_device}}, {{}, {}}};
  if (auto i = from.users.find(caller->id); i != from.users.end())
    who.sessions.front() = i->second.session;
  enter(fresh, spawn, found, who);
  return found;
}

bool directory::gather(const std::vector<user_ptr>& users, const call_id& fresh,
                       const std::string& therapy_session, const spawn_call& spawn) {
  if (!reserve(therapy_session, fresh))
    return false;
  enter(fresh, spawn, {}, hold(users, fresh));
  return true;
}

// Nobody else has it, and from here on `call` does; an empty one is nobody's.
bool directory::reserve(const std::string& therapy_session, const call_id& call) {
  std::lock_guard guard{therapy_lock_};
  return therapy_session.empty() || therapy_.try_emplace(therapy_session, call).second;
}

void directory::restore(const call_record& record, const std::vector<user_ptr>& users,
                        const spawn_call& spawn) {
  if (record.kind() == call_kind::direct) {
    both_locked guard{shard_of(users.front()->id), shard_of(users.back()->id)};
    auto rings = record.state() == call_state::ringing;
    enter(record.id, spawn, {}, hold(users.front(), users.back(), record.id, rings));
    return;
  }
  // Of two live sessions of one therapy session, which no server lets begin, both go on.
  static_cast<void>(reserve(therapy_session_of(record), record.id));
  enter(record.id, spawn, {}, hold(users, record.id));
}

void directory::mark_active(const call_record& record) {
  const auto& receiver = record.direct().receiver;
  both_locked guard{shard_of(record.caller), shard_of(receiver)};
  for (const auto* user : {&record.caller, &receiver})
    if (auto i = shard_of(*user).users.find(*user); i != shard_of(*user).users.end())
      if (auto* held = find(i->second.calls, record.id))
        held->ringing = false;
}

void directory::occupy(const user_id& user, const call_id& call, bool occupied) {
  auto& shard = shard_of(user);
  std::lock_guard guard{shard.mutex};
  if (auto i = shard.users.find(user); i != shard.users.end())
    if (auto* held = find(i->second.calls, call))
      held->occupies = occupied;
}

void directory::release(const call_record& record) {
  if (record.kind() == call_kind::direct) {
    both_locked guard{shard_of(record.caller), shard_of(record.direct().receiver)};
    let_go(record.caller, record.id);
    let_go(record.direct().receiver, record.id);
    return;
  }
  for (const auto& user : record.users()) {
    std::lock_guard guard{shard_of(user).mutex};
    let_go(user, record.id);
  }
  auto therapy_session = therapy_session_of(record);
  if (therapy_session.empty())
    return;
  std::lock_guard guard{therapy_lock_};
  if (auto i = therapy_.find(therapy_session);
      i != therapy_.end() && i->second == record.id)
    therapy_.erase(i);
}

// With the shard locked.
void directory::let_go(const user_id& user, const call_id& call) {
  auto& users = shard_of(user).users;
  if (auto i = users.find(user); i != users.end())
    std::erase_if(i->second.calls, [&](const held_call& c) { return c.call == call; });
}

template <class Message>
bool directory::post(const call_id& call, Message message) {
  auto& shard = shard_of(call);
  std::lock_guard guard{shard.mutex};
  auto i = shard.calls.find(call);
  if (i == shard.calls.end())
    return false;
  caf::anon_send(i->second, std::move(message));
  return true;
}

bool directory::send(const call_id& call, call_message message) {
  return post(call, std::move(message));
}

bool directory::send(const call_id& call, tell_timeline message) {
  return post(call, std::move(message));
}

void directory::forget(const call_record& record) {
  if (record.state() == call_state::ended && record.kind() == call_kind::direct)
    ended_.keep(record);
  auto& shard = shard_of(record.id);
  std::lock_guard guard{shard.mutex};
  shard.calls.erase(record.id);
}

// -- shutdown ----------------------------------------------------------------

std::vector<call_actor> directory::calls() {
  std::vector<call_actor> all;
  for (auto& shard : calls_) {
    std::lock_guard guard{shard.mutex};
    for (auto& [id, actor] : shard.calls)
      all.push_back(actor);
  }
  return all;
}

std::vector<user_session_actor> directory::sessions() {
  std::vector<user_session_actor> all;
  for (auto& shard : users_) {
    std::lock_guard guard{shard.mutex};
    for (auto& [id, found] : shard.users)
      all.push_back(found.session.actor);
  }
  return all;
}

void directory::clear() {
  for (auto& shard : calls_) {
    std::lock_guard guard{shard.mutex};
    shard.calls.clear();
    shard.fetched.clear();
  }
  for (auto& shard : users_) {
    std::lock_guard guard{shard.mutex};
    for (const auto& [id, found] : shard.users)
      count_devices(-static_cast<std::int64_t>(found.devices.size()));
    shard.users.clear();
  }
}

} // namespace carillon::actors
