#include "tests/protocol/call_simulation.hpp"

#include "tests/protocol/call_words.hpp"

#include <algorithm>

namespace carillon::test {

namespace {

call_settings random_settings(dice& dice) {
  call_settings settings;
  settings.ring_timeout = seconds{1 + dice.pick(60)};
  settings.reconnect_grace = seconds{1 + dice.pick(40)};
  settings.ring_grace = seconds{dice.pick(30)};
  settings.call_timeout = std::chrono::minutes{dice.chance(50) ? 1 + dice.pick(3) : 0};
  settings.early_relays = dice.chance(50) ? 30 : 3;
  return settings;
}

std::string name_of(const call_command& cmd) {
  static constexpr const char* names[] = {"place", "again", "accept",  "reject",
                                          "end",   "relay", "presence"};
  return names[cmd.index()];
}

std::string sender_of(const call_command& cmd) {
  return std::visit(
      [](const auto& what) {
        if constexpr (requires { what.from; })
          return what.from.device.empty() ? what.from.user.str() : what.from.device.str();
        else
          return what.user.str() + " with " + std::to_string(what.devices.size()) + " devices";
      },
      cmd);
}

} // namespace

call_simulation::call_simulation(std::uint64_t seed, std::uint64_t number, tally& count,
                                 std::vector<std::string>* log)
  : dice_(seed, number)
  , tally_(count)
  , log_(log)
  , settings_(random_settings(dice_))
  , machine_(settings_)
  , laws_(settings_)
  , witness_(id_, user_of("a"), user_of("b"))
  , users_{simulated_user{user_of("a")}, simulated_user{user_of("b")}}
  , clients_(id_, dice_) {}

void call_simulation::run() {
  for (auto devices = 1 + dice_.pick(4); devices > 0; --devices)
    attach();
  place();
  // A call that is over is watched for a while only.
  auto after_the_end = 20 + dice_.pick(20);
  for (auto steps = 80 + dice_.pick(240); steps > 0 && exists_ && after_the_end > 0; --steps) {
    step();
    if (ended())
      --after_the_end;
  }
  if (!exists_)
    return;
  settle();
  abandon();
}

void call_simulation::place() {
  auto& [caller, receiver] = users_;
  origin by{caller.id(), {}};
  if (!caller.devices().empty() && !dice_.chance(20))
    by.device = caller.devices()[dice_.pick(caller.devices().size())];
  auto verdict = placement::ring;
  if (dice_.chance(5))
    verdict = placement::receiver_busy;
  else if (receiver.devices().empty() && dice_.chance(50))
    verdict = placement::receiver_offline;
  if (dice_.chance(5))
    detach(caller); // after the initiate was judged, before there is a call
  placed_by_ = by.device;
  exists_ = true;
  apply(command::place{by, id_, view_of(caller.id()), view_of(receiver.id()), media_type::video,
                       verdict});
}

void call_simulation::step() {
  auto roll = dice_.pick(1000);
  if (roll < 290)
    clients_.send(users_);
  else if (roll < 590)
    receive_command();
  else if (roll < 740)
    handle_mail(anybody());
  else if (roll < 830)
    hear_report(anybody());
  else if (roll < 890)
    commit();
  else if (roll < 925)
    attach();
  else if (roll < 950)
    detach(anybody());
  else if (roll < 995)
    pass_time();
  else if (roll < 998)
    settle();
  else
    crash();
}

// -- devices -----------------------------------------------------------------

void call_simulation::attach() {
  auto& who = anybody();
  if (who.devices().size() >= 3)
    return;
  device_id device{who.id().str().substr(0, 1) + std::to_string(++devices_made_)};
  event::call_states states{who.attach(device)};
  note(device.str(), " connects and hears ", word(call_event{states}));
  witness_.attached(who.id(), device, states);
}

void call_simulation::detach(simulated_user& who) {
  if (who.devices().empty())
    return;
  auto device = who.devices()[dice_.pick(who.devices().size())];
  note(device.str(), " drops");
  who.detach(device);
  witness_.detached(device);
}

void call_simulation::hear_report(simulated_user& who) {
  if (who.may_skip_report() && dice_.chance(30)) {
    who.drop_report();
    count("report overtaken");
  }
  const auto* next = who.next_report();
  if (!next)
    return;
  auto devices = *next;
  if (!dice_.chance(5))
    who.drop_report(); // else it comes once more
  who.report_heard();
  apply(command::presence{who.id(), std::move(devices)});
}

void call_simulation::handle_mail(simulated_user& who) {
  who.handle_mail(id_, [this](const device_id& device, const call_event& what) {
    auto text = word(what);
    note("  ", device.str(), " hears ", text);
    witness_.hears(device, what);
    count(text.ends_with("glare") ? "glare" : text.substr(0, text.find(' ')));
  });
}

// -- the machine -------------------------------------------------------------

void call_simulation::receive_command() {
  if (auto cmd = clients_.receive())
    apply(std::move(*cmd));
  else
    count("lost");
}

void call_simulation::apply(call_command cmd) {
  auto before = machine_;
  auto out = machine_.apply(cmd, now_);
  note(name_of(cmd), " by ", sender_of(cmd), ": ", word(out.reply), ", now ",
       word(machine_.state()));
  if (out.reply) {
    ++tally_.commands;
    count(name_of(cmd) + " " + word(out.reply));
  }
  laws_.judge(before, cmd, out, machine_, now_);
  carry_out(out);
}

void call_simulation::expire() {
  auto before = machine_;
  auto out = machine_.expire(now_);
  if (out.ended)
    note("expired: ", word(machine_.record()));
  laws_.judge_expiry(before, out, machine_, now_);
  carry_out(out);
}

void call_simulation::carry_out(const outcome& out) {
  if (out.record)
    writes_.push_back(*out.record);
  if (out.ended)
    count("ended " + word(machine_.record().reason));
  expect_relays(out);
  for (auto& who : users_)
    who.tell(machine_, out.events, writes_.empty());
}

void call_simulation::expect_relays(const outcome& out) {
  for (const auto& [to, what, durable] : out.events)
    if (const auto* relay = std::get_if<event::relayed>(&what))
      for (const auto& who : users_)
        if (to.user == who.id() && to.to == address::scope::one && who.has(to.device))
          witness_.expects(std::stoull(relay->payload), to.device);
}

// -- the store ---------------------------------------------------------------

void call_simulation::commit() {
  if (writes_.empty())
    return;
  stored_ = std::move(writes_.front());
  writes_.pop_front();
  note("version ", std::to_string(stored_->version), " is committed");
  for (auto& who : users_)
    who.tell(machine_, {}, writes_.empty());
  if (stored_->ended_at && dice_.chance(30))
    machine_ = call::closed(settings_, *stored_); // as found again in the store
}

void call_simulation::crash() {
  for (auto survivors = dice_.pick(writes_.size() + 1); survivors > 0; --survivors)
    commit();
  writes_.clear();
  clients_.lose_all();
  witness_.restarted();
  placed_by_ = {};
  now_ += milliseconds{dice_.pick(30'000)};
  exists_ = stored_ && !stored_->ended_at;
  note("crash and restart: the call ", exists_ ? "lives" : "does not live any more");
  count(exists_ ? "restored " + word(stored_->state()) : "not restored");
  if (!exists_)
    return;
  machine_ =
      call::restore(settings_, *stored_, view_of(users_[0].id()), view_of(users_[1].id()), now_);
  promise(machine_.record() == *stored_, "a restored call is as it was written");
  laws_.restarted(machine_);
  for (auto& who : users_)
    who.restart(machine_);
  expire();
}

// -- time --------------------------------------------------------------------

void call_simulation::pass_time() {
  auto due = machine_.next_deadline();
  auto roll = dice_.pick(100);
  auto span = milliseconds{dice_.pick(roll < 90 ? 1'500 : 60'000)};
  if (due && *due > now_) {
    auto probe = machine_;
    auto out = probe.expire(*due - milliseconds{1});
    promise(out.events.empty() && !out.record && probe.next_deadline() == due,
            "nothing expires before its time");
    if (roll < 6)
      span = *due - now_;
  }
  now_ += span;
  note(std::to_string(span.count()), " ms pass");
  if (dice_.chance(80))
    expire();
  else if (due && *due <= now_)
    count("timer late");
}

// -- rest --------------------------------------------------------------------

bool call_simulation::busy() const {
  return !writes_.empty() || users_[0].busy() || users_[1].busy();
}

/// Lets everything that is on its way arrive.
void call_simulation::drain() {
  while (busy()) {
    commit();
    for (auto& who : users_) {
      handle_mail(who);
      hear_report(who);
    }
  }
}

void call_simulation::settle() {
  note("everything arrives");
  clients_.lose_all();
  drain();
  expire();
  drain();
  const auto& record = machine_.record();
  promise(stored_ && *stored_ == record, "what stands is stored");
  auto still_bound = !ended() && machine_.summary_for(record.caller).device == placed_by_;
  witness_.settled(machine_.state(), record.started_at.has_value(),
                   still_bound ? placed_by_ : device_id{});
  for (auto& who : users_) {
    promise(who.holds_call() == !ended(), "sessions hold the calls that live");
    if (machine_.state() != call_state::active)
      continue;
    auto bound = machine_.summary_for(who.id()).device;
    auto live = bound.empty() ? !who.devices().empty() : who.has(bound);
    promise(live || machine_.next_deadline(), "no active call without a live leg or a grace");
  }
  count("settled " + word(machine_.state()));
}

void call_simulation::abandon() {
  note("everybody leaves");
  for (auto& who : users_)
    while (!who.devices().empty())
      detach(who);
  drain();
  if (auto due = machine_.next_deadline(); due && !ended()) {
    now_ = std::max(now_, *due);
    expire();
  }
  promise(ended(), "a call that everybody left ends with its next deadline");
  drain();
  promise(stored_->ended_at.has_value(), "and its final record is stored");
  for (auto& who : users_)
    promise(who.idle(), "a session with no device and no call holds nothing");
}

} // namespace carillon::test
