#include "actors/persistence_actor.hpp"

#include "actors/guard.hpp"
#include "config/log.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>

namespace carillon::actors {

namespace {

/// How often a store that is away is tried again, for the spool and for a batch that could not even
/// be spooled; also what clients are told to wait.
constexpr seconds retry_after{1};

failure store_away() {
  failure why{error_code::store_unavailable};
  why.retry_after_s = 2;
  return why;
}

/// How long what may wait does, and how much of it is written at once. More than the former of it
/// and it takes its turn even where there always is something else to write.
constexpr seconds spare_patience{1};
constexpr std::size_t spare_rows = 500;
constexpr std::size_t late_rows = 1000;

/// What an op that changed nothing is refused with; most are not.
std::optional<error_code> refusal_of_unchanged(const write_op& op) {
  if (std::holds_alternative<hide_op>(op))
    return error_code::call_not_found;
  if (std::holds_alternative<chat_message_ptr>(op))
    return error_code::message_id_taken;
  return std::nullopt;
}

} // namespace

void persistence_shell::start(persistence_actor::pointer self, persistence_parts parts) {
  self_ = self;
  parts_ = std::move(parts);
  open_ = persistence::write_batch{parts_.limits};
  position_ = parts_.outbox_top;
}

// For the ages of batches only: a step of the wall clock must not hold one back.
time_point persistence_shell::now() const {
  return time_point{std::chrono::floor<milliseconds>(self_->clock().now().time_since_epoch())};
}

// -- writes ------------------------------------------------------------------

void persistence_shell::on(put& what) {
  if (what.may_wait) {
    if (spare_.empty())
      self_->delayed_send(self_, spare_patience, spare_tick{});
    spare_.push_back(std::move(what.op));
    return;
  }
  if (away_ && std::holds_alternative<hide_op>(what.op)) {
    what.reply(store_away()); // whether there is such a call cannot be told now
    return;
  }
  auto unless_changed = refusal_of_unchanged(what.op);
  auto op = add(std::move(what.op));
  for (auto& one : what.with)
    add(std::move(one));
  ++put_;
  if (what.who || what.reply.who)
    open_waiters_.push_back(
        {op, std::move(what.who), what.version, std::move(what.reply), unless_changed});
  if (open_.full() && !sent_)
    send_batch();
  else
    arm();
  measure();
}

// Entries of the outbox are numbered in the order in which they are committed, so that a reader who
// goes by the numbers misses none.
std::size_t persistence_shell::add(write_op op) {
  if (auto* entry = std::get_if<outbox_entry>(&op))
    entry->position = ++position_;
  return open_.add(std::move(op), now());
}

void persistence_shell::arm() {
  auto due = open_.due();
  if (armed_ || sent_ || !due)
    return;
  armed_ = true;
  self_->delayed_send(self_, std::max(milliseconds{0}, *due - now()) + milliseconds{1},
                      batch_tick{});
}

void persistence_shell::on(const batch_tick&) {
  armed_ = false;
  if (retrying_) {
    retrying_ = false;
    self_->send(parts_.writer, write_order{sent_, persistence_actor{self_}});
    return;
  }
  if (sent_)
    return; // batch_done looks again
  if (auto due = open_.due(); due && *due <= now())
    send_batch();
  else
    arm();
}

void persistence_shell::send_batch() {
  if (auto due = open_.due())
    sent_oldest_ = *due - parts_.limits.age;
  sent_waiters_ = std::exchange(open_waiters_, {});
  sent_upto_ = put_;
  sent_spare_ = false;
  order(open_.take());
}

void persistence_shell::order(std::vector<write_op> ops) {
  sent_ = std::make_shared<const std::vector<write_op>>(std::move(ops));
  sent_at_ = self_->clock().now();
  self_->send(parts_.writer, write_order{sent_, persistence_actor{self_}});
}

// -- what may wait -------------------------------------------------------------

void persistence_shell::on(const spare_tick&) {
  spare_due_ = !spare_.empty();
  if (!sent_)
    write_next();
  measure();
}

bool persistence_shell::spare_is_late() const noexcept { return spare_.size() > late_rows; }

// Nobody waits for them: neither a read nor a sender.
void persistence_shell::send_spare() {
  persistence::write_batch batch{{spare_rows, parts_.limits.bytes, parts_.limits.age}};
  while (!spare_.empty() && !batch.full()) {
    batch.add(std::move(spare_.front()), now());
    spare_.pop_front();
  }
  spare_due_ = !spare_.empty();
  sent_upto_ = committed_;
  sent_spare_ = true;
  order(batch.take());
}

// With nothing at the writer.
void persistence_shell::write_next() {
  auto due = open_.due();
  auto pressing = open_.full() || (due && *due <= now());
  auto spare = spare_due_ && !spare_.empty();
  if (spare && (!pressing || (spare_is_late() && !sent_spare_)))
    send_spare();
  else if (pressing)
    send_batch();
  else
    arm();
}

void persistence_shell::on(const batch_done& what) {
  if (!what.what->ok()) {
    // Neither stored nor spooled: nobody is told anything, and the batch is tried again before any
    // newer one.
    log::error("batch_not_written",
               {{"rows", sent_->size()}, {"why", what.what->error().message()}});
    away_ = retrying_ = armed_ = true;
    self_->delayed_send(self_, retry_after, batch_tick{});
    release_reads();
    measure();
    return;
  }
  const auto& changed = what.what->value();
  auto& vitals = parts_.counts->now;
  vitals.commits.add(static_cast<std::uint64_t>(
      std::chrono::nanoseconds{self_->clock().now() - sent_at_}.count()));
  vitals.batches.add(sent_->size());
  sent_.reset();
  sent_oldest_.reset();
  committed_ = sent_upto_;
  if (what.spooled && !std::exchange(replaying_, true))
    self_->send(parts_.writer, replay_order{persistence_actor{self_}});
  away_ = what.spooled;
  for (const auto& who : std::exchange(sent_waiters_, {}))
    if (std::find(what.refused.begin(), what.refused.end(), who.op) != what.refused.end())
      refuse(who);
    else
      confirm(who, who.op < changed.size() && changed[who.op], what.spooled);
  release_reads();
  write_next();
  fulfil_flushes();
  measure();
}

void persistence_shell::confirm(const waiter& who, bool changed, bool spooled) {
  if (who.who)
    self_->send(who.who, committed{who.version, false, spooled});
  if (changed || !who.unless_changed)
    who.reply(reply_value{});
  else
    who.reply(*who.unless_changed);
}

void persistence_shell::refuse(const waiter& who) {
  if (who.who)
    self_->send(who.who, committed{who.version, true});
  who.reply(error_code::internal);
}

void persistence_shell::on(const replayed& what) {
  if (what.empty) {
    log::info("spool_replayed");
    replaying_ = false;
    away_ = retrying_;
    release_reads();
    if (!away_ && parts_.store_is_back)
      parts_.store_is_back();
  } else {
    self_->delayed_send(parts_.writer, retry_after, replay_order{persistence_actor{self_}});
  }
  measure();
}

// -- reads -------------------------------------------------------------------

void persistence_shell::on(const read& what) {
  if (!away_ && committed_ < put_)
    parked_.push_back({put_, what.job});
  else
    run(what.job);
  measure();
}

void persistence_shell::release_reads() {
  while (!parked_.empty() && (away_ || parked_.front().after <= committed_)) {
    run(parked_.front().job);
    parked_.pop_front();
  }
}

void persistence_shell::run(const read_job_ptr& job) {
  if (away_) {
    job->fail(store_away());
    return;
  }
  next_reader_ = (next_reader_ + 1) % parts_.readers.size();
  self_->send(parts_.readers[next_reader_], read{job});
}

// -- housekeeping ------------------------------------------------------------

void persistence_shell::on(const flush& what) {
  flushes_.push_back(what.who);
  fulfil_flushes();
  measure();
}

void persistence_shell::fulfil_flushes() {
  if (flushes_.empty() || sent_)
    return;
  if (!open_.empty()) {
    send_batch();
    return;
  }
  if (!spare_.empty()) {
    send_spare();
    return;
  }
  for (const auto& who : std::exchange(flushes_, {}))
    self_->send(who, flushed{});
}

// For operators, after whatever changes it. What may wait is not among it.
void persistence_shell::measure() {
  auto& vitals = parts_.counts->now;
  auto oldest = sent_oldest_;
  if (auto due = open_.due(); due && !oldest)
    oldest = *due - parts_.limits.age;
  auto set = [](gauge& to, std::int64_t value) { to.store(value, std::memory_order_relaxed); };
  set(vitals.store_queue, static_cast<std::int64_t>(put_ - committed_));
  set(vitals.reads_waiting, static_cast<std::int64_t>(parked_.size()));
  set(vitals.oldest_put_ms,
      oldest ? std::max<std::int64_t>(1, oldest->time_since_epoch().count()) : 0);
  vitals.store_away.store(away_, std::memory_order_relaxed);
}

void persistence_shell::on(const sweep& what) { self_->send(parts_.writer, what); }

persistence_actor::behavior_type
persistence_behavior(persistence_actor::stateful_pointer<persistence_shell> self,
                     persistence_parts parts) {
  guard(self);
  self->state.start(self, std::move(parts));
  return {
      [self](put& what) { self->state.on(what); },
      [self](const read& what) { self->state.on(what); },
      [self](const flush& what) { self->state.on(what); },
      [self](const sweep& what) { self->state.on(what); },
      [self](const batch_tick& what) { self->state.on(what); },
      [self](const spare_tick& what) { self->state.on(what); },
      [self](const batch_done& what) { self->state.on(what); },
      [self](const replayed& what) { self->state.on(what); },
  };
}

} // namespace carillon::actors
