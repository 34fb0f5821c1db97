#include "persistence/video_codec.hpp"

#include "persistence/video_rows.hpp"

#include <memory>

namespace carillon::persistence {

namespace {

void put_number(byte_writer& out, const std::optional<std::int64_t>& number) {
  out.number(number ? 1 : 0, 1);
  if (number)
    out.number(static_cast<std::uint64_t>(*number), 8);
}

std::optional<std::int64_t> get_number(byte_reader& in) {
  if (in.number(1) == 0)
    return std::nullopt;
  return static_cast<std::int64_t>(in.number(8));
}

// Of what a participant has in a session, video lacks the name of the peer and its media.
void put_person(byte_writer& out, const participant& one) {
  out.text(one.user.str());
  out.text(to_string(one.role));
  out.text(to_string(one.invited));
  out.text(one.device.str());
  out.number(one.dropped ? 1 : 0, 1);
  out.number(static_cast<std::uint64_t>(one.present.count()), 8);
  out.number(one.version, 4);
  for (const auto* t :
       {&one.responded_at, &one.joined_at, &one.entered_at, &one.left_at, &one.lease_until})
    out.time(*t);
}

std::optional<participant> get_person(byte_reader& in, const call_id& call) {
  participant one;
  one.user = user_id{in.text()};
  const auto role = in.text();
  const auto invited = in.text();
  if (!in.ok() || !set_video_words(one, call, role, invited))
    return std::nullopt;
  one.device = device_id{in.text()};
  one.dropped = in.number(1) != 0;
  one.present = milliseconds{static_cast<std::int64_t>(in.number(8))};
  one.version = static_cast<std::uint32_t>(in.number(4));
  for (auto* t :
       {&one.responded_at, &one.joined_at, &one.entered_at, &one.left_at, &one.lease_until})
    *t = in.maybe_time();
  return one;
}

void put_facts(byte_writer& out, const video_facts& facts) {
  for (const auto* text : {&facts.call_id, &facts.name, &facts.event_id, &facts.settings})
    out.text(*text);
  out.text(to_string(facts.type));
  out.number(facts.seats, 4);
  out.number((facts.recording ? 1u : 0u) | (facts.sharing ? 2u : 0u), 1);
  out.number(facts.members.size(), 4);
  for (const auto& member : facts.members) {
    out.text(member.user.str());
    out.text(member.role);
  }
}

// The type is left to the caller, to say it with the other words.
std::string_view get_facts(byte_reader& in, video_facts& facts) {
  for (auto* text : {&facts.call_id, &facts.name, &facts.event_id, &facts.settings})
    *text = in.text();
  const auto type = in.text();
  facts.seats = static_cast<std::uint32_t>(in.number(4));
  const auto flags = in.number(1);
  facts.recording = (flags & 1u) != 0;
  facts.sharing = (flags & 2u) != 0;
  const auto members = in.number(4);
  for (std::uint64_t i = 0; i < members && in.ok(); ++i) {
    user_id user{in.text()};
    facts.members.push_back({std::move(user), std::string{in.text()}});
  }
  return type;
}

} // namespace

void put_video(byte_writer& out, const call_record& call) {
  const auto& part = call.video();
  out.text(call.id.str());
  out.text(call.caller.str());
  out.text(call.ended_by.str());
  out.text(to_string(call.status));
  out.text(stored_word(call.reason));
  put_facts(out, *part.facts);
  out.number(call.version, 4);
  out.number(static_cast<std::uint64_t>(call.duration_s), 8);
  for (const auto t : {call.created_at, part.updated_at, part.invited_until})
    out.time(t);
  for (const auto* t : {&call.started_at, &call.ended_at, &call.ring_deadline, &call.call_deadline})
    out.time(*t);
  out.number(call.people.size(), 4);
  for (const auto& one : call.people)
    put_person(out, one);
}

std::optional<call_record> get_video(byte_reader& in) {
  call_record call;
  video_part part;
  video_facts facts;
  call.id = call_id{in.text()};
  call.caller = user_id{in.text()};
  call.ended_by = user_id{in.text()};
  const auto status = in.text();
  const auto reason = in.text();
  const auto type = get_facts(in, facts);
  if (!in.ok() || !set_words(call, facts, type, status, reason))
    return std::nullopt;
  part.facts = std::make_shared<const video_facts>(std::move(facts));
  call.version = static_cast<std::uint32_t>(in.number(4));
  call.duration_s = static_cast<std::int64_t>(in.number(8));
  for (auto* t : {&call.created_at, &part.updated_at, &part.invited_until})
    *t = in.time();
  call.part = std::move(part);
  for (auto* t : {&call.started_at, &call.ended_at, &call.ring_deadline, &call.call_deadline})
    *t = in.maybe_time();
  const auto people = in.number(4);
  for (std::uint64_t i = 0; i < people; ++i) {
    auto one = get_person(in, call.id);
    if (!one) // also where the bytes end too soon, whatever the number of people says
      return std::nullopt;
    call.people.push_back(std::move(*one));
  }
  return call;
}

void put_recording(byte_writer& out, const recording_news& news) {
  const auto& what = news.what;
  out.text(news.webhook);
  out.text(news.adopts);
  out.text(what.id);
  out.text(what.call.str());
  out.text(to_string(what.status));
  out.text(what.url);
  put_number(out, what.file_bytes);
  put_number(out, what.duration_s);
  out.time(what.created_at);
  out.time(what.updated_at);
}

std::optional<recording_news> get_recording(byte_reader& in) {
  recording_news news;
  auto& what = news.what;
  news.webhook = in.text();
  news.adopts = in.text();
  what.id = in.text();
  what.call = call_id{in.text()};
  const auto status = in.text();
  if (!in.ok() || !set_word(what, status))
    return std::nullopt;
  what.url = in.text();
  what.file_bytes = get_number(in);
  what.duration_s = get_number(in);
  what.created_at = in.time();
  what.updated_at = in.time();
  return news;
}

void put_token(byte_writer& out, const stored_token& token) {
  out.text(token.user.str());
  out.text(token.sealed);
  out.time(token.expires_at);
  out.time(token.updated_at);
}

stored_token get_token(byte_reader& in) {
  stored_token token;
  token.user = user_id{in.text()};
  token.sealed = in.text();
  token.expires_at = in.time();
  token.updated_at = in.time();
  return token;
}

} // namespace carillon::persistence
