#include "actors/session_actor.hpp"

#include "actors/directory.hpp"
#include "actors/guard.hpp"
#include "config/log.hpp"
#include "protocol/dialects/families.hpp"
#include "protocol/random_id.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>

namespace carillon::actors {

session_shell::~session_shell() {
  // Only after a failure or at shutdown: a session that retires has left no device behind.
  for (auto& [id, held] : devices_)
    if (held.link)
      held.link->close(close_reason::going_away);
}

void session_shell::start(user_session_actor::pointer self, const context* house,
                          const user_id& user, std::shared_ptr<delivery> out) {
  self_ = self;
  out_ = std::move(out);
  house_ = house;
  user_ = user;
}

time_point session_shell::now() const { return house_->time.wall(self_->clock().now()); }

// -- devices -------------------------------------------------------------------

void session_shell::on(attach_device& cmd) {
  if (!cmd.resume || !resume(cmd))
    attach_fresh(cmd);
}

void session_shell::attach_fresh(attach_device& cmd) {
  auto& made = devices_[cmd.fresh];
  made.link = std::move(cmd.link);
  made.pid = random_id();
  out_->add(cmd.fresh);
  auto states = welcome(cmd.fresh);
  cmd.reply(reply_value{attachment{cmd.fresh, made.pid, false}});
  log::debug("device_attached", {{"user", user_.str()}, {"device", cmd.fresh.str()}});
  made.link->offer(states);
  out_->connect(cmd.fresh, made.link);
}

// False when there is nothing to go on with; the device that was meant is over then.
bool session_shell::resume(attach_device& cmd) {
  auto found = std::find_if(devices_.begin(), devices_.end(),
                            [&](const auto& entry) { return entry.second.pid == cmd.resume->pid; });
  if (found == devices_.end()) {
    counters::add(house_->counts.resumes_failed);
    return false;
  }
  auto& [id, known] = *found;
  auto old_link = std::exchange(known.link, nullptr);
  out_->disconnect(id);
  if (old_link) // its end was not noticed yet
    old_link->close(close_reason::replaced);
  auto missed = out_->missed(id, cmd.resume->offset);
  if (!missed) {
    counters::add(house_->counts.resumes_failed);
    machine_.detach(id);
    out_->remove(id);
    devices_.erase(found);
    return false;
  }
  counters::add(house_->counts.resumes);
  machine_.find_again(id);
  known.link = std::move(cmd.link);
  known.in_call = false;
  house_->lines.resume(user_, cmd.fresh, id, known.link.get());
  auto states = welcome(id);
  cmd.reply(reply_value{attachment{id, known.pid, true}});
  log::debug("device_resumed",
             {{"user", user_.str()}, {"device", id.str()}, {"missed", missed->size()}});
  for (const auto& event : *missed)
    known.link->offer(event);
  known.link->offer(states);
  out_->connect(id, known.link);
  return true;
}

// The calls hear of the device before its client hears anything: whatever the client asks of them
// then comes behind that.
wire_event_ptr session_shell::welcome(const device_id& id) {
  auto states = encode(event::call_states{machine_.attach(id)});
  tell_presence();
  refresh_in_call();
  return states;
}

void session_shell::on(const detach_device& cmd) {
  auto found = std::find_if(devices_.begin(), devices_.end(),
                            [&](const auto& entry) { return entry.second.link.get() == cmd.link; });
  if (found == devices_.end())
    return; // it is bound to another link by now
  auto& [id, gone] = *found;
  log::debug("device_detached", {{"user", user_.str()}, {"device", id.str()}});
  if (cmd.may_resume) {
    machine_.lose(id);
    out_->disconnect(id);
    gone.link = nullptr;
    gone.lost_until = now() + house_->resume.window;
    look_again_after(house_->resume.window);
  } else {
    machine_.detach(id);
    out_->remove(id);
    devices_.erase(found);
  }
  tell_presence();
  quit_if_idle();
}

void session_shell::on(const look_after&) {
  looking_after_ = false;
  auto at = now();
  auto next = seconds::max();
  auto waiting = machine_.lost().size();
  for (auto i = devices_.begin(); i != devices_.end();) {
    auto& [id, held] = *i;
    if (!held.link && held.lost_until <= at) {
      machine_.detach(id);
      out_->remove(id);
      i = devices_.erase(i);
      continue;
    }
    if (!held.link)
      next = std::min(next, std::chrono::ceil<seconds>(held.lost_until - at));
    else if (out_->trim(id, at - house_->resume.unanswered))
      next = std::min(next, house_->resume.unanswered);
    ++i;
  }
  if (machine_.lost().size() < waiting)
    tell_presence();
  if (next != seconds::max())
    look_again_after(next);
  quit_if_idle();
}

// One at a time is on its way; a later need is found when it comes.
void session_shell::look_again_after(seconds wait) {
  if (std::exchange(looking_after_, true))
    return;
  self_->delayed_send(self_, std::min(wait, house_->resume.unanswered) + seconds{1}, look_after{});
}

// -- events --------------------------------------------------------------------

void session_shell::on(deliver& news) {
  const auto& call = news.summary.call;
  if (news.call && !news.gone) {
    machine_.update(news.summary);
    auto [known, is_new] = calls_.try_emplace(call, news.call);
    if (is_new || known->second != news.call) { // or the call has another actor after a failure
      known->second = news.call;
      tell_presence(news.call);
    }
  }
  if (news.grants)
    if (auto to = devices_.find(news.grants->sender()); to != devices_.end() && to->second.link)
      to->second.link->grant(std::move(news.grants));
  for (const auto& event : news.events)
    send(event, call);
  for (const auto& permit : news.opens) {
    permit->open(user_);
    // What passes by is kept as well, and has to be let go some time.
    look_again_after(house_->resume.unanswered);
  }
  if (news.gone) {
    machine_.drop(call);
    calls_.erase(call);
  }
  if (news.call) {
    refresh_in_call();
    quit_if_idle();
  }
}

void session_shell::send(const addressed_event& event, const call_id& call) {
  auto to = machine_.recipients(event.to, call);
  if (to.empty())
    return;
  out_->send(to, *encode(event.what), now());
  look_again_after(house_->resume.unanswered);
}

wire_event_ptr session_shell::encode(const call_event& what) const {
  return families::encode(what, {user_, house_->ice, now()});
}

void session_shell::tell_presence() {
  for (const auto& [id, call] : calls_)
    tell_presence(call);
}

void session_shell::tell_presence(const call_actor& call) {
  self_->send(call,
              call_message{command::presence{user_, machine_.devices(), machine_.lost()}, {}});
}

void session_shell::refresh_in_call() {
  for (auto& [id, held] : devices_)
    if (auto is = machine_.in_call(id); held.link && is != held.in_call) {
      held.in_call = is;
      held.link->set_in_call(is);
    }
}

void session_shell::quit_if_idle() {
  if (machine_.idle() && house_->lines.retire(user_))
    self_->quit();
}

user_session_actor::behavior_type
session_behavior(user_session_actor::stateful_pointer<session_shell> self, const context* house,
                 user_id user, std::shared_ptr<delivery> out) {
  guard(self);
  self->state.start(self, house, user, std::move(out));
  return {
      [self](attach_device& cmd) { self->state.on(cmd); },
      [self](const detach_device& cmd) { self->state.on(cmd); },
      [self](const look_after& what) { self->state.on(what); },
      [self](deliver& news) { self->state.on(news); },
  };
}

} // namespace carillon::actors
