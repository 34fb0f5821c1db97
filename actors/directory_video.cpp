#include "actors/directory.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <iterator>

namespace carillon::actors {

namespace {

/// Messages that may wait while one call is fetched, which takes a read of some milliseconds. More
/// would be one client's flood.
constexpr std::size_t most_waiting = 256;

bool begins(const call_message& message) {
  return std::holds_alternative<command::create>(message.cmd);
}

} // namespace

bool directory::send_or_fetch(const call_id& call, call_message message) {
  auto& shard = shard_of(call);
  std::unique_lock guard{shard.mutex};
  if (auto i = shard.calls.find(call); i != shard.calls.end()) {
    caf::anon_send(i->second, std::move(message));
    return true;
  }
  auto [i, first] = shard.fetched.try_emplace(call);
  if (i->second.size() < most_waiting) {
    i->second.push_back(std::move(message));
    return !first;
  }
  guard.unlock();
  failure why{error_code::rate_limited, call};
  why.retry_after_s = 1;
  message.reply(std::move(why));
  return true;
}

// The users first: a call's shard is never locked before a user's, as everywhere here.
void directory::wake(const call_id& call, const std::vector<user_ptr>& users,
                     const spawn_call& spawn) {
  auto who = hold(users, call);
  auto& shard = shard_of(call);
  std::lock_guard guard{shard.mutex};
  auto actor = spawn({}, who);
  shard.calls.insert_or_assign(call, actor);
  auto waiting = shard.fetched.extract(call);
  if (waiting.empty())
    return;
  for (auto& message : waiting.mapped())
    caf::anon_send(actor, std::move(message));
}

std::vector<call_message> directory::give_up(const call_id& call) {
  auto& shard = shard_of(call);
  std::lock_guard guard{shard.mutex};
  auto waiting = shard.fetched.extract(call);
  return waiting.empty() ? std::vector<call_message>{} : std::move(waiting.mapped());
}

std::vector<call_message> directory::give_up_to_create(const call_id& call) {
  auto& shard = shard_of(call);
  std::lock_guard guard{shard.mutex};
  auto i = shard.fetched.find(call);
  if (i == shard.fetched.end())
    return {};
  auto& waiting = i->second;
  auto first = std::find_if(waiting.begin(), waiting.end(), begins);
  if (first == waiting.end()) {
    auto all = std::move(waiting);
    shard.fetched.erase(i);
    return all;
  }
  ++first;
  std::vector<call_message> taken{std::make_move_iterator(waiting.begin()),
                                  std::make_move_iterator(first)};
  waiting.erase(waiting.begin(), first);
  return taken;
}

session_handle directory::join(const user_ptr& user, const call_id& call) {
  std::lock_guard guard{shard_of(user->id).mutex};
  auto& found = enter(user->id);
  found.calls.push_back({call, {}, false, false, false});
  return found.session;
}

void directory::rest(const call_id& call) {
  auto& shard = shard_of(call);
  std::lock_guard guard{shard.mutex};
  shard.calls.erase(call);
  shard.fetched.try_emplace(call);
}

bool directory::rested(const call_id& call, std::vector<call_message> late) {
  auto& shard = shard_of(call);
  std::lock_guard guard{shard.mutex};
  auto& waiting = shard.fetched[call];
  waiting.insert(waiting.begin(), std::make_move_iterator(late.begin()),
                 std::make_move_iterator(late.end()));
  if (!waiting.empty())
    return true;
  shard.fetched.erase(call);
  return false;
}

} // namespace carillon::actors
