#include "tests/persistence/videos.hpp"

#include "tests/catch.hpp"

#include <algorithm>

namespace carillon::persistence::test {

namespace {

constexpr std::int64_t invitation_ms = 7'200'000;

participant& person_in(call_record& call, const std::string& user) {
  auto one = std::find_if(call.people.begin(), call.people.end(),
                          [&](const participant& p) { return p.user.str() == user; });
  if (one != call.people.end())
    return *one;
  call.people.emplace_back();
  call.people.back().user = user_id{user};
  call.people.back().invited = invitation::none;
  return call.people.back();
}

call_record next(call_record call, std::int64_t ms) {
  ++call.version;
  call.video().updated_at = at(ms);
  return call;
}

// The deadline stands while somebody has not answered.
void settle(call_record& call) {
  const bool pending =
      std::any_of(call.people.begin(), call.people.end(),
                  [](const participant& p) { return p.invited == invitation::pending; });
  if (!pending)
    call.call_deadline.reset();
}

} // namespace

call_record created(const std::string& id, const std::string& creator,
                    const std::vector<std::string>& members, std::int64_t ms) {
  video_facts facts;
  facts.call_id = id;
  facts.settings = R"({"recording":{"mode":"disabled"}})";
  call_record call;
  call.id = video_call_id(id);
  call.caller = user_id{creator};
  call.status = call_status::created;
  call.version = 1;
  call.created_at = at(ms);
  auto& first = call.people.emplace_back();
  first.user = call.caller;
  first.role = participant_role::admin;
  first.invited = invitation::none;
  first.version = 1;
  for (const auto& member : members) {
    facts.members.push_back({user_id{member}, "user"});
    auto& one = call.people.emplace_back();
    one.user = user_id{member};
    one.version = 1;
  }
  if (!members.empty())
    call.call_deadline = at(ms + invitation_ms);
  video_part part;
  part.facts = std::make_shared<const video_facts>(std::move(facts));
  part.invited_until = at(ms + invitation_ms);
  part.updated_at = at(ms);
  call.part = std::move(part);
  return call;
}

call_record activated(call_record call, std::int64_t ms) {
  call = next(std::move(call), ms);
  call.status = call_status::active;
  call.started_at = at(ms);
  if (call.count_in() == 0)
    call.ring_deadline = at(ms + 600'000);
  return call;
}

call_record entered(call_record call, const std::string& user, std::int64_t ms) {
  call = next(std::move(call), ms);
  auto& one = person_in(call, user);
  one.version = call.version;
  if (one.invited == invitation::pending) {
    one.invited = invitation::accepted;
    one.responded_at = at(ms);
  }
  if (!one.joined_at)
    one.joined_at = at(ms);
  one.entered_at = at(ms);
  one.left_at.reset();
  one.lease_until = at(ms + 14'400'000);
  one.dropped = false;
  one.device = device_id{"d-" + user + "-" + std::to_string(ms)};
  call.ring_deadline.reset();
  settle(call);
  return call;
}

call_record gone(call_record call, const std::string& user, std::int64_t ms) {
  call = next(std::move(call), ms);
  auto& one = person_in(call, user);
  one.version = call.version;
  one.leave(at(ms));
  one.dropped = true;
  return call;
}

call_record answered(call_record call, const std::string& user, invitation how, std::int64_t ms) {
  call = next(std::move(call), ms);
  auto& one = person_in(call, user);
  one.version = call.version;
  one.invited = how;
  one.responded_at = at(ms);
  settle(call);
  return call;
}

call_record over(call_record call, std::int64_t ms, call_status as) {
  call = next(std::move(call), ms);
  for (auto& one : call.people) {
    if (one.in()) {
      one.leave(at(ms));
      one.version = call.version;
    }
    if (one.invited == invitation::pending) {
      one.invited = invitation::expired;
      one.version = call.version;
    }
  }
  call.status = as;
  call.reason = as == call_status::ended ? end_reason::hung_up : end_reason::cancelled;
  call.ended_by = call.caller;
  call.ended_at = at(ms);
  if (call.started_at)
    call.duration_s = (at(ms) - *call.started_at).count() / 1'000;
  call.ring_deadline.reset();
  call.call_deadline.reset();
  return call;
}

call_record trimmed(call_record call, std::uint32_t known) {
  std::erase_if(call.people, [&](const participant& one) { return one.version <= known; });
  return call;
}

call_record stored_video(record_store& store, const std::string& id) {
  auto found = store.load_call(call_kind::video, video_call_id(id));
  INFO((found ? "" : found.error().message()));
  REQUIRE(found.ok());
  REQUIRE(found->has_value());
  return **found;
}

std::string names_of(const std::vector<call_record>& calls) {
  std::string names;
  for (const auto& call : calls)
    names += (names.empty() ? "" : " ") + call.video().facts->call_id;
  return names;
}

std::string awake_in(record_store& store) {
  auto live = store.live_calls();
  INFO((live ? "" : live.error().message()));
  REQUIRE(live.ok());
  std::erase_if(*live, [](const call_record& call) { return call.kind() != call_kind::video; });
  return names_of(*live);
}

recording_news news(const std::string& webhook, const std::string& call, const std::string& id,
                    recording_status status, const std::string& url, std::int64_t ms) {
  recording_news what;
  what.webhook = webhook;
  what.what.id = id;
  what.what.call = video_call_id(call);
  what.what.status = status;
  what.what.url = url;
  what.what.created_at = at(ms);
  what.what.updated_at = at(ms);
  return what;
}

std::string recorded(record_store& store, const std::string& call) {
  auto found = store.recordings(video_call_id(call));
  INFO((found ? "" : found.error().message()));
  REQUIRE(found.ok());
  std::string text;
  for (const auto& one : *found) {
    text += (text.empty() ? "" : ", ") + one.id + " " + std::string{to_string(one.status)};
    text += one.url.empty() ? "" : " " + one.url;
  }
  return text;
}

stored_token token(const std::string& user, const std::string& sealed, std::int64_t ms) {
  return {user_id{user}, sealed, at(ms), at(0)};
}

} // namespace carillon::persistence::test
