#include "actors/door.hpp"

#include "actors/call_actor.hpp"
#include "actors/directory.hpp"
#include "actors/pages.hpp"
#include "actors/user_book.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace carillon::actors {

// -- commands that need users --------------------------------------------------

void door::create(command::create cmd, const reply_to& reply) {
  std::vector<user_id> ids{cmd.from.user};
  for (const auto& member : cmd.facts->members)
    ids.push_back(member.user);
  with_known(std::move(ids), reply, [this, cmd = std::move(cmd), reply](const user_list& users) {
    auto known = cmd;
    for (const auto& user : users)
      known.people.push_back({user, false});
    auto id = known.call;
    wake(id, {std::move(known), reply});
  });
}

// The asker may have been served by its token's word alone; its row is written behind.
void door::enter(command::enter_call cmd, const reply_to& reply) {
  auto asking = cmd.from.user;
  with_user(asking, reply, [this, cmd = std::move(cmd), reply](const user_ptr& user) {
    auto known = cmd;
    known.who = {user, house_->lines.online(user->id)};
    auto id = known.call;
    wake(id, {std::move(known), reply});
  });
}

// -- calls that may rest in the store ------------------------------------------

// To its actor, which is made from the store if there is none.
void door::wake(const call_id& id, call_message message) {
  if (!house_->lines.send_or_fetch(id, std::move(message)))
    fetch(id);
}

void door::rested(const call_id& id, std::vector<call_message> late) {
  if (house_->lines.rested(id, std::move(late)))
    fetch(id);
}

// By one at a time, and behind all that the call's last actor wrote: what is read is not old.
void door::fetch(const call_id& id) {
  read_store({[this, id](record_store& store) { fetched(id, store); },
              [this, id](const failure& why) { refuse_waiting(id, why); }});
}

void door::fetched(const call_id& id, record_store& store) {
  auto record = store.load_call(call_kind::video, id);
  if (!record) {
    refuse_waiting(id, record.error());
    return;
  }
  if (!*record) {
    begin_or_refuse(id, store);
    return;
  }
  if ((*record)->state() == call_state::ended) {
    for (auto& message : house_->lines.give_up(id))
      answer_closed(**record, std::move(message.cmd), message.reply);
    return;
  }
  auto known = resolve_users(store, house_->users, (*record)->users());
  if (!known) {
    refuse_waiting(id, known.error());
    return;
  }
  house_->lines.wake(id, users_of(**record, *known), [&](const verdict&, const gathered& who) {
    return spawn_call({call::restore(house_->calls, **record, who.users, now()), who, {}, {}});
  });
}

namespace {

/// Whether the id that clients chose for a new call is another call's, or that of a channel which
/// is over, leaves out who creates the call, or was made by somebody whom the call does not name.
result<bool> is_taken(const command::create& cmd, record_store& store) {
  auto channel = store.load_channel(call_id{cmd.facts->call_id});
  if (!channel)
    return channel.error();
  if (!*channel)
    return false;
  const auto& there = **channel;
  auto named = std::any_of(cmd.people.begin(), cmd.people.end(), [&](const user_view& one) {
    return one.user->id == there.created_by;
  });
  return there.of_call || there.closed_at || !named || !there.has(cmd.from.user);
}

} // namespace

// There is no such call: the first who creates it makes it, for whom comes behind, too.
void door::begin_or_refuse(const call_id& id, record_store& store) {
  for (auto& message : house_->lines.give_up_to_create(id)) {
    auto* create = std::get_if<command::create>(&message.cmd);
    if (!create) {
      message.reply(failure{error_code::call_not_found, id});
      continue;
    }
    if (auto taken = is_taken(*create, store); !taken || *taken) {
      message.reply(taken ? failure{error_code::video_call_exists, id} : taken.error());
      fetch(id); // for what waits behind it
      continue;
    }
    user_list users;
    for (const auto& one : create->people)
      users.push_back(one.user);
    house_->lines.wake(id, users, [&](const verdict&, const gathered& who) {
      auto first = std::move(*create);
      first.people = who.users;
      return spawn_call(
          {call{house_->calls, call_kind::video}, who, std::move(first), message.reply});
    });
  }
}

void door::refuse_waiting(const call_id& id, const failure& why) {
  for (const auto& message : house_->lines.give_up(id))
    message.reply(why);
}

// -- what expires by itself ------------------------------------------------------

void door::answer(query::video_invitations what, const reply_to& reply) {
  what.now = now();
  read_store(
      [this, what = std::move(what)](record_store& store) { return load(what, store, *house_); },
      reply);
}

// -- webhooks ------------------------------------------------------------------

void door::take(recording_news what, reply_to reply) {
  caf::anon_send(house_->persistence, put{std::move(what), {}, 0, std::move(reply)});
}

} // namespace carillon::actors
