#pragma once

#include "protocol/command_sink.hpp"
#include "protocol/events.hpp"

#include <memory>
#include <string>
#include <utility>

/// A video call of three, for tests of how such calls are worded: alice created it and is in, bob,
/// a moderator, was in and left, carol was invited as `user` and has not answered.
namespace carillon::video_samples {

inline const user_id alice{"alice"};
inline const user_id bob{"bob"};
inline const user_id carol{"carol"};

/// `s` seconds after the call was created, 2025-11-11T09:30:00Z.
inline time_point at(int s) { return from_epoch_ms(1762853400000 + std::int64_t{s} * 1000); }

inline user_ptr person(std::string id, user_claims profile) {
  return std::make_shared<const user_record>(
      user_record{user_id{std::move(id)}, profile, profile, {}, {}});
}

inline const user_ptr alice_row = person("alice", {"Alice", "alice@x.org", "", ""});

inline constexpr std::string_view some_settings =
    R"({"audio":{"default_device":"earpiece"},"recording":{"mode":"available"}})";

inline video_facts_ptr facts() {
  video_facts out;
  out.call_id = "stand-up";
  out.name = "Daily \"stand-up\"";
  out.event_id = "event-7";
  out.seats = 12;
  out.settings = some_settings;
  out.members = {{bob, "moderator"}, {carol, "user"}};
  out.recording = true;
  return std::make_shared<const video_facts>(std::move(out));
}

inline participant alice_in() {
  participant out;
  out.user = alice;
  out.role = participant_role::admin;
  out.invited = invitation::none;
  out.joined_at = out.entered_at = at(5);
  out.version = 3;
  return out;
}

inline participant bob_left() {
  participant out;
  out.user = bob;
  out.role = participant_role::moderator;
  out.invited = invitation::accepted;
  out.responded_at = out.joined_at = at(10);
  out.left_at = at(70);
  out.present = milliseconds{59'999};
  out.version = 5;
  return out;
}

inline participant carol_pending() {
  participant out;
  out.user = carol;
  out.version = 1;
  return out;
}

/// As it was created.
inline call_record fresh() {
  call_record out;
  out.id = call_id{"4d3e3a58-4bd4-5a0c-a54c-7a5a3c1f4e0a"};
  out.caller = alice;
  out.status = call_status::created;
  out.version = 1;
  out.created_at = at(0);
  out.call_deadline = at(7200);
  out.part = video_part{facts(), at(7200), at(0)};
  participant creator;
  creator.user = alice;
  creator.role = participant_role::admin;
  creator.invited = invitation::none;
  participant member;
  member.user = bob;
  member.role = participant_role::moderator;
  out.people = {creator, member, carol_pending()};
  return out;
}

/// Made active at 2 s; bob has left.
inline call_record active() {
  auto out = fresh();
  out.status = call_status::active;
  out.version = 5;
  out.started_at = at(2);
  out.video().updated_at = at(70);
  out.people = {alice_in(), bob_left(), carol_pending()};
  return out;
}

/// Alice left at 125 s, as the last one.
inline call_record over() {
  auto out = active();
  out.status = call_status::ended;
  out.reason = end_reason::last_left;
  out.version = 6;
  out.ended_by = alice;
  out.ended_at = out.video().updated_at = at(125);
  out.duration_s = 123;
  out.people[0].leave(at(125));
  out.call_deadline.reset();
  return out;
}

/// One that nobody was invited to and that says no more than it has to.
inline call_record bare() {
  auto out = fresh();
  video_facts of;
  of.call_id = "hall";
  of.type = video_call_type::livestream;
  of.settings = "{}";
  out.part = video_part{std::make_shared<const video_facts>(std::move(of)), at(7200), at(0)};
  out.people.resize(1);
  return out;
}

inline call_view view_of(call_record call) { return {std::move(call), {}}; }

inline std::shared_ptr<const call_record> shared(call_record call) {
  return std::make_shared<const call_record>(std::move(call));
}

} // namespace carillon::video_samples
