#include "tests/protocol/simulated_world.hpp"

#include "tests/protocol/call_words.hpp"
#include "tests/protocol/promise.hpp"

#include <algorithm>

namespace carillon::test {

namespace {

call_settings random_settings(dice& dice) {
  call_settings settings;
  settings.ring_timeout = seconds{1 + dice.pick(60)};
  settings.reconnect_grace = seconds{1 + dice.pick(40)};
  settings.ring_grace = seconds{dice.pick(30)};
  settings.call_timeout = std::chrono::minutes{dice.chance(50) ? 1 + dice.pick(3) : 0};
  settings.session_timeout = std::chrono::minutes{dice.chance(70) ? 1 + dice.pick(3) : 0};
  settings.early_relays = dice.chance(50) ? 30 : 3;
  settings.invitation_ttl = seconds{1 + dice.pick(600)};
  settings.first_join_timeout = seconds{1 + dice.pick(120)};
  settings.rest_lease = seconds{1 + dice.pick(300)};
  settings.max_people = dice.chance(50) ? 2000 : 4;
  return settings;
}

} // namespace

simulated_world::simulated_world(call_kind kind, std::uint64_t seed, std::uint64_t number,
                                 tally& count, std::vector<std::string>* log)
  : dice_(seed, number)
  , settings_(random_settings(dice_))
  , machine_(settings_, kind)
  , tally_(count)
  , log_(log) {}

void simulated_world::run() {
  for (auto devices = 1 + dice_.pick(2 * users_.size()); devices > 0; --devices)
    attach();
  exists_ = true;
  begin();
  // A call that is over is watched for a while only.
  auto after_the_end = 20 + dice_.pick(20);
  for (auto steps = 40 * (users_.size() + dice_.pick(6)); steps > 0 && exists_ && after_the_end > 0;
       --steps) {
    step();
    if (ended())
      --after_the_end;
  }
  if (!exists_)
    return;
  settle();
  abandon();
}

void simulated_world::step() {
  if (until_crash_ > 0 && --until_crash_ == 0) {
    count("crashed again");
    crash(false);
    return;
  }
  auto roll = dice_.pick(1000);
  if (roll < 290)
    send();
  else if (roll < 590)
    receive_command();
  else if (roll < 740)
    handle_mail(anybody());
  else if (roll < 830)
    hear_report(anybody());
  else if (roll < 880)
    commit_one();
  else if (roll < 910)
    attach();
  else if (roll < 930)
    come_back();
  else if (roll < 955)
    detach(anybody());
  else if (roll < 995)
    pass_time();
  else if (roll < 998)
    settle();
  else
    crash(true);
}

// -- the machine -------------------------------------------------------------

void simulated_world::receive_command() {
  if (auto cmd = receive())
    apply(std::move(*cmd));
  else
    count("lost");
}

void simulated_world::apply(call_command cmd) {
  if (asleep_)
    wake();
  auto before = machine_;
  auto out = machine_.apply(cmd, now_);
  note(word(cmd), " by ", sender_of(cmd), ": ", word(out.reply), ", now ", word(machine_.state()));
  if (out.reply) {
    ++tally_.commands;
    count(word(cmd) + " " + word(out.reply));
  }
  judge(before, cmd, out);
  carry_out(out);
}

void simulated_world::expire() {
  auto before = machine_;
  auto out = machine_.expire(now_);
  if (out.record)
    note("expired: ", word(machine_.record()));
  judge_expiry(before, out);
  carry_out(out);
}

void simulated_world::carry_out(const outcome& out) {
  if (out.record) {
    store_.put(*out.record);
    written_ = true;
  }
  told_.follow(machine_, out, now_);
  if (out.ended || ++steps_ % 16 == 0)
    told_.judge(machine_);
  if (out.ended)
    count("ended " + word(machine_.record().reason));
  expect_relays(out);
  tell(out.events);
}

bool simulated_world::concerns(const simulated_user& who) const {
  return machine_.record().has(who.id());
}

void simulated_world::tell(const std::vector<addressed_event>& events) {
  for (auto& who : users_)
    if (concerns(who))
      who.tell(machine_, events, store_.all_committed(),
               store_.stored() ? store_.stored()->version : 0);
}

void simulated_world::expect_relays(const outcome& out) {
  for (const auto& [to, what, durable] : out.events)
    if (const auto* relay = std::get_if<event::relayed>(&what))
      for (const auto& who : users_)
        if (to.user == who.id() && to.to == address::scope::one
            && (who.has(to.device) || devices_.is_lost(to.device)))
          owed(*relay, to.device);
}

// -- the store ---------------------------------------------------------------

void simulated_world::commit() {
  if (store_.all_committed())
    return;
  store_.commit(dice_.chance(20) ? 1 + dice_.pick(store_.under_way()) : 1);
  const auto& stored = *store_.stored();
  note("version ", std::to_string(stored.version), " is committed");
  tell({});
  if (stored.ended_at && dice_.chance(30))
    machine_ = call::closed(settings_, stored); // as found again in the store
}

/// Nothing is committed between a crash and one that follows it closely.
void simulated_world::commit_one() {
  if (until_crash_ == 0)
    commit();
}

void simulated_world::crash(bool some_survive) {
  for (auto survivors = some_survive ? dice_.pick(store_.under_way() + 1) : 0; survivors > 0;
       --survivors)
    commit();
  until_crash_ = some_survive && dice_.chance(40) ? 10 + dice_.pick(40) : 0;
  store_.lose_all();
  lose_commands();
  restarted();
  devices_.restart(users_);
  now_ += seconds{1} + milliseconds{dice_.pick(30'000)};
  const auto& stored = store_.stored();
  exists_ = stored && !stored->ended_at;
  note("crash and restart: the call ", exists_ ? "lives" : "does not live any more");
  count(exists_ ? "restored " + word(stored->state()) : "not restored");
  if (!exists_)
    return;
  restore(chronicle::beginning::restored);
  asleep_ = may_rest(); // nobody restores what rests before it is asked for
  for (auto& who : users_)
    if (!asleep_ && concerns(who))
      who.restart(machine_);
    else
      who = simulated_user{who.id()};
  if (!asleep_)
    expire();
}

void simulated_world::restore(chronicle::beginning how) {
  const auto& stored = *store_.stored();
  std::vector<user_view> views;
  for (const auto& user : stored.users())
    views.push_back(view_of(user));
  machine_ = call::restore(settings_, stored, std::move(views), now_);
  told_.begin(machine_, now_, how);
  written_ = false;
  judge_restored(stored);
}

// -- rest --------------------------------------------------------------------

bool simulated_world::may_rest() const {
  const auto& record = machine_.record();
  return record.kind() == call_kind::video && record.at_rest() && store_.all_committed();
}

void simulated_world::rest() {
  note("the call rests");
  count("rested");
  promise(!machine_.next_deadline(), "what rests waits for nothing");
  asleep_ = true;
  for (auto& who : users_)
    if (concerns(who))
      who.rest();
}

void simulated_world::wake() {
  note("the call is awake again");
  count("woken");
  asleep_ = false;
  restore(chronicle::beginning::woken);
  for (auto& who : users_)
    if (concerns(who))
      who.wake(machine_);
  expire();
}

// -- time --------------------------------------------------------------------

void simulated_world::pass_time() {
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
  if (!asleep_ && may_rest() && dice_.chance(40))
    rest();
  if (dice_.chance(80))
    expire();
  else if (due && *due <= now_)
    count("timer late");
}

// -- the end of a run ----------------------------------------------------------

bool simulated_world::busy() const {
  return !store_.all_committed()
         || std::any_of(users_.begin(), users_.end(),
                        [](const simulated_user& who) { return who.busy(); });
}

/// Lets everything that is on its way arrive.
void simulated_world::drain() {
  while (busy()) {
    commit();
    for (auto& who : users_) {
      handle_mail(who);
      hear_report(who);
    }
  }
}

void simulated_world::settle() {
  note("everything arrives");
  until_crash_ = 0;
  lose_commands();
  drain();
  expire();
  drain();
  auto stands = machine_.record();
  if (!written_) // a restored machine may be ahead of what it was restored from
    stands.version = store_.stored()->version;
  promise(store_.stored() == stands, "what stands is stored");
  settled();
  for (auto& who : users_)
    promise(who.holds_call() == (!ended() && !asleep_ && concerns(who)),
            "sessions hold the calls that live");
  count("settled " + word(machine_.state()));
}

void simulated_world::abandon() {
  note("everybody leaves");
  for (auto& who : users_)
    while (!who.devices().empty())
      detach(who);
  for (const auto& lost : devices_.give_up_all())
    user_of_device(lost.device).detach(lost.device);
  drain();
  // For each leg its grace or lease, and perhaps both deadlines of the call.
  for (auto waits = users_.size() + 2; waits > 0 && !ended() && !may_rest(); --waits) {
    auto due = machine_.next_deadline();
    promise(due.has_value(), "a call that everybody left waits for something");
    now_ = std::max(now_, *due);
    expire();
    drain();
  }
  promise(ended() || may_rest(), "a call that everybody left ends, or rests");
  if (!ended() && !asleep_)
    rest();
  drain();
  promise(store_.stored()->ended_at.has_value() == ended(), "and its final record is stored");
  for (auto& who : users_)
    promise(who.idle(), "a session with no device and no call holds nothing");
}

} // namespace carillon::test
