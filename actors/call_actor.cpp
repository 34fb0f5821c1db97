#include "actors/call_actor.hpp"

#include "actors/guard.hpp"
#include "config/log.hpp"
#include "protocol/dialects/direct.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>

namespace carillon::actors {

// Only a failure leaves a call that holds lines behind; the users must not stay busy for ever.
call_shell::~call_shell() {
  for (auto& one : sides_)
    if (one.permit)
      one.permit->revoke();
  if (!machine_ || closing_)
    return;
  if (engaged_)
    house_->lines.release(machine_->record());
  house_->lines.forget(machine_->record());
}

// -- start -------------------------------------------------------------------

void call_shell::start(call_actor::pointer self, const context* house, call_start begin) {
  self_ = self;
  house_ = house;
  sides_[0].session = std::move(begin.caller_session);
  sides_[1].session = std::move(begin.receiver_session);
  machine_ = std::move(begin.machine);
  caller_ = std::move(begin.caller);
  receiver_ = std::move(begin.receiver);
  sides_[0].user = caller_->id;
  sides_[1].user = receiver_->id;
  auto& place = begin.place;
  if (!place) {
    committed_ = machine_->record().version;
    engaged_ = true;
    known_active_ = machine_->state() == call_state::active;
    carry_out(machine_->expire(now()));
    return;
  }
  engaged_ = place->verdict == placement::ring;
  counters::add(house_->counts.calls_started);
  log::info("call_placed", {{"call", place->call.str()},
                            {"caller", caller_->id.str()},
                            {"receiver", receiver_->id.str()},
                            {"type", to_string(place->type)}});
  step(std::move(*place), begin.reply);
}

time_point call_shell::now() const { return house_->time.wall(self_->clock().now()); }

// -- messages ----------------------------------------------------------------

void call_shell::on(call_message& message) {
  if (auto* again = std::get_if<command::again>(&message.cmd);
      again && machine_->state() == call_state::ended) {
    // It ended between the directory's verdict and here; both lines are free now.
    house_->door.submit(command::initiate{again->from, again->receiver, again->type},
                        message.reply);
    return;
  }
  step(std::move(message.cmd), message.reply);
}

void call_shell::step(call_command cmd, const reply_to& reply) {
  // A command that overtook the timer finds the call as it is at this moment.
  if (auto due = machine_->next_deadline(); due && *due <= now())
    carry_out(machine_->expire(now()));
  auto relays = std::holds_alternative<command::relay>(cmd);
  auto out = machine_->apply(std::move(cmd), now());
  auto what = std::exchange(out.reply, std::nullopt);
  auto has_record = out.record.has_value();
  carry_out(std::move(out));
  if (relays && what && what->ok())
    counters::add(house_->counts.relays);
  if (!what || !reply.who)
    return;
  if (!relays)
    answer(*what, has_record, reply);
  else if (what->ok())
    reply(reply_value{});
  else
    reply(what->error());
}

void call_shell::on_wake() {
  alarm_.fired();
  carry_out(machine_->expire(now()));
}

void call_shell::on(const committed& what) {
  committed_ = std::max(committed_, what.version);
  if (what.refused) { // no confirmation may say otherwise
    for (auto& waiting : waiting_)
      waiting.what = error_code::internal;
    for (auto& user : sides_)
      std::erase_if(user.held, [](const addressed_event& e) { return e.durable; });
  }
  if (all_committed())
    tell_sides({});
  for (auto& waiting : waiting_)
    if (waiting.version <= committed_)
      waiting.to(std::move(waiting.what));
  std::erase_if(waiting_, [this](const waiting_reply& w) { return w.version <= committed_; });
  close_if_done();
}

// -- carrying out ------------------------------------------------------------

bool call_shell::all_committed() const { return committed_ >= machine_->record().version; }

void call_shell::carry_out(outcome out) {
  if (out.record)
    self_->send(house_->persistence, put{*out.record, call_actor{self_}, out.record->version, {}});
  if (!known_active_ && machine_->state() == call_state::active) {
    known_active_ = true;
    const auto& record = machine_->record();
    house_->lines.mark_active(record);
    log::info("call_accepted", {{"call", record.id.str()},
                                {"caller", record.caller.str()},
                                {"receiver", record.receiver.str()}});
  }
  if (out.ended) {
    if (std::exchange(engaged_, false))
      house_->lines.release(machine_->record());
    counters::add(house_->counts.calls_ended);
    const auto& record = machine_->record();
    log::info("call_ended", {{"call", record.id.str()},
                             {"caller", record.caller.str()},
                             {"receiver", record.receiver.str()},
                             {"by", record.ended_by.str()},
                             {"status", to_string(record.status)},
                             {"reason", to_string(record.reason)},
                             {"duration", record.duration_s}});
  }
  refresh_permits();
  distribute(std::move(out.events));
  alarm_.set(*house_, call_actor{self_}, machine_->next_deadline(), now());
  close_if_done();
}

// Before the events of a step: whatever ends a permit is told to nobody before the permit has
// ended.
void call_shell::refresh_permits() {
  auto routes = machine_->routes();
  for (auto& from : sides_) {
    auto wanted = std::find_if(routes.begin(), routes.end(), [&](const relay_route& way) {
      return way.sender.user == from.user;
    });
    if (from.permit && wanted != routes.end() && *wanted == from.route)
      continue;
    if (from.permit)
      from.permit->revoke();
    from.permit = nullptr;
    if (wanted == routes.end())
      continue;
    from.route = std::move(*wanted);
    std::vector<relay_permit::target> targets;
    for (const auto& to : from.route.targets)
      for (auto& one : sides_)
        if (one.user == to.user)
          targets.push_back({to, one.session.out});
    from.permit = std::make_shared<relay_permit>(
        machine_->record().id, from.route.sender.device,
        direct::words_of_relays(machine_->record().id, from.user), std::move(targets));
    from.grant = from.permit;
    for (const auto& to : from.route.targets)
      for (auto& one : sides_)
        if (one.user == to.user)
          one.opening.push_back(from.permit);
  }
}

// An event that waits for a commit holds back what follows it on the way to the same user: the
// order of events on a device is the order in which the machine gave them.
void call_shell::distribute(std::vector<addressed_event> events) {
  std::array<std::vector<addressed_event>, 2> now;
  for (auto& event : events) {
    auto index = event.to.user == sides_[0].user ? 0U : 1U;
    auto& held = sides_[index].held;
    if (!held.empty() || (event.durable && !all_committed()))
      held.push_back(std::move(event));
    else
      now[index].push_back(std::move(event));
  }
  tell_sides(std::move(now));
}

void call_shell::tell_sides(std::array<std::vector<addressed_event>, 2> now) {
  for (auto index : {0U, 1U}) {
    auto& to = sides_[index];
    auto& events = now[index];
    if (all_committed() && !to.held.empty()) {
      std::move(to.held.begin(), to.held.end(), std::back_inserter(events));
      to.held.clear();
    }
    if (!to.session.actor || (to.gone && events.empty()))
      continue;
    auto summary = machine_->summary_for(to.user);
    if (to.gone) { // the session forgot the call; these are answers to late commands
      self_->send(to.session.actor, deliver{{}, std::move(summary), std::move(events), false, {}});
      continue;
    }
    to.gone = machine_->state() == call_state::ended && to.held.empty();
    // A permit to send here waits for what is held back, as everything does.
    auto opens = to.held.empty() ? std::exchange(to.opening, {}) : std::vector<relay_permit_ptr>{};
    if (events.empty() && !to.gone && opens.empty() && !to.grant && to.told == summary)
      continue;
    to.told = summary;
    self_->send(to.session.actor,
                deliver{call_actor{self_}, std::move(summary), std::move(events), to.gone,
                        std::move(opens), std::exchange(to.grant, nullptr)});
  }
}

result<reply_value> call_shell::decorate(const result<call_record>& what) const {
  if (!what)
    return what.error();
  auto view = [this](const user_ptr& user) {
    return user_view{user, house_->lines.online(user->id)};
  };
  return reply_value{call_view{*what, view(caller_), view(receiver_)}};
}

// Whatever confirms a record waits until the store has it.
void call_shell::answer(const result<call_record>& what, bool has_record, const reply_to& reply) {
  if (all_committed() || !(has_record || what.ok()))
    reply(decorate(what));
  else
    waiting_.push_back({machine_->record().version, reply, decorate(what)});
}

void call_shell::close_if_done() {
  if (closing_ || machine_->state() != call_state::ended || !all_committed())
    return;
  closing_ = true;
  house_->lines.forget(machine_->record());
  // Behind whatever was put into the mailbox before the directory forgot this call.
  self_->send(self_, close_down{});
}

call_actor::behavior_type call_behavior(call_actor::stateful_pointer<call_shell> self,
                                        const context* house, std::shared_ptr<call_start> begin) {
  guard(self);
  self->state.start(self, house, std::move(*begin));
  return {
      [self](call_message& message) { self->state.on(message); },
      [self](const committed& what) { self->state.on(what); },
      [self](const wake&) { self->state.on_wake(); },
      [self](const close_down&) { self->quit(); },
  };
}

} // namespace carillon::actors
