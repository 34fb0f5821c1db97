#include "actors/session_actor.hpp"

#include "actors/directory.hpp"
#include "actors/guard.hpp"
#include "config/log.hpp"
#include "protocol/dialects/direct.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace carillon::actors {

session_shell::~session_shell() {
  // Only after a failure or at shutdown: a session that retires has left no device behind.
  for (auto& [id, held] : devices_)
    held.link->close(close_reason::going_away);
}

void session_shell::start(user_session_actor::pointer self, const context* house,
                          const user_id& user) {
  self_ = self;
  house_ = house;
  user_ = user;
}

void session_shell::on(attach_device& cmd) {
  auto states = machine_.attach(cmd.device);
  devices_[cmd.device] = {cmd.link, false};
  cmd.reply(reply_value{});
  cmd.link->offer(direct::encode(event::call_states{std::move(states)}));
  log::debug("device_attached", {{"user", user_.str()}, {"device", cmd.device.str()}});
  for (const auto& [id, call] : calls_)
    tell_presence(call);
}

void session_shell::on(const detach_device& cmd) {
  if (!machine_.detach(cmd.device))
    return;
  devices_.erase(cmd.device);
  log::debug("device_detached", {{"user", user_.str()}, {"device", cmd.device.str()}});
  for (const auto& [id, call] : calls_)
    tell_presence(call);
  quit_if_idle();
}

void session_shell::on(deliver& news) {
  const auto& call = news.summary.call;
  if (news.call && !news.gone) {
    machine_.update(news.summary);
    if (calls_.emplace(call, news.call).second)
      tell_presence(news.call);
  }
  for (const auto& event : news.events)
    send(event, call);
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
  auto encoded = direct::encode(event.what);
  for (const auto& id : to)
    if (auto i = devices_.find(id); i != devices_.end())
      i->second.link->offer(encoded);
  counters::add(house_->counts.events_out, to.size());
}

void session_shell::tell_presence(const call_actor& call) {
  self_->send(call, call_message{command::presence{user_, machine_.devices()}, {}});
}

void session_shell::refresh_in_call() {
  for (auto& [id, held] : devices_)
    if (auto now = machine_.in_call(id); now != held.in_call) {
      held.in_call = now;
      held.link->set_in_call(now);
    }
}

void session_shell::quit_if_idle() {
  if (machine_.idle() && house_->lines.retire(user_))
    self_->quit();
}

user_session_actor::behavior_type
session_behavior(user_session_actor::stateful_pointer<session_shell> self, const context* house,
                 user_id user) {
  guard(self);
  self->state.start(self, house, user);
  return {
      [self](attach_device& cmd) { self->state.on(cmd); },
      [self](const detach_device& cmd) { self->state.on(cmd); },
      [self](deliver& news) { self->state.on(news); },
  };
}

} // namespace carillon::actors
