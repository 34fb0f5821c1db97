#include "tests/persistence/sessions.hpp"

#include "tests/catch.hpp"

#include <algorithm>

namespace carillon::persistence::test {

call_record opened(const std::string& id, const std::vector<std::string>& people, std::int64_t ms) {
  session_facts facts;
  facts.type = people.size() == 2 ? session_type::one_to_one : session_type::group;
  facts.settings = R"({"isVideoEnabled":false,"isAudioEnabled":true,"allowScreenShare":false})";
  facts.metadata = "{}";
  read_flags(facts);
  call_record call;
  call.id = call_id{id};
  call.caller = user_id{people.at(0)};
  call.status = call_status::waiting;
  call.version = 1;
  call.created_at = at(ms);
  call.ring_deadline = at(ms + 45'000);
  call.call_deadline = at(ms + 3'600'000);
  call.part = session_part{std::make_shared<const session_facts>(facts), at(ms + 45'000)};
  for (const auto& user : people) {
    participant one;
    one.user = user_id{user};
    one.version = 1;
    if (call.people.empty()) {
      one.role = participant_role::initiator;
      one.invited = invitation::none;
    }
    call.people.push_back(one);
  }
  return call;
}

participant& entry(call_record& call, const std::string& user) {
  auto one = std::find_if(call.people.begin(), call.people.end(),
                          [&](const participant& p) { return p.user.str() == user; });
  REQUIRE(one != call.people.end());
  return *one;
}

call_record joined(call_record call, const std::string& user, std::int64_t ms) {
  auto& one = entry(call, user);
  one.version = ++call.version;
  if (one.invited == invitation::pending) {
    one.invited = invitation::accepted;
    one.responded_at = at(ms);
  }
  if (!one.joined_at)
    one.joined_at = at(ms);
  one.entered_at = at(ms);
  one.left_at.reset();
  one.dropped = false;
  one.device = device_id{"socket-" + user + "-" + std::to_string(ms)};
  one.peer_id = "peer \"" + user + "\"";
  one.media = {false, true, false};
  one.ever.audio = true;
  if (call.count_in() == 2 && !call.started_at) {
    call.started_at = at(ms);
    call.status = call_status::active;
  }
  return call;
}

call_record left(call_record call, const std::string& user, std::int64_t ms, bool dropped) {
  auto& one = entry(call, user);
  REQUIRE(one.entered_at.has_value());
  one.version = ++call.version;
  one.present += at(ms) - *one.entered_at;
  one.entered_at.reset();
  one.left_at = at(ms);
  one.dropped = dropped;
  one.media = {};
  return call;
}

call_record closed(call_record call, std::int64_t ms, end_reason why) {
  const auto next = call.version + 1;
  for (auto& one : call.people) {
    if (one.in()) {
      call = left(std::move(call), std::string{one.user.str()}, ms);
      --call.version;
    }
  }
  for (auto& one : call.people) {
    if (one.invited == invitation::pending) {
      one.invited = invitation::expired;
      one.version = next;
    }
  }
  call.version = next;
  call.status = call_status::ended;
  call.reason = why;
  call.ended_at = at(ms);
  call.ended_by = why == end_reason::hung_up ? call.caller : user_id{};
  if (call.started_at)
    call.duration_s = (at(ms) - *call.started_at).count() / 1'000;
  call.ring_deadline.reset();
  call.call_deadline.reset();
  return call;
}

quality_sample measured(const std::string& call, const std::string& user, std::int64_t ms) {
  quality_sample sample;
  sample.call = call_id{call};
  sample.user = user_id{user};
  sample.at = at(ms);
  sample.rtt_ms = 81.25;
  sample.jitter_ms = 0.1;
  sample.packet_loss = 1.0 / 3;
  sample.bitrate_kbps = 1'200;
  sample.connection_time_ms = 640;
  sample.audio_level = 0.7;
  sample.video_fps = 29.97;
  sample.resolution = "640x480";
  sample.mos = mos_of(sample);
  return sample;
}

query::sessions sessions_of(const std::string& user, int page, int limit,
                            std::optional<call_status> status) {
  return {user_id{user}, status, page, limit};
}

std::string listed(record_store& store, const query::sessions& what) {
  auto found = store.sessions(what);
  INFO((found ? "" : found.error().message()));
  REQUIRE(found.ok());
  const auto ids = ids_of(found->calls);
  return ids + (ids.empty() ? "of " : " of ") + std::to_string(found->total);
}

call_record stored_session(record_store& store, const std::string& id) {
  auto found = store.load_call(call_kind::session, call_id{id});
  INFO((found ? "" : found.error().message()));
  REQUIRE(found.ok());
  REQUIRE(found->has_value());
  return **found;
}

} // namespace carillon::persistence::test
