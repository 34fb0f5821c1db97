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
  return found.session.actor;
}

user_session_actor directory::detach(const user_id& user, const client_link* link) {
  auto& shard = shard_of(user);
  std::lock_guard guard{shard.mutex};
  auto i = shard.users.find(user);
  if (i == shard.users.end())
    return {};
  auto gone =
      std::erase_if(i->second.devices, [&](const attached& one) { return one.link == link; });
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
  auto still_there =
      std::erase_if(devices, [&](const attached& one) { return one.device == fresh; });
  std::erase_if(devices, [&](const attached& one) { return one.device == known; });
  if (still_there > 0)
    devices.push_back({known, link});
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

void directory::enter(const call_id& id, call_actor actor) {
  auto& shard = shard_of(id);
  std::lock_guard guard{shard.mutex};
  shard.calls.insert_or_assign(id, std::move(actor));
}

// With both shards locked.
participants directory::hold(const user_ptr& caller, const user_ptr& receiver, const call_id& id,
                             bool ringing) {
  auto& from = enter(caller->id);
  from.calls.push_back({id, receiver->id, true, ringing});
  auto& to = enter(receiver->id);
  to.calls.push_back({id, caller->id, false, ringing});
  // Entering the second user may have moved the first one's entry.
  auto& first = shard_of(caller->id).users.at(caller->id);
  return {
      {caller, !first.devices.empty()}, {receiver, !to.devices.empty()}, first.session, to.session};
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
    enter(fresh, spawn(found, hold(caller, receiver, fresh, true)));
    return found;
  case verdict_kind::receiver_busy:
  case verdict_kind::receiver_offline:
    break;
  }
  participants who{{caller, caller_line.has_device}, {receiver, receiver_line.has_device}, {}, {}};
  if (auto i = from.users.find(caller->id); i != from.users.end())
    who.caller_session = i->second.session;
  enter(fresh, spawn(found, who));
  return found;
}

void directory::restore(const call_record& record, const user_ptr& caller, const user_ptr& receiver,
                        const spawn_call& spawn) {
  both_locked guard{shard_of(record.caller), shard_of(record.receiver)};
  auto who = hold(caller, receiver, record.id, record.state() == call_state::ringing);
  enter(record.id, spawn({}, who));
}

void directory::mark_active(const call_record& record) {
  both_locked guard{shard_of(record.caller), shard_of(record.receiver)};
  for (const auto* user : {&record.caller, &record.receiver})
    if (auto i = shard_of(*user).users.find(*user); i != shard_of(*user).users.end())
      if (auto* held = find(i->second.calls, record.id))
        held->ringing = false;
}

void directory::release(const call_record& record) {
  both_locked guard{shard_of(record.caller), shard_of(record.receiver)};
  for (const auto* user : {&record.caller, &record.receiver})
    if (auto i = shard_of(*user).users.find(*user); i != shard_of(*user).users.end())
      std::erase_if(i->second.calls, [&](const held_call& c) { return c.call == record.id; });
}

bool directory::send(const call_id& call, call_message message) {
  auto& shard = shard_of(call);
  std::lock_guard guard{shard.mutex};
  auto i = shard.calls.find(call);
  if (i == shard.calls.end())
    return false;
  caf::anon_send(i->second, std::move(message));
  return true;
}

void directory::forget(const call_record& record) {
  if (record.state() == call_state::ended)
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
  }
  for (auto& shard : users_) {
    std::lock_guard guard{shard.mutex};
    shard.users.clear();
  }
}

} // namespace carillon::actors
