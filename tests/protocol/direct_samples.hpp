#pragma once

#include "protocol/command_sink.hpp"
#include "tests/protocol/user_samples.hpp"

#include <string>
#include <utility>

/// Calls of alice, who is there, to bob, of whom nothing is known, for tests of how calls are
/// worded.
namespace carillon::samples::direct_calls {

inline const user_view bob_view = seen("bob", {}, false);

inline call_view ringing(std::string id) {
  call_record record;
  record.id = call_id{std::move(id)};
  record.caller = alice;
  record.part = direct_part{bob, media_type::video};
  record.version = 1;
  record.created_at = from_epoch_ms(1762853400000); // 2025-11-11T09:30:00Z
  record.ring_deadline = from_epoch_ms(1762853445000);
  return {record, {alice_view, bob_view}};
}

inline call_view completed(std::string id) {
  auto view = ringing(std::move(id));
  view.call.status = call_status::completed;
  view.call.reason = end_reason::hung_up;
  view.call.duration_s = 125;
  view.call.ended_by = bob;
  view.call.started_at = from_epoch_ms(1762853410000);
  view.call.ended_at = from_epoch_ms(1762853535500);
  view.call.ring_deadline.reset();
  return view;
}

inline call_view missed(std::string id) {
  auto view = ringing(std::move(id));
  view.call.status = call_status::missed;
  view.call.reason = end_reason::no_answer;
  view.call.direct().missed = true;
  view.call.ended_at = view.call.ring_deadline;
  view.call.ring_deadline.reset();
  return view;
}

} // namespace carillon::samples::direct_calls
