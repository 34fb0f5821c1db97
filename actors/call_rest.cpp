#include "actors/call_actor.hpp"

#include "actors/channel_book.hpp"
#include "actors/mirror_feed.hpp"
#include "protocol/mirror_status.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <utility>

/// What a call's actor writes, and what it does for video calls alone: people come, and the call may
/// rest in the store.
namespace carillon::actors {

namespace {

/// How long a call is at rest before its actor stops. Whoever comes back within that finds it
/// there; the next one costs a read.
constexpr seconds rest_after{60};

} // namespace

bool call_shell::is_video() const noexcept { return machine_->record().kind() == call_kind::video; }

// Of the many people that a video call may have, only those whom the store may not have so. What it
// may not have goes again with every later version, so that one of them may take the others' place,
// in a batch or when the spool is replayed.
void call_shell::write(call_record record) {
  if (is_video())
    std::erase_if(record.people, [this](const participant& p) { return p.version <= stored_; });
  auto version = record.version;
  std::vector<write_op> with;
  if (version == 1 && house_->mirror->enabled())
    with = mirror_begin(*house_, record, users());
  self_->send(house_->persistence,
              put{std::move(record), call_actor{self_}, version, {}, std::move(with)});
}

// Behind the record that it tells of: what reads the channel from now on sees that.
bool call_shell::tell_channel() {
  if (!house_->channels.in_use())
    return false;
  const auto& record = machine_->record();
  return house_->channels.tell(channel_key(record), {record.users(), record.ended_at});
}

// Before the events of a step: they are for the newcomers, too.
void call_shell::admit(const std::vector<user_view>& newcomers) {
  for (const auto& who : newcomers) {
    side& made = sides_.emplace_back();
    made.user = who.user;
    made.session = house_->lines.join(who.user, machine_->record().id);
  }
  if (!newcomers.empty())
    tell_channel();
}

// The next deadline; or, for a call to which nothing will happen by itself, the moment from which
// on only the store keeps it.
void call_shell::set_alarm() {
  auto when = machine_->next_deadline();
  if (is_video()) {
    auto idle = !closing_ && all_committed() && waiting_.empty() && machine_->record().at_rest();
    rest_at_ = idle ? std::optional{rest_at_.value_or(now() + rest_after)} : std::nullopt;
    if (rest_at_ && (!when || *rest_at_ < *when))
      when = rest_at_;
  }
  alarm_.set(*house_, call_actor{self_}, when, now());
}

// The sessions let go of this actor before the directory does, so before they can meet the next
// one.
void call_shell::rest() {
  rest_at_.reset();
  closing_ = resting_ = true;
  const auto& record = machine_->record();
  house_->lines.release(record);
  for (auto& one : sides_)
    tell(one, {});
  story_.leave();
  house_->lines.rest(record.id);
  // Behind whatever was put into the mailbox before.
  self_->send(self_, close_down{});
}

void call_shell::on(const tell_timeline& what) const {
  std::vector<call_story::granted> permits;
  for (const auto& one : sides_)
    if (one.permit)
      permits.emplace_back(one.user->id, one.permit);
  auto live = machine_->state() != call_state::ended;
  what.reply(reply_value{timeline_answer{story_.so_far(permits), live}});
}

void call_shell::on(const close_down&) {
  if (std::exchange(resting_, false))
    house_->waker.rested(machine_->record().id, std::move(late_));
  self_->quit();
}

} // namespace carillon::actors
