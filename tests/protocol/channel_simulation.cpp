#include "tests/protocol/channel_simulation.hpp"

#include "tests/protocol/promise.hpp"

#include <algorithm>
#include <array>

namespace carillon::test {

namespace {

const call_id the_call{"c1"};
const std::array<user_id, 5> everybody{user_id{"alice"}, user_id{"bob"}, user_id{"carol"},
                                       user_id{"dave"}, user_id{"eve"}};
const auto& alice = everybody[0];
const auto& bob = everybody[1];
const auto& carol = everybody[2];
const auto& eve = everybody[4];

// What the store can never take.
constexpr std::string_view poison = "poison";

template <class... F>
struct overloaded : F... {
  using F::operator()...;
};
template <class... F>
overloaded(F...) -> overloaded<F...>;

} // namespace

channel_simulation::channel_simulation(std::uint64_t seed, std::uint64_t number, tally& count,
                                       std::vector<std::string>* log)
  : dice_(seed, number)
  , count_(count)
  , log_(log) {
  // Alice makes the channel with bob, if it is made. The call is one of hers, one that bob brings
  // carol into, or one of a stranger.
  switch (dice_.pick(4)) {
  case 0:
    began_ = eve;
    called_ = {eve, carol};
    break;
  case 1:
    began_ = bob;
    called_ = {bob, carol};
    break;
  default:
    began_ = alice;
    called_ = {alice, bob};
    break;
  }
  if (dice_.chance(60))
    puts_.push_back(call_begins{}), call_lives_ = true;
}

void channel_simulation::run() {
  load("first used");
  auto steps = 10 + dice_.pick(40);
  for (std::uint64_t i = 0; i < steps; ++i)
    step();
  settle();
}

void channel_simulation::step() {
  now_ += milliseconds{dice_.pick(3)};
  auto what = dice_.pick(100);
  if (what < 38)
    return say();
  if (what < 60)
    return commit();
  if (what < 82)
    return hear();
  if (what < 86)
    return mark();
  if (what < 90)
    return open();
  if (what < 92)
    return close();
  if (what < 94)
    return begin_call();
  if (what < 96)
    return end_call();
  if (what < 98)
    return crash();
  if (machine_.idle() && open_.empty())
    load("forgotten");
}

/// Everything that is under way arrives; then nothing may be left open.
void channel_simulation::settle() {
  while (!puts_.empty() || !news_.empty()) {
    commit();
    hear();
  }
  promise(machine_.idle(), "everything was told, and yet something is under way");
  promise(open_.empty(), "a command was not answered");
  promise(confirmed_ == told_, "what was written was told to all, and nothing else was");
  // Members or not, what the store has was said by somebody who may say it.
  for (const auto& [seq, message] : messages_)
    promise(may_take_part(message.from), "a stranger's message is in the store");
}

// -- commands ----------------------------------------------------------------

std::uint64_t channel_simulation::ask(question what) {
  ++count_.commands;
  open_.emplace(++last_ticket_, std::move(what));
  return last_ticket_;
}

void channel_simulation::say() {
  command::send_message cmd{{dice_.any_of(everybody), {}, call_kind::stream}, the_call, {}, {}, {}};
  if (dice_.chance(70))
    cmd.id = "m" + std::to_string(dice_.pick(8));
  cmd.text = dice_.chance(4) ? std::string{poison} : "text " + std::to_string(dice_.pick(9));
  note(cmd.from.user.str() + " says " + cmd.id + " " + cmd.text);
  auto ticket = ask({cmd.from.user, cmd.id, true});
  carry_out(machine_.apply(std::move(cmd), ticket, "fresh" + std::to_string(++fresh_), now_),
            "say");
}

void channel_simulation::mark() {
  auto user = dice_.any_of(everybody);
  auto ticket = ask({user, {}, false});
  auto out = machine_.apply(command::mark_read{{user, {}, call_kind::stream}, the_call, "m1"},
                            ticket, {}, now_);
  promise(out.news.size() == 1 || !out.answers.at(0).what, "a read mark waits for nobody");
  carry_out(std::move(out), "mark");
}

void channel_simulation::open() {
  // Whoever else makes it makes another channel, of which the judges know nothing.
  auto user = machine_.record() ? dice_.any_of(everybody) : alice;
  auto ticket = ask({user, {}, false});
  note(user.str() + " opens");
  carry_out(
      machine_.apply(command::open_channel{{user, {}, call_kind::stream}, the_call, "t", {bob}},
                     ticket, {}, now_),
      "open");
}

void channel_simulation::close() {
  // As the door does: the end of a call that lives does not come here.
  if (call_lives_)
    return;
  auto user = dice_.any_of(everybody);
  auto ticket = ask({user, {}, false, true});
  note(user.str() + " closes");
  carry_out(machine_.apply(
                command::close_channel{{user, {}, call_kind::stream}, the_call, dice_.chance(20)},
                ticket, {}, now_),
            "close");
}

// -- the call ----------------------------------------------------------------

void channel_simulation::begin_call() {
  // A call of an id that has a channel without a call; there is one of each id.
  if (call_lives_ || call_ || !row_was_put_)
    return;
  note("call begins");
  ++count_.seen["call after channel"];
  call_lives_ = true;
  puts_.push_back(call_begins{});
  carry_out(machine_.call_changed(called_, std::nullopt), "call");
}

void channel_simulation::end_call() {
  if (!call_lives_)
    return;
  note("call ends");
  call_lives_ = false;
  puts_.push_back(call_ends{});
  carry_out(machine_.call_changed(called_, now_), "end");
}

// -- the store ---------------------------------------------------------------

std::optional<channel_record> channel_simulation::in_store() const {
  return joined_channel(row_, call_);
}

std::optional<chat_message> channel_simulation::first_of(const std::string& id) const {
  for (const auto& [seq, message] : messages_)
    if (message.id == id)
      return message;
  return std::nullopt;
}

void channel_simulation::commit() {
  if (puts_.empty())
    return;
  auto what = std::move(puts_.front());
  puts_.pop_front();
  std::visit(overloaded{[&](const chat_message_ptr& message) {
                          auto verdict = message->text == poison ? store_verdict::refused
                                         : first_of(message->id) || messages_.contains(message->seq)
                                             ? store_verdict::there
                                             : store_verdict::written;
                          if (verdict == store_verdict::written)
                            messages_.emplace(message->seq, *message);
                          news_.push_back(stored{message->seq, verdict});
                        },
                        [&](const channel_record& row) {
                          // The row goes on under a call of its own.
                          if (!row_)
                            row_ = row;
                          else if (!row_->closed_at)
                            row_->closed_at = row.closed_at;
                          row_->of_call = false;
                          news_.push_back(kept{true});
                        },
                        [&](const call_begins&) {
                          channel_record own;
                          own.call = the_call;
                          own.created_by = began_;
                          own.members = called_;
                          own.of_call = true;
                          call_ = own;
                        },
                        [&](const call_ends&) { call_->closed_at = now_; },
                        [&](const channel_outcome::lookup& lookup) {
                          if (dice_.chance(10))
                            news_.push_back(found{lookup, error_code::store_unavailable});
                          else
                            news_.push_back(found{lookup, first_of(lookup.id)});
                        }},
             what);
}

void channel_simulation::hear() {
  if (news_.empty())
    return;
  auto what = std::move(news_.front());
  news_.pop_front();
  std::visit(overloaded{[&](const stored& one) {
                          if (one.verdict == store_verdict::written)
                            confirmed_.insert(one.seq);
                          carry_out(machine_.stored(one.seq, one.verdict), "stored");
                        },
                        [&](const kept& one) { carry_out(machine_.kept(one.ok), "kept"); },
                        [&](const found& one) {
                          carry_out(machine_.found(one.what, one.first), "found");
                        }},
             what);
}

/// What was put is lost, and nobody waits for an answer any more. A call that the store does not
/// have is not restored.
void channel_simulation::crash() {
  note("crash");
  ++count_.seen["crash"];
  puts_.clear();
  news_.clear();
  open_.clear();
  call_lives_ = call_ && !call_->closed_at;
  load("restart");
}

void channel_simulation::load(const char* why) {
  // A read waits for every earlier put.
  while (!puts_.empty())
    commit();
  news_.clear();
  note(why);
  ++count_.seen[why];
  auto record = in_store();
  closed_ = record && record->closed_at;
  row_was_put_ = row_.has_value();
  ++count_.seen[!record ? "nothing there" : record->stored ? "row there" : "call there"];
  // What nobody could be told of any more is told of by reading it.
  for (const auto& [seq, message] : messages_)
    if (confirmed_.insert(seq).second)
      told_.insert(seq);
  machine_ = channel{std::move(record), messages_.empty() ? 0 : messages_.rbegin()->first};
}

} // namespace carillon::test
