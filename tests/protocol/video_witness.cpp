#include "tests/protocol/video_witness.hpp"

#include "tests/protocol/call_words.hpp"
#include "tests/protocol/promise.hpp"

#include <algorithm>
#include <string>

namespace carillon::test {

// -- devices -----------------------------------------------------------------

void video_witness::attached(const user_id& user, const device_id& device, const device_id& before,
                             const event::call_states& calls) {
  auto& seen = views_[device];
  seen.user = user;
  if (seen.page.empty())
    seen.page = before.empty() ? device : views_.at(before).page;
  for (const auto& summary : calls.calls) {
    promise(summary.call == call_ && summary.kind == call_kind::video
                && summary.shown_as == "standup",
            "callState lists the user's calls, as clients call them");
    promise(summary.state != call_state::ended, "callState lists what lives");
    seen.listed = true;
  }
}

void video_witness::detached(const device_id& device) { views_.at(device).here = false; }

void video_witness::resumed(const device_id& device) { views_.at(device).here = true; }

void video_witness::restarted() {
  for (auto& [device, seen] : views_)
    seen.here = false;
}

void video_witness::expects(std::uint64_t, const device_id&) {
  promise(false, "nothing is relayed in a video call");
}

// -- events ------------------------------------------------------------------

video_witness::picture video_witness::picture_of(const call_record& call) {
  picture shown;
  shown.status = call.status;
  for (const auto& who : call.people) {
    if (who.in())
      shown.in.insert(who.user);
    shown.invited[who.user] = who.invited;
  }
  return shown;
}

void video_witness::same_for_all(std::uint32_t version, const picture& shown) {
  auto [known, fresh] = pictures_.insert({version, shown});
  promise(fresh || known->second == shown, "a version means the same to all, for ever");
}

void video_witness::newer(const view& seen, std::uint32_t version) {
  auto& last = versions_[seen.page];
  promise(version > last, "versions only grow");
  last = version;
}

void video_witness::hears(const device_id& device, const call_event& what) {
  auto& seen = views_.at(device);
  promise(seen.here, "a device that is gone hears nothing");
  promise(!seen.over, "after the end there is nothing more");
  std::visit(
      [&](const auto& e) {
        if constexpr (requires { e.call->people; }) {
          promise(e.call->id == call_ && e.call->has(seen.user), "nobody outside hears anything");
          same_for_all(e.call->version, picture_of(*e.call));
        }
        on(seen, e);
        if constexpr (requires { e.call->people; })
          promise(!seen.believes || seen.believes == picture_of(*e.call),
                  "what events tell is what changed");
      },
      what);
}

void video_witness::on(view& seen, const event::video_created& e) {
  promise(!std::exchange(seen.created, true), "a device is told of a call once");
  auto& last = versions_[seen.page];
  promise(e.call->version >= last, "and not of what was before");
  last = e.call->version;
  seen.believes = picture_of(*e.call);
}

void video_witness::on(view& seen, const event::video_updated& e) {
  newer(seen, e.call->version);
  seen.believes = picture_of(*e.call); // it names the status and all invitations
}

void video_witness::on(view& seen, const event::video_joined& e) {
  newer(seen, e.call->version);
  promise(e.name == e.who.user.str() && e.who.in() && e.who == *e.call->find(e.who.user),
          "who joins is in, and has a name");
  if (!seen.believes)
    return;
  promise(seen.believes->in.insert(e.who.user).second, "who joins was not in");
  seen.believes->invited[e.who.user] = e.who.invited; // joining accepts
}

void video_witness::on(view& seen, const event::video_left& e) {
  newer(seen, e.call->version);
  promise(!e.who.in() && e.who.left_at && e.who == *e.call->find(e.who.user), "who leaves is out");
  promise((e.reason == event::video_left::why::kicked) == !e.by.empty(),
          "only who was removed was so by somebody");
  promise(!seen.believes || seen.believes->in.erase(e.who.user) == 1, "who leaves was in");
}

void video_witness::on(view& seen, const event::video_ended& e) {
  newer(seen, e.call->version);
  promise(e.call->ended_at && e.call->count_in() == 0, "it is over for all");
  seen.over = true;
  seen.believes = picture_of(*e.call);
}

template <class Other>
void video_witness::on(view&, const Other&) {
  promise(false, "a video call has words of its own");
}

// -- rest --------------------------------------------------------------------

void video_witness::settled(const call& machine) const {
  const auto& record = machine.record();
  auto over = machine.state() == call_state::ended;
  for (const auto& [device, seen] : views_) {
    if (!seen.here)
      continue;
    const auto* who = record.find(seen.user);
    auto knows = seen.listed || seen.believes;
    promise(who || !knows, "nobody outside knows of it");
    promise(over ? seen.over || !knows : !seen.over, "who knows of it hears of the end");
    if (who && who->invited == invitation::pending)
      promise(seen.created, "every device of who is invited is told");
    promise(!seen.believes || seen.believes == picture_of(record),
            "what a device believes is what stands");
  }
}

} // namespace carillon::test
