#include "persistence/session_rows.hpp"

#include "config/log.hpp"

#include <initializer_list>

namespace carillon::persistence {

namespace {

// Appends columns of a table or alias, after what is there.
class column_list {
public:
  explicit column_list(spell_time spell)
    : times_(spell) {}

  void plain(char from, std::initializer_list<std::string_view> names) {
    for (auto name : names)
      add(qualified(from, name));
  }
  void flags(char from, std::initializer_list<std::string_view> names) {
    for (auto name : names)
      add("CAST(" + qualified(from, name) + " AS integer)");
  }
  void times(char from, std::initializer_list<std::string_view> names) {
    for (auto name : names)
      add(times_(qualified(from, name)));
  }
  void add(const std::string& column) {
    text_ += text_.empty() ? "" : ", ";
    text_ += column;
  }
  std::string take() { return std::move(text_); }

private:
  static std::string qualified(char from, std::string_view name) {
    return std::string{from, '.'}.append(name);
  }

  spell_time times_;
  std::string text_;
};

std::string count_of(const std::string& condition) {
  return "count(*) FILTER (WHERE " + condition + ")";
}

} // namespace

std::string session_columns(spell_time times) {
  column_list columns{times};
  columns.plain('s', {"id", "initiator_id", "session_type", "therapy_session_id", "seats"});
  // These may be long, and one row of the session is enough for them.
  for (const char* text : {"call_settings", "metadata"})
    columns.add("CASE WHEN p.position = 0 THEN s." + std::string{text} + " ELSE '' END");
  columns.plain('s', {"status", "reason", "version", "duration_s", "ended_by"});
  columns.times('s', {"created_at", "invited_until", "started_at", "ended_at", "ring_deadline",
                      "call_deadline"});
  columns.plain('p', {"user_id", "role", "invitation", "socket_id", "peer_id"});
  columns.flags('p', {"dropped", "has_video", "has_audio", "is_sharing", "used_video", "used_audio",
                      "used_sharing"});
  columns.plain('p', {"present_ms", "version"});
  columns.times('p', {"responded_at", "joined_at", "entered_at", "left_at"});
  return columns.take();
}

std::string summary_columns() {
  return "count(*), avg(rtt_ms), avg(jitter_ms), avg(packet_loss), avg(bitrate_kbps),"
         " avg(connection_time_ms), avg(mos), avg(audio_level), avg(video_fps)";
}

std::string usage_columns() {
  std::string columns = "count(*)";
  for (auto type : {session_type::one_to_one, session_type::group, session_type::therapy})
    columns += ", " + count_of("s.session_type = '" + std::string{to_string(type)} + "'");
  for (auto status : {call_status::waiting, call_status::active, call_status::ended})
    columns += ", " + count_of("s.status = '" + std::string{to_string(status)} + "'");
  columns += ", " + count_of("p.joined_at IS NOT NULL");
  for (const char* total : {"sum", "max"})
    columns += ", CAST(coalesce(" + std::string{total} + "(p.present_ms), 0) AS bigint) / 1000";
  for (const char* flag : {"used_video", "used_audio", "used_sharing", "dropped"})
    columns += ", " + count_of("p." + std::string{flag});
  // Whoever was in, the asker was not: the others are looked at for few sessions.
  return columns + ", "
         + count_of("s.ended_at IS NOT NULL AND s.started_at IS NULL AND p.joined_at IS NULL"
                    " AND NOT EXISTS (SELECT 1 FROM session_participants AS o"
                    " WHERE o.session_id = s.id AND o.joined_at IS NOT NULL)");
}

bool set_words(call_record& call, session_facts& facts, std::string_view type,
               std::string_view status, std::string_view reason) {
  const auto known_type = parse_session_type(type);
  const auto known_status = parse_call_status(status);
  const auto known_reason =
      reason.empty() ? std::optional{end_reason::none} : parse_end_reason(reason);
  if (!known_type || !known_status || !known_reason) {
    log::error(
        "session_not_readable",
        {{"session", call.id.str()}, {"type", type}, {"status", status}, {"reason", reason}});
    return false;
  }
  facts.type = *known_type;
  read_flags(facts);
  call.status = *known_status;
  call.reason = *known_reason;
  return true;
}

bool set_words(participant& who, const call_id& call, std::string_view role,
               std::string_view invited) {
  const auto known_role = parse_participant_role(role);
  const auto known_invitation = parse_invitation(invited);
  if (!known_role || !known_invitation) {
    log::error("session_not_readable",
               {{"session", call.str()}, {"role", role}, {"invitation", invited}});
    return false;
  }
  who.role = *known_role;
  who.invited = *known_invitation;
  return true;
}

} // namespace carillon::persistence
