#include "persistence/video_lists.hpp"

namespace carillon::persistence {

std::string invitation_status(spell_time times, std::string_view now) {
  return "CASE WHEN i.status = 'pending' AND (" + times("i.expires_at") + " <= " + std::string{now}
         + " OR c.status IN ('ended', 'cancelled')) THEN 'expired' ELSE i.status END";
}

std::string pending_condition(spell_time times, std::string_view now) {
  return " AND i.status = 'pending' AND c.status IN ('created', 'active') AND ("
         + times("i.expires_at") + " > " + std::string{now} + " OR i.expires_at IS NULL)";
}

std::string invitation_columns(spell_time times, std::string_view now) {
  return "i.call_id, c.call_id, c.call_type, c.call_name, c.status, i.invited_by,"
         " i.invited_user_id, "
         + invitation_status(times, now) + ", " + times("i.invited_at") + ", "
         + times("i.responded_at") + ", " + times("i.expires_at") + ", " + times("c.invited_until");
}

std::string stats_of(std::string_view hour, std::string_view who) {
  return "SELECT " + std::string{hour}
         + ", count(*), count(*) FILTER (WHERE status = 'active'),"
           " CAST(coalesce(sum(duration_seconds), 0) AS bigint), count(duration_seconds)"
           " FROM video_calls WHERE created_by = "
         + std::string{who} + " GROUP BY 1";
}

std::string token_columns(spell_time times) {
  return "user_id, stream_video_token, " + times("token_expires_at") + ", " + times("updated_at");
}

} // namespace carillon::persistence
