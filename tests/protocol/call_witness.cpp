#include "tests/protocol/call_witness.hpp"

#include "tests/protocol/call_laws.hpp"

#include <string>

namespace carillon::test {

namespace {

template <class Event>
bool is(const call_event& what) {
  return std::holds_alternative<Event>(what);
}

/// Whether the device that hears this has nothing more to expect of the call.
bool is_last_word(const call_event& what) {
  if (const auto* confirm = std::get_if<event::ended_confirm>(&what))
    return confirm->status != call_status::active;
  return is<event::ended>(what) || is<event::rejected>(what) || is<event::rejected_confirm>(what)
         || is<event::not_available>(what);
}

bool is_busy(const call_event& what) {
  const auto* rejected = std::get_if<event::rejected>(&what);
  return rejected && rejected->busy;
}

} // namespace

void call_witness::attached(const user_id& user, const device_id& device, const device_id&,
                            const event::call_states& calls) {
  auto& seen = views_[device];
  seen.user = user;
  for (const auto& summary : calls.calls) {
    promise(summary.call == call_, "callState lists the user's calls");
    promise(summary.state != call_state::ended, "callState lists live calls");
    promise(summary.is_caller == (user == caller_), "callState says the role");
    seen.listed = true;
  }
}

void call_witness::detached(const device_id& device) { views_.at(device).here = false; }

void call_witness::restarted() {
  for (auto& [device, seen] : views_)
    seen.here = false;
}

void call_witness::hears(const device_id& device, const call_event& what) {
  auto& seen = views_.at(device);
  promise(seen.here, "a device that is gone hears nothing");
  if (seen.over)
    promise(is<event::ended_confirm>(what), "after the last word only the confirmation comes");
  if (seen.was_lost)
    ; // what it did itself is answered, but of the call it may first hear by `callState`
  else if (seen.user == caller_)
    promise(seen.listed || seen.initiated || is<event::initiated>(what)
                || is<event::ended_confirm>(what) || is<event::not_available>(what)
                || is_busy(what),
            "callInitiated comes before every other event");
  else
    promise(seen.knows() || is<event::incoming>(what) || is<event::initiated>(what)
                || is<event::ended_confirm>(what),
            "a receiver's device hears first that it rings");
  if (const auto* relay = std::get_if<event::relayed>(&what))
    hears_relay(device, seen, *relay);
  if (is<event::accepted_confirm>(what)) {
    promise(seen.user == receiver_, "the receiver accepts");
    promise(!seen.elsewhere && !seen.accepted, "an accept is confirmed once");
  }
  note(seen, what);
}

void call_witness::note(view& seen, const call_event& what) {
  if (is<event::incoming>(what)) {
    promise(seen.user == receiver_, "the receiver's devices ring");
    promise(!std::exchange(seen.rang, true), "a device rings once");
  } else if (is<event::ended>(what)) {
    promise(!std::exchange(seen.ended, true), "callEnded comes once");
  } else if (const auto* glare = std::get_if<event::initiated>(&what)) {
    promise(glare->glare == (seen.user == receiver_), "glare is the receiver's initiate");
    seen.initiated = true;
  } else if (is<event::accepted>(what) || is<event::accepted_confirm>(what)) {
    seen.accepted = true;
  } else if (is<event::answered_elsewhere>(what)) {
    promise(seen.user == receiver_, "only the receiver's devices compete");
    seen.elsewhere = true;
  }
  seen.over = seen.over || is_last_word(what);
}

void call_witness::hears_relay(const device_id& device, view& seen, const event::relayed& relay) {
  promise(relay.from != seen.user, "nobody hears its own relay");
  promise(relay.from == caller_ || relay.from == receiver_, "relays come from participants");
  promise(!(seen.rang && seen.elsewhere), "a device that lost the accept gets no relays");
  relays_.arrived(relay, device);
}

void call_witness::settled(call_state state, bool accepted, const device_id& placed_by) const {
  relays_.settle([this](const device_id& device) { return views_.at(device).here; });
  for (const auto& [device, seen] : views_) {
    if (!seen.here)
      continue;
    if (state == call_state::ringing && seen.user == receiver_)
      promise(seen.rang, "every device of the receiver rings");
    if (state == call_state::ended)
      promise(seen.over || !seen.knows(), "every device that knows of a call hears of its end");
    else
      promise(!seen.over, "no device hears of an end that was none");
    if (accepted && seen.rang)
      promise(seen.accepted || seen.elsewhere, "every device that rang hears who answered");
    // One that was lost may have lost the leg for a while, and hears by `callState` what became of it.
    if (accepted && device == placed_by && !seen.was_lost)
      promise(seen.accepted, "the caller hears that the call was accepted");
  }
}

} // namespace carillon::test
