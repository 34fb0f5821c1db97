#include "actors/channel_actor.hpp"

#include "actors/call_ids.hpp"
#include "actors/directory.hpp"
#include "actors/guard.hpp"
#include "actors/mirror_feed.hpp"
#include "actors/pages.hpp"
#include "actors/user_book.hpp"
#include "protocol/dialects/stream.hpp"
#include "protocol/mirror_status.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <utility>

namespace carillon::actors {

namespace {

/// What becomes of a write, as a message to the channel.
class confirmer final : public responder {
public:
  explicit confirmer(channel_actor to)
    : to_(std::move(to)) {}

  void answer(std::uint64_t token, result<reply_value> what) noexcept override {
    auto verdict = what                                                ? store_verdict::written
                   : what.error().code == error_code::message_id_taken ? store_verdict::there
                                                                       : store_verdict::refused;
    caf::anon_send(to_, message_stored{token, verdict});
  }

private:
  channel_actor to_;
};

// On a reader's thread. The members' profiles are wanted for the mirror alone; the book keeps them.
result<channel_state> state_of(const call_id& call, record_store& store, const context& house) {
  auto record = store.load_channel(call);
  if (!record)
    return record.error();
  channel_state state{std::move(*record), 0};
  if (!state.record)
    return state;
  auto last = store.last_seq(call);
  if (!last)
    return last.error();
  state.last_seq = *last;
  if (house.mirror->enabled())
    if (auto users = resolve_users(store, house.users, state.record->members); !users)
      return users.error();
  return state;
}

reply_value value_of(channel_reply what) {
  return std::visit([](auto& value) { return reply_value{std::move(value)}; }, what);
}

} // namespace

// Only after a failure, or at the end of the program, the book still has it.
channel_shell::~channel_shell() {
  if (house_ && !gone_)
    house_->channels.forget(call_, self_->id());
}

time_point channel_shell::now() const { return house_->time.wall(self_->clock().now()); }

// -- reading -----------------------------------------------------------------

void channel_shell::start(channel_actor::pointer self, const context* house, call_id call) {
  self_ = self;
  house_ = house;
  call_ = std::move(call);
  confirmer_ = std::make_shared<confirmer>(channel_actor{self});
  load();
}

// Behind everything that was put before: a call that ends, or begins, after this finds the channel
// in the book.
void channel_shell::load() {
  channel_actor self{self_};
  auto loaded = [self](result<channel_state> what) {
    auto shared = std::make_shared<const result<channel_state>>(std::move(what));
    caf::anon_send(self, channel_loaded{std::move(shared)});
  };
  read_job job;
  job.run = [loaded, call = call_, house = house_](record_store& store) {
    loaded(state_of(call, store, *house));
  };
  job.fail = [loaded](const failure& why) { loaded(why); };
  self_->send(house_->persistence, read{std::make_shared<const read_job>(std::move(job))});
}

void channel_shell::on(const channel_loaded& what) {
  if (!what.what->ok()) {
    give_up(what.what->error());
    return;
  }
  const auto& found = what.what->value();
  // A call that was put behind the read began.
  if (!found.record && news_ && !std::exchange(reread_, true)) {
    load();
    return;
  }
  begin(found);
}

void channel_shell::begin(const channel_state& found) {
  machine_.emplace(found.record, found.last_seq);
  if (auto news = std::exchange(news_, std::nullopt))
    hear(*news);
  for (auto& message : std::exchange(early_, {}))
    step(std::move(message));
  if (!std::exchange(looking_, true))
    self_->delayed_send(self_, idle_time, look_after{});
  leave_if_missing();
}

// The store is away.
void channel_shell::give_up(const failure& why) {
  auto refusal = why;
  refusal.call = call_;
  for (const auto& message : std::exchange(early_, {}))
    message.reply(refusal);
  auto news = std::exchange(news_, std::nullopt);
  if (news && news->ended_at)
    put_all(*house_, mirror_closing(*house_, call_));
  if (!leave())
    load();
}

// -- messages ----------------------------------------------------------------

void channel_shell::on(channel_message& what) {
  ++handled_;
  fresh_ = true;
  if (machine_) {
    step(std::move(what));
    leave_if_missing();
  } else if (early_.size() < channel::most_pending) {
    early_.push_back(std::move(what));
  } else {
    failure why{error_code::rate_limited, call_};
    why.retry_after_s = 1;
    what.reply(std::move(why));
  }
}

void channel_shell::step(channel_message what) {
  auto* said = std::get_if<command::send_message>(&what.cmd);
  auto at = now();
  auto fresh_id = said && said->id.empty() ? make_call_id(at).str() : std::string{};
  auto ticket = take_ticket(std::move(what.reply));
  carry_out(machine_->apply(std::move(what.cmd), ticket, std::move(fresh_id), at));
}

std::uint64_t channel_shell::take_ticket(reply_to reply) {
  tickets_.emplace(++last_ticket_, std::move(reply));
  return last_ticket_;
}

void channel_shell::on(const call_news& what) {
  ++handled_;
  if (machine_)
    hear(what);
  else
    news_ = what;
}

// Whoever told the end leaves it to the channel to tell the mirror, also where the store said
// already that it is closed.
void channel_shell::hear(const call_news& what) {
  carry_out(machine_->call_changed(what.members, what.ended_at));
  if (what.ended_at && machine_->record() && machine_->record()->closed_at)
    freeze();
}

void channel_shell::on(const message_stored& what) {
  if (!machine_)
    return; // nothing is under way while it is read
  carry_out(what.token == row_token ? machine_->kept(what.verdict == store_verdict::written)
                                    : machine_->stored(what.token, what.verdict));
  leave_if_missing();
}

void channel_shell::on(const first_found& what) {
  if (machine_)
    carry_out(machine_->found(what.asked, *what.what));
}

// -- carrying out ------------------------------------------------------------

void channel_shell::carry_out(channel_outcome out) {
  if (out.write)
    write(out.write);
  if (out.keep)
    keep(std::move(*out.keep), out.closed);
  else if (out.closed)
    freeze();
  for (const auto& news : out.news)
    tell(news);
  for (auto& one : out.answers)
    answer(std::move(one));
  for (const auto& one : out.lookups)
    look_up(one);
}

void channel_shell::tell(const channel_news& news) {
  auto what = news.said ? stream::encode_message(*news.said)
                        : stream::encode_read(call_, news.read, news.by);
  for (const auto& member : machine_->record()->members) {
    if (member == news.by)
      continue;
    if (auto session = house_->lines.session_of(member)) {
      deliver out;
      out.events.push_back({{member, address::scope::every, {}}, event::told{what}});
      self_->send(session, std::move(out));
    }
  }
}

void channel_shell::answer(channel_outcome::answer what) {
  auto asked = tickets_.extract(what.ticket);
  if (asked.empty())
    return;
  if (what.what)
    asked.mapped()(value_of(std::move(*what.what)));
  else
    asked.mapped()(what.what.error());
}

void channel_shell::look_up(const channel_outcome::lookup& what) {
  channel_actor self{self_};
  auto found = [self, what](result<std::optional<chat_message>> first) {
    auto shared = std::make_shared<const result<std::optional<chat_message>>>(std::move(first));
    caf::anon_send(self, first_found{what, std::move(shared)});
  };
  read_job job;
  job.run = [found, call = call_, id = what.id](record_store& store) {
    found(store.find_message(call, id));
  };
  job.fail = [found](const failure& why) { found(why); };
  self_->send(house_->persistence, read{std::make_shared<const read_job>(std::move(job))});
}

// -- leaving -----------------------------------------------------------------

bool channel_shell::is_idle() const { return machine_->idle() && tickets_.empty(); }

void channel_shell::on(const look_after&) {
  if (!std::exchange(fresh_, false) && machine_ && is_idle() && leave())
    return;
  self_->delayed_send(self_, idle_time, look_after{});
}

// What is still in the mailbox may come after a call of this name began: it is read anew for it.
void channel_shell::leave_if_missing() {
  if (machine_->record() || !is_idle() || leave())
    return;
  machine_.reset();
  reread_ = false;
  mirrored_ = 0;
  load();
}

bool channel_shell::leave() {
  if (!house_->channels.retire(call_, self_->id(), handled_))
    return false;
  gone_ = true;
  self_->quit();
  return true;
}

channel_actor::behavior_type channel_behavior(channel_actor::stateful_pointer<channel_shell> self,
                                              const context* house, call_id call) {
  guard(self);
  self->state.start(self, house, std::move(call));
  return {
      [self](channel_message& what) { self->state.on(what); },
      [self](const channel_loaded& what) { self->state.on(what); },
      [self](const message_stored& what) { self->state.on(what); },
      [self](const first_found& what) { self->state.on(what); },
      [self](const call_news& what) { self->state.on(what); },
      [self](const look_after& what) { self->state.on(what); },
  };
}

} // namespace carillon::actors
