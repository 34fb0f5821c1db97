#include "actors/door.hpp"

#include "actors/call_actor.hpp"
#include "actors/call_ids.hpp"
#include "actors/directory.hpp"
#include "actors/pages.hpp"
#include "actors/user_book.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace carillon::actors {

namespace {

/// Users that may wait for the store; one takes some 400 bytes.
constexpr std::size_t most_unknown = 100'000;

user_ptr share(user_record user) { return std::make_shared<const user_record>(std::move(user)); }

} // namespace

void door::read_store(read_job job) {
  auto run = std::move(job.run);
  job.run = [this, run = std::move(run)](record_store& store) {
    catch_up(store);
    run(store);
  };
  caf::anon_send(house_->persistence, read{std::make_shared<const read_job>(std::move(job))});
}

// -- users -------------------------------------------------------------------

void door::seen(identity who, reply_to reply) {
  if (auto known = house_->users.find(who.user)) {
    reply(reply_value{keep(known, who)});
    return;
  }
  read_store({[this, who, reply](record_store& store) {
                auto found = store.load_user(who.user);
                if (!found)
                  serve_unknown(who, reply);
                else
                  reply(reply_value{keep(*found ? share(std::move(**found)) : nullptr, who)});
              },
              [this, who, reply](const failure&) { serve_unknown(who, reply); }});
}

// The user's record after this token; in the book, and on its way to the store if it says something
// new.
user_ptr door::keep(const user_ptr& known, const identity& who) {
  auto changed = merge_claims(known.get(), who.user, who.claims, house_->time.now());
  house_->users.keep(changed ? changed : known);
  if (!changed)
    return known;
  caf::anon_send(house_->persistence, put{changed, {}, 0, {}});
  return changed;
}

// The store is away: the token's word has to do until it is back. Nothing is written of it before
// the row can be read, because that may hold more than the token says.
void door::serve_unknown(identity who, const reply_to& reply) {
  auto user = claims_only(who, house_->time.now());
  {
    std::lock_guard guard{mutex_};
    if (unknown_.size() < most_unknown || unknown_.contains(who.user))
      unknown_.insert_or_assign(who.user, std::move(who));
  }
  reply(reply_value{std::move(user)});
}

void door::store_is_back() {
  read_store({[](record_store&) {}, [](const failure&) {}});
}

// On a reader's thread, before its job: who waits for the store is known to that job.
void door::catch_up(record_store& store) {
  std::unordered_map<user_id, identity> waiting;
  {
    std::lock_guard guard{mutex_};
    waiting.swap(unknown_);
  }
  for (auto& [id, who] : waiting) {
    auto found = store.load_user(id);
    if (!found) { // still away
      std::lock_guard guard{mutex_};
      unknown_.merge(waiting);
      return;
    }
    keep(*found ? share(std::move(**found)) : nullptr, who);
  }
}

void door::attach(user_ptr user, device_id fresh, client_link_ptr link,
                  std::optional<resume_request> resume, reply_to reply) {
  auto session = house_->lines.attach(user->id, fresh, link.get());
  if (!session) {
    reply(session.error());
    return;
  }
  caf::anon_send(*session, attach_device{std::move(fresh), std::move(link), std::move(resume),
                                         std::move(reply)});
}

void door::detach(const user_id& user, const device_id&, const client_link* link, bool may_resume) {
  if (auto session = house_->lines.detach(user, link))
    caf::anon_send(session, detach_device{link, may_resume});
}

// -- initiate ----------------------------------------------------------------

void door::initiate(const command::initiate& cmd, const reply_to& reply) {
  auto caller = house_->users.find(cmd.from.user);
  auto receiver = house_->users.find(cmd.receiver);
  if (caller && receiver) {
    place(cmd, caller, receiver, reply);
    return;
  }
  read_store({[this, cmd, reply](record_store& store) {
                auto known = resolve_users(store, house_->users, {cmd.from.user, cmd.receiver});
                if (!known) {
                  reply(known.error());
                  return;
                }
                auto caller_record = known->find(cmd.from.user);
                auto receiver_record = known->find(cmd.receiver);
                if (receiver_record == known->end())
                  reply(error_code::receiver_not_found);
                else if (caller_record == known->end())
                  reply(error_code::not_authenticated);
                else
                  place(cmd, caller_record->second, receiver_record->second, reply);
              },
              [reply](const failure& why) { reply(why); }});
}

void door::place(const command::initiate& cmd, const user_ptr& caller, const user_ptr& receiver,
                 const reply_to& reply) {
  auto fresh = make_call_id(house_->time.now());
  auto spawn = [&](const verdict& found, const participants& who) {
    auto verdict = found.kind == verdict_kind::ring            ? placement::ring
                   : found.kind == verdict_kind::receiver_busy ? placement::receiver_busy
                                                               : placement::receiver_offline;
    auto begin = std::make_shared<call_start>(call_start{
        call{house_->calls}, caller, receiver, who.caller_session, who.receiver_session,
        command::place{cmd.from, fresh, who.caller, who.receiver, cmd.type, verdict}, reply});
    return system_.spawn(call_behavior, house_, std::move(begin));
  };
  auto found = house_->lines.engage(caller, receiver, fresh, spawn);
  if (found.kind == verdict_kind::caller_busy) {
    reply(error_code::caller_busy);
  } else if (found.kind == verdict_kind::duplicate || found.kind == verdict_kind::glare) {
    command::again again{cmd.from, cmd.receiver, cmd.type};
    if (!house_->lines.send(found.existing, {std::move(again), reply}))
      place(cmd, caller, receiver, reply); // it ended this moment
  }
}

void door::restore(const call_record& record, const user_ptr& caller, const user_ptr& receiver) {
  house_->lines.restore(record, caller, receiver, [&](const verdict&, const participants& who) {
    auto machine = call::restore(house_->calls, record, who.caller, who.receiver,
                                 house_->time.wall(system_.clock().now()));
    auto begin = std::make_shared<call_start>(call_start{
        std::move(machine), caller, receiver, who.caller_session, who.receiver_session, {}, {}});
    return system_.spawn(call_behavior, house_, std::move(begin));
  });
}

// -- other commands ----------------------------------------------------------

void door::submit(client_command cmd, reply_to reply) {
  std::visit(
      [&](auto& what) {
        if constexpr (std::is_same_v<std::decay_t<decltype(what)>, command::initiate>)
          initiate(what, reply);
        else
          to_call(std::move(what), reply);
      },
      cmd);
}

template <class Command>
void door::to_call(Command cmd, const reply_to& reply) {
  auto id = cmd.call;
  call_message message{std::move(cmd), reply};
  if (house_->lines.send(id, message))
    return;
  if (auto record = house_->lines.ended(id)) {
    answer_closed(*record, std::move(message.cmd), reply);
    return;
  }
  read_store({[this, id, cmd = std::move(message.cmd), reply](record_store& store) {
                auto found = store.load_call(id);
                if (!found)
                  reply(found.error());
                else if (!*found || (*found)->state() != call_state::ended)
                  reply(failure{error_code::call_not_found, id});
                else
                  answer_closed(**found, cmd, reply);
              },
              [reply](const failure& why) { reply(why); }});
}

// A call that is over answers through the same machine as a live one.
void door::answer_closed(const call_record& record, call_command cmd, const reply_to& reply) {
  auto out = call::closed(house_->calls, record).apply(std::move(cmd), house_->time.now());
  for (auto& event : out.events)
    if (auto session = house_->lines.session_of(event.to.user)) {
      deliver news;
      news.summary.call = record.id;
      news.events.push_back(std::move(event));
      caf::anon_send(session, std::move(news));
    }
  if (!reply.who || !out.reply)
    return;
  if (!*out.reply) {
    reply(out.reply->error());
    return;
  }
  auto caller = house_->users.find(record.caller);
  auto receiver = house_->users.find(record.receiver);
  if (caller && receiver) {
    reply(reply_value{view_of(record, caller, receiver, house_->lines)});
    return;
  }
  read_store({[this, record, reply](record_store& store) {
                auto known = resolve_users(store, house_->users, {record.caller, record.receiver});
                if (known)
                  reply(reply_value{view_of(record, *known, house_->lines)});
                else
                  reply(known.error());
              },
              [reply](const failure& why) { reply(why); }});
}

// -- queries -----------------------------------------------------------------

void door::submit(query::history what, reply_to reply) {
  read_store({[this, what, reply](record_store& store) {
                auto page = load_page(store, house_->users, house_->lines, what);
                if (page)
                  reply(reply_value{std::move(*page)});
                else
                  reply(page.error());
              },
              [reply](const failure& why) { reply(why); }});
}

void door::submit(query::hide what, reply_to reply) {
  caf::anon_send(house_->persistence,
                 put{hide_op{std::move(what.user), std::move(what.call)}, {}, 0, std::move(reply)});
}

} // namespace carillon::actors
