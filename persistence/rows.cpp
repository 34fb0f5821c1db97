#include "persistence/rows.hpp"

#include "config/log.hpp"

#include <array>

namespace carillon::persistence {

std::string call_columns(std::string_view from, spell_time times) {
  static constexpr std::array<std::string_view, 11> plain{
      "id",     "caller_id", "receiver_id", "call_type",  "status",  "reason",
      "missed", "via_rest",  "version",     "duration_s", "ended_by"};
  static constexpr std::array<std::string_view, 5> timed{"created_at", "started_at", "ended_at",
                                                         "ring_deadline", "call_deadline"};
  std::string columns;
  const auto qualified = [&](std::string_view name) {
    return std::string{from}.append(".").append(name);
  };
  for (auto name : plain) {
    const bool flag = name == "missed" || name == "via_rest";
    columns += flag ? "CAST(" + qualified(name) + " AS integer), " : qualified(name) + ", ";
  }
  for (auto name : timed)
    columns += times(qualified(name)) + (name == timed.back() ? "" : ", ");
  return columns;
}

std::string user_columns(spell_time times) {
  return "id, name, email, image, role, claim_name, claim_email, claim_image, claim_role, "
         + times("created_at") + ", " + times("updated_at");
}

std::string_view stored_word(end_reason reason) noexcept {
  return reason == end_reason::none ? std::string_view{} : to_string(reason);
}

bool set_words(call_record& call, std::string_view type, std::string_view status,
               std::string_view reason) {
  const auto known_type = parse_media_type(type);
  const auto known_status = parse_call_status(status);
  const auto known_reason =
      reason.empty() ? std::optional{end_reason::none} : parse_end_reason(reason);
  if (!known_type || !known_status || !known_reason) {
    log::error("call_not_readable",
               {{"call", call.id.str()}, {"type", type}, {"status", status}, {"reason", reason}});
    return false;
  }
  call.direct().type = *known_type;
  call.status = *known_status;
  call.reason = *known_reason;
  return true;
}

} // namespace carillon::persistence
