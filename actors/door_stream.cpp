#include "actors/door.hpp"

#include "actors/channel_book.hpp"
#include "actors/directory.hpp"
#include "actors/mirror_feed.hpp"
#include "actors/pages.hpp"
#include "actors/replies.hpp"
#include "actors/user_book.hpp"
#include "protocol/video.hpp"

#include <caf/send.hpp>

#include <utility>

namespace carillon::actors {

// -- channels ----------------------------------------------------------------

void door::submit_chat(command::send_message cmd, const reply_to& reply) {
  auto call = cmd.call;
  house_->channels.send(call, {std::move(cmd), reply});
}

void door::submit_chat(command::mark_read cmd, const reply_to& reply) {
  auto call = cmd.call;
  house_->channels.send(call, {std::move(cmd), reply});
}

void door::submit_chat(command::open_channel cmd, const reply_to& reply) {
  std::vector<user_id> ids{cmd.from.user};
  ids.insert(ids.end(), cmd.members.begin(), cmd.members.end());
  with_known(std::move(ids), reply, [this, cmd = std::move(cmd), reply](const user_list&) {
    house_->channels.send(cmd.call, {cmd, reply});
  });
}

// A call that lives is ended as its family allows, and its channel hears of that. The channel
// itself answers for all others.
void door::submit_chat(command::close_channel cmd, const reply_to& reply) {
  command::end end{cmd.from, cmd.call, cmd.as_admin};
  auto unless_over = [this, cmd, reply](result<reply_value> what) {
    if (!what && what.error().code == error_code::call_not_found)
      close_by(cmd, nullptr, reply);
    else
      reply(std::move(what));
  };
  if (house_->lines.send(cmd.call, {std::move(end), reply_by(std::move(unless_over))}))
    return;
  if (house_->lines.ended(cmd.call))
    close_by(std::move(cmd), nullptr, reply);
  else
    close_at_rest(cmd, reply);
}

// Only the store knows whether there is a call.
void door::close_at_rest(const command::close_channel& cmd, const reply_to& reply) {
  read_store({[this, cmd, reply](record_store& store) {
                auto found = find_call(cmd.call, store);
                if (!found)
                  reply(found.error());
                else
                  close_by(cmd, *found ? &**found : nullptr, reply);
              },
              [reply](const failure& why) { reply(why); }});
}

// `call`: as it was, live or not; null: none, or it is over.
void door::close_by(command::close_channel cmd, const call_record* call, const reply_to& reply) {
  if (call && call->kind() == call_kind::video && call->state() != call_state::ended) {
    wake(call->id, {command::end{cmd.from, call->id, cmd.as_admin}, reply});
    return;
  }
  auto id = cmd.call;
  house_->channels.send(id, {std::move(cmd), reply});
}

// -- quality -----------------------------------------------------------------

// About a call of any kind; one of video may rest.
void door::report(command::report_quality cmd, const reply_to& reply) {
  if (house_->lines.send(cmd.call, {cmd, reply}))
    return;
  cmd.call = video_call_id(cmd.call.str());
  auto id = cmd.call;
  wake(id, {std::move(cmd), reply});
}

// -- profiles ----------------------------------------------------------------

// Nothing is made of what a token alone says: the row may hold more.
void door::submit_chat(command::upsert_user cmd, const reply_to& reply) {
  if (auto known = house_->users.find(cmd.from.user)) {
    change_profile(std::move(known), cmd.profile, reply);
    return;
  }
  read_store({[this, cmd, reply](record_store& store) {
                auto known = resolve_users(store, house_->users, {cmd.from.user});
                if (!known)
                  reply(known.error());
                else if (known->empty())
                  reply(error_code::not_authenticated);
                else
                  change_profile(known->begin()->second, cmd.profile, reply);
              },
              [reply](const failure& why) { reply(why); }});
}

// A row that says nothing new is put, too: the one that said it first may not be durable yet.
void door::change_profile(user_ptr known, const profile_changes& changes, const reply_to& reply) {
  std::lock_guard guard{profiles_};
  if (auto newest = house_->users.find(known->id))
    known = std::move(newest);
  std::vector<write_op> with;
  if (auto changed = merge_profile(*known, changes, now())) {
    known = std::move(changed);
    house_->users.keep(known);
    with = mirror_user(*house_, known);
  }
  caf::anon_send(house_->persistence,
                 put{known, {}, 0, reply_with(reply_value{known}, reply), std::move(with)});
}

} // namespace carillon::actors
