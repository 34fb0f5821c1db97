#include "persistence/op_check.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <set>

namespace carillon::persistence {

namespace {

// The end of the year 9999.
constexpr std::int64_t latest_ms = 253402300799999;

// More than the longest has: as many people as it may have, with the longest ids.
constexpr std::size_t most_timeline_bytes = 256 * 1024;

bool is_storable(const std::optional<time_point>& t) noexcept {
  return !t || *t == storable_time(*t);
}

bool storable_texts(std::initializer_list<std::string_view> texts) noexcept {
  for (auto text : texts) {
    if (!storable_text(text))
      return false;
  }
  return true;
}

bool storable_times(std::initializer_list<std::optional<time_point>> times) noexcept {
  return std::all_of(times.begin(), times.end(), is_storable);
}

bool storable_claims(const user_claims& c) noexcept {
  return storable_texts({c.name, c.email, c.image, c.role});
}

struct reason_against {
  using answer = std::optional<std::string>;

  answer operator()(const user_ptr& user) const {
    if (!user)
      return "no user";
    if (user->id.empty())
      return empty_id;
    if (!storable_text(user->id.str()) || !storable_claims(user->profile)
        || !storable_claims(user->claimed))
      return not_text;
    if (!is_storable(user->created_at) || !is_storable(user->updated_at))
      return not_time;
    return std::nullopt;
  }

  answer operator()(const call_record& call) const {
    if (call.id.empty() || call.caller.empty())
      return empty_id;
    if (!storable_texts({call.id.str(), call.caller.str(), call.ended_by.str()}))
      return not_text;
    if (!storable_times({call.created_at, call.started_at, call.ended_at, call.ring_deadline,
                         call.call_deadline}))
      return not_time;
    return std::visit([&](const auto& part) { return against(call, part); }, call.part);
  }

  answer operator()(const hide_op& hide) const {
    if (!storable_texts({hide.user.str(), hide.call.str()}))
      return not_text;
    return std::nullopt;
  }

  answer operator()(const quality_sample& sample) const {
    if (sample.call.empty() || sample.user.empty())
      return empty_id;
    if (!storable_texts({sample.call.str(), sample.user.str(), sample.resolution}))
      return not_text;
    if (!is_storable(sample.at))
      return not_time;
    for (const auto& figure :
         {sample.rtt_ms, sample.jitter_ms, sample.packet_loss, sample.bitrate_kbps,
          sample.connection_time_ms, sample.audio_level, sample.video_fps, sample.mos}) {
      if (figure && !std::isfinite(*figure))
        return "number is not finite";
    }
    return std::nullopt;
  }

  answer operator()(const recording_news& news) const {
    const auto& what = news.what;
    if (news.webhook.empty() || what.id.empty() || what.call.empty())
      return empty_id;
    if (!storable_texts({news.webhook, news.adopts, what.id, what.call.str(), what.url}))
      return not_text;
    if (!storable_times({what.created_at, what.updated_at}))
      return not_time;
    if (what.file_bytes.value_or(0) < 0 || !is_seconds(what.duration_s))
      return not_number;
    return std::nullopt;
  }

  answer operator()(const stored_token& token) const {
    if (token.user.empty())
      return empty_id;
    if (!storable_texts({token.user.str(), token.sealed}))
      return not_text;
    if (!storable_times({token.expires_at, token.updated_at}))
      return not_time;
    return std::nullopt;
  }

  answer operator()(const channel_record& channel) const {
    if (channel.call.empty() || channel.created_by.empty())
      return empty_id;
    if (!storable_texts({channel.call.str(), channel.created_by.str(), channel.call_type}))
      return not_text;
    if (!storable_times({channel.created_at, channel.closed_at}))
      return not_time;
    if (channel.members.empty() || channel.members.front() != channel.created_by)
      return "who made it is not the first of its members";
    for (const auto& member : channel.members) {
      if (!storable_text(member.str()))
        return not_text;
    }
    return std::nullopt;
  }

  answer operator()(const chat_message_ptr& message) const {
    if (!message)
      return "no message";
    if (message->call.empty() || message->id.empty() || message->from.empty())
      return empty_id;
    if (!storable_texts({message->call.str(), message->id, message->from.str(), message->text,
                         message->attachments}))
      return not_text;
    if (!is_storable(message->at))
      return not_time;
    return against_place(message->seq);
  }

  answer operator()(const outbox_entry& entry) const {
    if (entry.lane.empty())
      return empty_id;
    if (!storable_texts({entry.lane, entry.path, entry.body}))
      return not_text;
    if (!is_storable(entry.created_at))
      return not_time;
    return against_place(entry.position);
  }

  answer operator()(const outbox_result& done) const {
    if (!storable_text(done.error))
      return not_text;
    if (!is_storable(done.at))
      return not_time;
    return against_place(done.position);
  }

  answer operator()(const timeline_ptr& told) const {
    if (!told)
      return "no timeline";
    if (told->call.empty())
      return empty_id;
    if (!storable_texts({told->call.str(), told->packed}))
      return not_text;
    if (told->packed.size() > most_timeline_bytes)
      return "timeline is too long";
    if (!is_storable(told->ended_at))
      return not_time;
    return std::nullopt;
  }

private:
  static constexpr const char* empty_id = "empty id";
  static constexpr const char* not_text = "text is not UTF-8 without NUL";
  static constexpr const char* not_time = "time out of range";
  static constexpr const char* not_number = "number out of range";

  // Whether an `integer` column of PostgreSQL holds it.
  static bool is_seconds(const std::optional<std::int64_t>& n) noexcept {
    return !n || (*n >= 0 && *n <= std::numeric_limits<std::int32_t>::max());
  }

  // Places begin at 1, and a `bigint` column holds them.
  static answer against_place(std::uint64_t place) {
    if (place == 0 || place > std::numeric_limits<std::int64_t>::max())
      return not_number;
    return std::nullopt;
  }

  static answer against(const call_record& call, const direct_part& part) {
    if (part.receiver.empty())
      return empty_id;
    if (!storable_text(part.receiver.str()))
      return not_text;
    if (!call.people.empty())
      return "people in a direct call";
    return std::nullopt;
  }

  static answer against(const call_record& call, const session_part& part) {
    if (!part.facts)
      return "no facts";
    if (!storable_texts({part.facts->therapy_session, part.facts->settings, part.facts->metadata}))
      return not_text;
    if (!is_storable(part.invited_until))
      return not_time;
    if (call.people.empty() || call.people.front().user != call.caller)
      return "initiator is not the first of its people";
    return against(call.people);
  }

  static answer against(const call_record& call, const video_part& part) {
    if (!part.facts)
      return "no facts";
    const auto& facts = *part.facts;
    if (facts.call_id.empty())
      return empty_id;
    if (!storable_uuid(call.id.str()))
      return "id is no UUID";
    if (!storable_texts({facts.call_id, facts.name, facts.event_id, facts.settings}))
      return not_text;
    for (const auto& member : facts.members) {
      if (!storable_texts({member.user.str(), member.role}))
        return not_text;
    }
    if (!storable_times({part.invited_until, part.updated_at}))
      return not_time;
    if (!is_seconds(call.duration_s) || !is_seconds(facts.seats))
      return not_number;
    return against(call.people);
  }

  static answer against(const std::vector<participant>& people) {
    std::set<std::string_view> users;
    for (const auto& one : people) {
      if (auto why = against(one))
        return why;
      if (!users.insert(one.user.str()).second)
        return "user is twice among its people";
    }
    return std::nullopt;
  }

  static answer against(const participant& one) {
    if (one.user.empty())
      return empty_id;
    if (!storable_texts({one.user.str(), one.device.str(), one.peer_id}))
      return not_text;
    if (!storable_times(
            {one.responded_at, one.joined_at, one.entered_at, one.left_at, one.lease_until}))
      return not_time;
    return std::nullopt;
  }
};

} // namespace

time_point storable_time(time_point t) noexcept {
  return std::clamp(t, from_epoch_ms(0), from_epoch_ms(latest_ms));
}

std::optional<std::string> why_unstorable(const write_op& op) {
  return std::visit(reason_against{}, op);
}

std::string subject_of(const write_op& op) {
  struct {
    std::string operator()(const user_ptr& u) const { return "user " + (u ? u->id.str() : ""); }
    std::string operator()(const call_record& c) const { return "call " + c.id.str(); }
    std::string operator()(const hide_op& h) const { return "call " + h.call.str(); }
    std::string operator()(const quality_sample& s) const { return "call " + s.call.str(); }
    std::string operator()(const recording_news& n) const { return "call " + n.what.call.str(); }
    std::string operator()(const stored_token& t) const { return "user " + t.user.str(); }
    std::string operator()(const channel_record& c) const { return "call " + c.call.str(); }
    std::string operator()(const chat_message_ptr& m) const {
      return "call " + (m ? m->call.str() : "");
    }
    std::string operator()(const outbox_entry& e) const { return "request to " + e.path; }
    std::string operator()(const outbox_result& r) const {
      return "request " + std::to_string(r.position);
    }
    std::string operator()(const timeline_ptr& t) const {
      return "call " + (t ? t->call.str() : "");
    }
  } name;
  auto subject = std::visit(name, op).substr(0, 160);
  for (char& c : subject) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7F)
      c = '?';
  }
  return subject;
}

} // namespace carillon::persistence
