#pragma once

#include "protocol/command_sink.hpp"
#include "protocol/events.hpp"
#include "tests/protocol/user_samples.hpp"

/// A session of three, for tests of how sessions are worded: alice began it and is in, bob is in,
/// carol was called and has left again or never came.
namespace carillon::samples {

inline const call_id session{"call_1762853400000_abc123xyz"};
inline const user_id carol{"carol"};

inline const user_view bob_view = seen("bob", {"Bob", "", "https://x.org/b.png", ""}, true);
inline const user_view carol_view = seen("carol", {"Carol", "", "https://x.org/c.png", ""}, false);

/// `s` seconds after the session was begun, 2025-11-11T09:30:00Z.
inline time_point at(int s) { return from_epoch_ms(1762853400000 + std::int64_t{s} * 1000); }

inline session_facts_ptr facts() {
  session_facts out;
  out.type = session_type::group;
  out.seats = 8;
  out.settings = R"({"isVideoEnabled":false,"isAudioEnabled":true,"isRecordingEnabled":false,)"
                 R"("allowScreenShare":true})";
  out.metadata = R"({"title":"Stand-up","tags":["a","b"]})";
  read_flags(out);
  return std::make_shared<const session_facts>(std::move(out));
}

inline participant alice_in() {
  participant out;
  out.user = alice;
  out.role = participant_role::initiator;
  out.invited = invitation::none;
  out.joined_at = out.entered_at = at(5);
  out.device = device_id{"dev-a"};
  out.peer_id = "peer-a";
  out.media = {false, true, false};
  out.version = 2;
  return out;
}

inline participant bob_in() {
  participant out;
  out.user = bob;
  out.invited = invitation::accepted;
  out.responded_at = out.joined_at = out.entered_at = at(10);
  out.device = device_id{"dev-b"};
  out.media = {true, true, true};
  out.version = 3;
  return out;
}

inline participant carol_pending() {
  participant out;
  out.user = carol;
  out.version = 1;
  return out;
}

inline call_view active() {
  call_record out;
  out.id = session;
  out.caller = alice;
  out.status = call_status::active;
  out.version = 3;
  out.created_at = at(0);
  out.started_at = at(10);
  out.ring_deadline = at(45);
  out.call_deadline = at(3610);
  out.part = session_part{facts(), at(45)};
  out.people = {alice_in(), bob_in(), carol_pending()};
  return {out, {alice_view, bob_view, carol_view}};
}

/// After 130 s bob was the last to leave; carol never came.
inline call_view ended() {
  auto out = active();
  auto& call = out.call;
  call.status = call_status::ended;
  call.reason = end_reason::last_left;
  call.ended_by = bob;
  call.version = 5;
  call.duration_s = 120;
  call.ended_at = at(130);
  call.ring_deadline.reset();
  call.call_deadline.reset();
  call.people[0].entered_at.reset();
  call.people[0].left_at = at(65);
  call.people[0].present = seconds{60};
  call.people[1].entered_at.reset();
  call.people[1].left_at = at(130);
  call.people[1].present = seconds{120};
  call.people[2].invited = invitation::expired;
  return out;
}

} // namespace carillon::samples
