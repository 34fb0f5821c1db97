#include "actors/call_actor.hpp"

#include "actors/guard.hpp"
#include "actors/mirror_feed.hpp"
#include "actors/pages.hpp"
#include "protocol/dialects/families.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>

namespace carillon::actors {

// Only a failure leaves a call that holds lines behind; the users must not stay busy for ever.
call_shell::~call_shell() {
  story_.leave();
  for (auto& one : sides_)
    if (one.permit)
      one.permit->revoke();
  if (resting_)
    house_->waker.rested(machine_->record().id, std::move(late_));
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
  machine_ = std::move(begin.machine);
  for (std::size_t i = 0; i < begin.who.users.size(); ++i) {
    side& made = sides_.emplace_back();
    made.user = begin.who.users[i].user;
    made.session = std::move(begin.who.sessions[i]);
  }
  auto how = begin.first        ? chronicle::beginning::fresh
             : begin.introduces ? chronicle::beginning::restored
                                : chronicle::beginning::woken;
  story_.begin(*house, machine_->record(), now(), how);
  if (!begin.first) {
    committed_ = stored_ = machine_->record().version;
    engaged_ = true;
    known_active_ = machine_->state() == call_state::active;
    introduces_ = std::move(begin.introduces);
    auto out = machine_->expire(now());
    // A restart makes a session's list newer; who reads it from the store sees that, too.
    if (!out.record && machine_->record().kind() == call_kind::session)
      out.record = machine_->record();
    carry_out(std::move(out));
    introduces_ = nullptr;
    return;
  }
  const auto* place = std::get_if<command::place>(&*begin.first);
  engaged_ = !place || place->verdict == placement::ring;
  counters::add(house_->counts.calls_started);
  step(std::move(*begin.first), begin.reply);
}

time_point call_shell::now() const { return house_->time.wall(self_->clock().now()); }

// -- messages ----------------------------------------------------------------

void call_shell::on(call_message& message) {
  if (resting_) {
    // Of devices the call's next actor hears anew.
    if (!std::holds_alternative<command::presence>(message.cmd))
      late_.push_back(std::move(message));
    return;
  }
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
  auto begins = machine_->record().version == 0;
  auto out = machine_->apply(std::move(cmd), now());
  auto what = std::exchange(out.reply, std::nullopt);
  auto has_record = out.record.has_value();
  auto sample = std::exchange(out.sample, std::nullopt);
  carry_out(std::move(out));
  if (begins && is_video())
    tell_channel(); // its clients chose the id, so there may be one already
  if (sample) { // confirmed when it is stored
    self_->send(house_->persistence, put{std::move(*sample), {}, 0, reply});
    return;
  }
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
  if (rest_at_ && *rest_at_ <= now())
    rest();
  else if (!resting_)
    carry_out(machine_->expire(now()));
}

void call_shell::on(const committed& what) {
  committed_ = std::max(committed_, what.version);
  if (!what.spooled)
    stored_ = std::max(stored_, what.version);
  if (what.refused) { // no confirmation may say otherwise
    for (auto& waiting : waiting_)
      waiting.what = error_code::internal;
    for (auto& user : sides_)
      std::erase_if(user.held, [](const held_event& e) { return e.what.durable; });
  }
  if (all_committed() || is_video())
    tell_sides();
  for (auto& waiting : waiting_)
    if (waiting.version <= committed_)
      waiting.to(std::move(waiting.what));
  std::erase_if(waiting_, [this](const waiting_reply& w) { return w.version <= committed_; });
  close_if_done();
  if (is_video())
    set_alarm();
}

// -- carrying out ------------------------------------------------------------

bool call_shell::all_committed() const { return committed_ >= machine_->record().version; }

void call_shell::carry_out(outcome out) {
  if (out.record)
    write(std::move(*out.record));
  auto ended = out.ended;
  story_.follow(machine_->record(), out.events, now());
  if (ended && !tell_channel())
    put_all(*house_, mirror_end(*house_, machine_->record()));
  admit(out.newcomers);
  tell_directory(ended);
  refresh_permits();
  distribute(std::move(out.events));
  set_alarm();
  if (ended)
    story_.end(machine_->record());
  close_if_done();
}

// Before the events of a step: who hears of it finds the lines as the step left them.
void call_shell::tell_directory(bool ended) {
  const auto& record = machine_->record();
  if (!known_active_ && machine_->state() == call_state::active) {
    known_active_ = true;
    if (record.kind() == call_kind::direct)
      house_->lines.mark_active(record);
  }
  if (ended) {
    if (std::exchange(engaged_, false))
      house_->lines.release(record);
    counters::add(house_->counts.calls_ended);
  } else if (engaged_ && record.kind() == call_kind::session) {
    for (auto& one : sides_)
      if (auto is = machine_->occupies(one.user->id); is != one.occupied) {
        one.occupied = is;
        house_->lines.occupy(one.user->id, record.id, is);
      }
  }
}

// Before the events of a step: whatever ends a permit is told to nobody before the permit has
// ended.
void call_shell::refresh_permits() {
  const auto& record = machine_->record();
  auto routes = machine_->routes();
  for (auto& from : sides_) {
    auto wanted = std::find_if(routes.begin(), routes.end(), [&](const relay_route& way) {
      return way.sender.user == from.user->id;
    });
    if (from.permit && wanted != routes.end() && *wanted == from.route)
      continue;
    if (from.permit) {
      from.permit->revoke();
      story_.add(from.user->id, *from.permit);
    }
    from.permit = nullptr;
    from.grant = nullptr;
    if (wanted == routes.end())
      continue;
    from.route = std::move(*wanted);
    std::vector<relay_permit::target> targets;
    for (const auto& to : from.route.targets)
      if (auto* one = side_of(to.user))
        targets.push_back({to, one->session.out});
    from.permit = std::make_shared<relay_permit>(
        record.id, from.route.sender.device,
        families::words_of_relays(record.kind(), record.id, from.route.sender), std::move(targets));
    from.grant = from.permit;
    for (const auto& to : from.route.targets)
      if (auto* one = side_of(to.user))
        one->opening.push_back(from.permit);
  }
}

call_shell::side* call_shell::side_of(const user_id& user) noexcept {
  auto i = std::find_if(sides_.begin(), sides_.end(),
                        [&](const side& one) { return one.user->id == user; });
  return i == sides_.end() ? nullptr : &*i;
}

// An event that waits for a commit holds back what follows it on the way to the same user: the
// order of events on a device is the order in which the machine gave them.
void call_shell::distribute(std::vector<addressed_event> events) {
  for (auto& event : events) {
    auto* to = side_of(event.to.user);
    if (!to)
      continue; // the machine addresses nobody else
    if (event.durable && !all_committed())
      to->held.push_back({std::move(event), machine_->record().version});
    else if (!to->held.empty())
      to->held.push_back({std::move(event), to->held.back().after});
    else
      to->now.push_back(std::move(event));
  }
  tell_sides();
}

void call_shell::tell_sides() {
  for (auto& to : sides_) {
    auto events = std::exchange(to.now, {});
    release_held(to, events);
    if (to.session.actor && !(to.gone && events.empty()))
      tell(to, std::move(events));
  }
}

// In a video call people may come and go faster than versions are committed: it does not wait for a
// moment at which all are. The others save a message by it.
void call_shell::release_held(side& to, std::vector<addressed_event>& events) const {
  auto end = to.held.begin();
  if (all_committed())
    end = to.held.end();
  else if (is_video())
    end = std::find_if(end, to.held.end(),
                       [this](const held_event& e) { return e.after > committed_; });
  std::for_each(to.held.begin(), end, [&](held_event& e) { events.push_back(std::move(e.what)); });
  to.held.erase(to.held.begin(), end);
}

void call_shell::tell(side& to, std::vector<addressed_event> events) {
  auto summary = machine_->summary_for(to.user->id);
  if (to.gone) { // the session forgot the call; these are answers to late commands
    self_->send(to.session.actor, deliver{{}, std::move(summary), std::move(events), false, {}});
    return;
  }
  // The first that a session hears of a video call is the event that tells its devices: those that
  // it then reports are the ones that were told.
  if (is_video() && !introduces_ && !to.told && events.empty() && !to.held.empty())
    return;
  to.gone = resting_ || (machine_->state() == call_state::ended && to.held.empty());
  // A permit to send here waits for what is held back, as everything does.
  auto opens = to.held.empty() ? std::exchange(to.opening, {}) : std::vector<relay_permit_ptr>{};
  if (events.empty() && !to.gone && opens.empty() && !to.grant && to.told == summary)
    return;
  if (to.told != summary)
    story_.follow(to.user->id, to.told.value_or(call_summary{}), summary, now());
  to.told = summary;
  self_->send(to.session.actor,
              deliver{call_actor{self_}, std::move(summary), std::move(events), to.gone,
                      std::move(opens), std::exchange(to.grant, nullptr), introduces_});
}

result<reply_value> call_shell::decorate(const result<call_record>& what) const {
  if (!what)
    return what.error();
  if (is_video())
    return reply_value{call_view{*what, {}}};
  return reply_value{view_of(*what, users(), house_->lines)};
}

std::vector<user_ptr> call_shell::users() const {
  std::vector<user_ptr> all;
  for (const auto& one : sides_)
    all.push_back(one.user);
  return all;
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
      [self](const close_down& what) { self->state.on(what); },
      [self](const tell_timeline& what) { self->state.on(what); },
  };
}

} // namespace carillon::actors
