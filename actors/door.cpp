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

void door::read_store(read_job job) {
  auto run = std::move(job.run);
  job.run = [this, run = std::move(run)](record_store& store) {
    catch_up(store);
    run(store);
  };
  caf::anon_send(house_->persistence, read{std::make_shared<const read_job>(std::move(job))});
}

// For what only reads: answers with what the store says, or that it is away.
void door::read_store(std::function<result<reply_value>(record_store&)> what,
                      const reply_to& reply) {
  read_store({[what = std::move(what), reply](record_store& store) { reply(what(store)); },
              [reply](const failure& why) { reply(why); }});
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
  auto spawn = [&](const verdict& found, const gathered& who) {
    auto verdict = found.kind == verdict_kind::ring            ? placement::ring
                   : found.kind == verdict_kind::receiver_busy ? placement::receiver_busy
                                                               : placement::receiver_offline;
    command::place first{cmd.from, fresh, who.users[0], who.users[1], cmd.type, verdict};
    return spawn_call({call{house_->calls}, who, std::move(first), reply});
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

time_point door::now() const { return house_->time.wall(system_.clock().now()); }

call_actor door::spawn_call(call_start begin) {
  return system_.spawn(call_behavior, house_, std::make_shared<call_start>(std::move(begin)));
}

void door::restore(const call_record& record, const std::vector<user_ptr>& users,
                   std::shared_ptr<const void> introduces) {
  house_->lines.restore(record, users, [&](const verdict&, const gathered& who) {
    auto now = house_->time.wall(system_.clock().now());
    return spawn_call(
        {call::restore(house_->calls, record, who.users, now), who, {}, {}, introduces});
  });
}

// -- other commands ----------------------------------------------------------

void door::submit(client_command cmd, reply_to reply) {
  std::visit(
      [&](auto& what) {
        using asked = std::decay_t<decltype(what)>;
        if constexpr (std::is_same_v<asked, command::initiate>)
          initiate(what, reply);
        else if constexpr (std::is_same_v<asked, command::gather>)
          gather(what, reply);
        else if constexpr (std::is_same_v<asked, command::create>)
          create(std::move(what), reply);
        else if constexpr (std::is_same_v<asked, command::enter_call>)
          enter(std::move(what), reply);
        else if constexpr (requires { submit_chat(std::move(what), reply); })
          submit_chat(std::move(what), reply);
        else if constexpr (std::is_same_v<asked, command::report_quality>)
          what.from.family == call_kind::stream ? report(std::move(what), reply)
                                                : to_call(std::move(what), reply);
        else
          to_call(std::move(what), reply);
      },
      cmd);
}

template <class Command>
void door::to_call(Command cmd, const reply_to& reply) {
  auto id = cmd.call;
  auto family = cmd.from.family;
  call_message message{std::move(cmd), reply};
  if (family == call_kind::video) {
    wake(id, std::move(message));
    return;
  }
  if (house_->lines.send(id, message))
    return;
  if (family == call_kind::session) { // one that is over is like one that never was
    reply(failure{error_code::call_not_found, id});
    return;
  }
  if (auto record = house_->lines.ended(id)) {
    answer_closed(*record, std::move(message.cmd), reply);
    return;
  }
  read_store({[this, id, cmd = std::move(message.cmd), reply](record_store& store) {
                auto found = store.load_call(call_kind::direct, id);
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
  if (record.kind() == call_kind::video) {
    reply(reply_value{call_view{record, {}}});
    return;
  }
  auto caller = house_->users.find(record.caller);
  auto receiver = house_->users.find(record.direct().receiver);
  if (caller && receiver) {
    reply(reply_value{view_of(record, std::vector{caller, receiver}, house_->lines)});
    return;
  }
  read_store(
      [this, record](record_store& store) -> result<reply_value> {
        auto known = resolve_users(store, house_->users, record.users());
        if (!known)
          return known.error();
        return reply_value{view_of(record, *known, house_->lines)};
      },
      reply);
}

// -- queries -----------------------------------------------------------------

void door::ask(client_query what, reply_to reply) {
  std::visit([&](auto& query) { answer(std::move(query), reply); }, what);
}

template <class Query>
void door::answer(Query what, const reply_to& reply) {
  read_store(
      [this, what = std::move(what)](record_store& store) { return load(what, store, *house_); },
      reply);
}

void door::answer(query::hide what, const reply_to& reply) {
  caf::anon_send(house_->persistence,
                 put{hide_op{std::move(what.user), std::move(what.call)}, {}, 0, reply});
}

} // namespace carillon::actors
