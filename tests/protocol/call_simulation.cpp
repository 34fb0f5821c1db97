#include "tests/protocol/call_simulation.hpp"

#include "tests/protocol/call_words.hpp"

#include <algorithm>

namespace carillon::test {

namespace {

call_settings random_settings(std::mt19937_64& random) {
  call_settings settings;
  settings.ring_timeout = seconds{1 + random() % 60};
  settings.reconnect_grace = seconds{1 + random() % 40};
  settings.ring_grace = seconds{random() % 30};
  settings.call_timeout = std::chrono::minutes{random() % 2 * (1 + random() % 3)};
  settings.early_relays = random() % 2 == 0 ? 30 : 3;
  return settings;
}

std::mt19937_64 generator(std::uint64_t seed, std::uint64_t number) {
  std::seed_seq mix{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                    static_cast<std::uint32_t>(number)};
  return std::mt19937_64{mix};
}

std::string name_of(const device_id& device) {
  return device.empty() ? std::string{"REST"} : device.str();
}

} // namespace

call_simulation::call_simulation(std::uint64_t seed, std::uint64_t number, tally& count,
                                 std::vector<std::string>* log)
  : random_(generator(seed, number))
  , tally_(count)
  , log_(log)
  , settings_(random_settings(random_))
  , machine_(settings_)
  , laws_(settings_)
  , witness_(id_, user_of("a"), user_of("b")) {
  sides_[0].user = user_of("a");
  sides_[1].user = user_of("b");
  appetite_ = {5 + static_cast<unsigned>(pick(20)), static_cast<unsigned>(pick(4)),
               1 + static_cast<unsigned>(pick(6)), static_cast<unsigned>(pick(12)), 60};
}

void call_simulation::run() {
  for (auto devices = 1 + pick(4); devices > 0; --devices)
    attach();
  place();
  // A call that is over is watched for a while only.
  auto after_the_end = 20 + pick(20);
  for (auto steps = 80 + pick(240); steps > 0 && exists_ && after_the_end > 0; --steps) {
    step();
    if (machine_.state() == call_state::ended)
      --after_the_end;
  }
  if (!exists_)
    return;
  settle();
  abandon();
}

void call_simulation::place() {
  auto& caller = sides_[0];
  auto& receiver = sides_[1];
  origin by{caller.user, {}};
  if (!caller.session.devices().empty() && !chance(20))
    by.device = caller.session.devices()[pick(caller.session.devices().size())];
  auto verdict = placement::ring;
  if (chance(5))
    verdict = placement::receiver_busy;
  else if (receiver.session.devices().empty() && chance(50))
    verdict = placement::receiver_offline;
  if (chance(5) && !caller.session.devices().empty())
    detach(caller); // between the judging of the initiate and the call
  placed_by_ = by.device;
  exists_ = true;
  note("place by ", name_of(by.device), ", verdict ", std::to_string(static_cast<int>(verdict)));
  apply(command::place{by, id_, view_of(caller.user), view_of(receiver.user), media_type::video,
                       verdict});
}

void call_simulation::step() {
  auto roll = pick(1000);
  if (roll < 290)
    send_command();
  else if (roll < 590)
    receive_command();
  else if (roll < 740)
    handle_mail(any_side());
  else if (roll < 830)
    hear_report(any_side());
  else if (roll < 890)
    commit();
  else if (roll < 925)
    attach();
  else if (roll < 950)
    detach(any_side());
  else if (roll < 998)
    pass_time();
  else
    crash();
}

// -- clients -----------------------------------------------------------------

origin call_simulation::random_origin(side& who) {
  const auto& here = who.session.devices();
  if (here.empty() || chance(8))
    return {who.user, {}};
  return {who.user, here[chance(60) ? 0 : pick(here.size())]};
}

call_command call_simulation::random_command() {
  auto& who = any_side();
  auto by = random_origin(who);
  const auto& peer = &who == &sides_[0] ? sides_[1].user : sides_[0].user;
  if (chance(2)) {
    by = from("c1");
    count("stranger");
  }
  auto roll = pick(appetite_[0] + appetite_[1] + appetite_[2] + appetite_[3] + appetite_[4]);
  for (std::size_t kind = 0; kind < appetite_.size(); roll -= appetite_[kind++]) {
    if (roll >= appetite_[kind])
      continue;
    if (kind == 0)
      return command::accept{by, id_};
    if (kind == 1)
      return command::reject{by, id_};
    if (kind == 2)
      return command::end{by, id_};
    if (kind == 3 && by.user == who.user)
      return command::again{by, peer};
    break;
  }
  // The number of a relay, its payload, is given to it when it arrives.
  return command::relay{by, id_, chance(2) ? user_of("c") : peer,
                        static_cast<relay_kind>(pick(3)), {}};
}

void call_simulation::send_command() {
  wires_.push_back(random_command());
}

void call_simulation::receive_command() {
  if (wires_.empty())
    return;
  auto which = wires_.begin() + static_cast<std::ptrdiff_t>(pick(wires_.size()));
  auto cmd = *which;
  if (!chance(8))
    wires_.erase(which); // else it comes again
  else
    count("doubled");
  if (chance(5)) {
    count("lost");
    return;
  }
  if (auto* relay = std::get_if<command::relay>(&cmd)) {
    if (relay->from.device.empty())
      return; // there is no way to signal over REST
    relay->payload = std::to_string(++next_relay_);
  }
  apply(std::move(cmd));
}

// -- devices -----------------------------------------------------------------

void call_simulation::attach() {
  auto& who = any_side();
  if (who.session.devices().size() >= 3)
    return;
  device_id device{who.user.str().substr(0, 1) + std::to_string(++next_device_)};
  event::call_states states{who.session.attach(device)};
  note(device.str(), " connects and hears ", word(call_event{states}));
  witness_.attached(who.user, device, states);
  report(who);
}

void call_simulation::detach(side& who) {
  if (who.session.devices().empty())
    return;
  auto device = who.session.devices()[pick(who.session.devices().size())];
  note(device.str(), " drops");
  who.session.detach(device);
  witness_.detached(device);
  report(who);
}

/// A session tells the call of its devices, if it knows that there is one.
void call_simulation::report(side& who) {
  if (holds_call(who))
    who.reports.push_back(who.session.devices());
}

void call_simulation::hear_report(side& who) {
  if (who.reports.empty())
    return;
  // Only the newest list counts, but for the first: it says whom the ring reached.
  if (!who.first_report_on_its_way && who.reports.size() > 1 && chance(30)) {
    who.reports.pop_front();
    count("report overtaken");
  }
  auto devices = who.reports.front();
  if (!chance(5))
    who.reports.pop_front();
  who.first_report_on_its_way = false;
  apply(command::presence{who.user, std::move(devices)});
}

void call_simulation::handle_mail(side& who) {
  if (who.mailbox.empty())
    return;
  auto mail = std::move(who.mailbox.front());
  who.mailbox.pop_front();
  auto is_new = mail.summary && !holds_call(who);
  if (mail.summary)
    who.session.update(*mail.summary);
  for (const auto& [to, what, durable] : mail.events)
    for (const auto& device : who.session.recipients(to, id_)) {
      note("  ", device.str(), " hears ", word(what));
      witness_.hears(device, what);
      auto text = word(what);
      count(text.ends_with("glare") ? "glare" : text.substr(0, text.find(' ')));
    }
  if (is_new) {
    who.first_report_on_its_way = true;
    report(who);
  }
  if (mail.gone) {
    who.session.drop(id_);
    who.reports.clear();
  }
}

// -- the machine -------------------------------------------------------------

void call_simulation::apply(call_command cmd) {
  auto before = machine_;
  auto out = machine_.apply(cmd, now_);
  if (const auto* what = std::get_if<command::presence>(&cmd)) {
    note("the call hears of ", std::to_string(what->devices.size()), " devices of ",
         what->user.str(), what->devices.empty() ? "" : ", first " + what->devices[0].str());
  } else {
    ++tally_.commands;
    static constexpr const char* names[] = {"place", "again", "accept", "reject", "end", "relay"};
    auto name = std::string{names[cmd.index()]};
    count(name + " " + word(out.reply));
    note(name, " by ", std::visit([](const auto& c) {
      if constexpr (requires { c.from; })
        return c.from.user.str() + "/" + name_of(c.from.device);
      else
        return std::string{};
    }, cmd), ": ", word(out.reply), ", now ", word(machine_.state()));
  }
  laws_.judge(before, cmd, out, machine_, now_);
  carry_out(std::move(out));
}

void call_simulation::expire() {
  auto before = machine_;
  auto out = machine_.expire(now_);
  if (out.ended) {
    note("expired: ", word(machine_.record()));
    count("expired " + word(machine_.record().reason));
  }
  laws_.judge_expiry(before, out, machine_, now_);
  carry_out(std::move(out));
}

void call_simulation::carry_out(outcome out) {
  if (out.record)
    writes_.push_back(*out.record);
  if (out.ended)
    count("ended " + word(machine_.record().reason));
  expect_relays(out);
  for (auto& who : sides_) {
    std::vector<addressed_event> now;
    for (auto& sent : out.events)
      if (sent.to.user == who.user) {
        auto wait = !who.waiting.empty() || (sent.durable && !writes_.empty());
        (wait ? who.waiting : now).push_back(sent);
      }
    tell(who, std::move(now));
  }
}

/// Sends `events` to a session, with what waited for a commit when there is none to wait for.
void call_simulation::tell(side& who, std::vector<addressed_event> events) {
  if (writes_.empty()) {
    events.insert(events.end(), who.waiting.begin(), who.waiting.end());
    who.waiting.clear();
  }
  auto knew = std::exchange(who.gone, who.gone
                                        || (machine_.state() == call_state::ended
                                            && who.waiting.empty()));
  delivery news{{}, std::move(events), who.gone && !knew};
  if (!who.gone)
    news.summary = machine_.summary_for(who.user);
  if (news.gone || !news.events.empty() || news.summary != who.told)
    who.mailbox.push_back(news);
  who.told = news.summary;
}

void call_simulation::expect_relays(const outcome& out) {
  for (const auto& [to, what, durable] : out.events)
    if (const auto* relay = std::get_if<event::relayed>(&what))
      for (const auto& who : sides_) {
        const auto& here = who.session.devices();
        if (to.user == who.user && to.to == address::scope::one
            && std::find(here.begin(), here.end(), to.device) != here.end())
          witness_.expects(std::stoull(relay->payload), to.device);
      }
}

// -- the store ---------------------------------------------------------------

void call_simulation::commit() {
  if (writes_.empty())
    return;
  stored_ = std::move(writes_.front());
  writes_.pop_front();
  note("version ", std::to_string(stored_->version), " is committed");
  for (auto& who : sides_)
    tell(who, {});
  if (stored_->ended_at && chance(30))
    machine_ = call::closed(settings_, *stored_); // as found again in the store
}

void call_simulation::crash() {
  for (auto survivors = pick(writes_.size() + 1); survivors > 0; --survivors)
    commit();
  writes_.clear();
  wires_.clear();
  witness_.restarted();
  for (auto& who : sides_) {
    auto user = who.user;
    who = side{};
    who.user = user;
  }
  placed_by_ = {};
  now_ += milliseconds{pick(30'000)};
  exists_ = stored_ && !stored_->ended_at;
  note("crash and restart, the call ", exists_ ? "lives" : "does not live any more");
  count(exists_ ? "restored " + word(stored_->state()) : "not restored");
  if (!exists_)
    return;
  machine_ = call::restore(settings_, *stored_, view_of(sides_[0].user), view_of(sides_[1].user),
                           now_);
  promise(machine_.record() == *stored_, "a restored call is as it was written");
  laws_.restarted(machine_);
  for (auto& who : sides_) {
    who.told = machine_.summary_for(who.user);
    who.session.update(*who.told);
  }
  expire();
}

// -- time --------------------------------------------------------------------

void call_simulation::pass_time() {
  auto due = machine_.next_deadline();
  auto roll = pick(100);
  auto span = milliseconds{pick(roll < 90 ? 1'500 : 60'000)};
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
  if (chance(80))
    expire();
  else if (due && *due <= now_)
    count("timer late");
}

// -- the end of a simulation -------------------------------------------------

/// Lets everything that is on its way arrive.
void call_simulation::drain() {
  auto busy = [&] {
    return !writes_.empty() || std::any_of(sides_.begin(), sides_.end(), [](const side& who) {
      return !who.mailbox.empty() || !who.reports.empty();
    });
  };
  while (busy()) {
    commit();
    for (auto& who : sides_) {
      handle_mail(who);
      hear_report(who);
    }
  }
}

void call_simulation::settle() {
  note("everything arrives");
  wires_.clear();
  drain();
  expire();
  drain();
  const auto& record = machine_.record();
  auto ended = machine_.state() == call_state::ended;
  auto still_bound = !ended && machine_.summary_for(record.caller).device == placed_by_;
  witness_.settled(ended, record.started_at.has_value(), still_bound ? placed_by_ : device_id{});
  promise(stored_ && *stored_ == record, "what stands is stored");
  for (auto& who : sides_) {
    promise(holds_call(who) == !ended, "sessions hold the calls that live");
    if (ended || machine_.state() != call_state::active)
      continue;
    auto bound = machine_.summary_for(who.user).device;
    const auto& here = who.session.devices();
    auto live = bound.empty() ? !here.empty()
                              : std::find(here.begin(), here.end(), bound) != here.end();
    promise(live || machine_.next_deadline(), "no active call without a live leg or a grace");
  }
  if (!ended)
    count("settled " + word(machine_.state()));
}

void call_simulation::abandon() {
  note("everybody leaves");
  for (auto& who : sides_)
    while (!who.session.devices().empty())
      detach(who);
  drain();
  for (int i = 0; i < 4 && machine_.state() != call_state::ended; ++i) {
    auto due = machine_.next_deadline();
    promise(due.has_value(), "a call that everybody left has a deadline");
    now_ = std::max(now_, *due);
    expire();
  }
  promise(machine_.state() == call_state::ended, "a call that everybody left ends");
  drain();
  promise(stored_->ended_at.has_value(), "and its final record is stored");
  for (auto& who : sides_)
    promise(who.session.idle(), "a session with no device and no call holds nothing");
}

} // namespace carillon::test
