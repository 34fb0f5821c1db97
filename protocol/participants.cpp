#include "protocol/participants.hpp"

#include "protocol/json.hpp"
#include "protocol/word_table.hpp"

namespace carillon {

namespace {

constexpr word_table<session_type, session_type::therapy> type_words{"one-to-one", "group",
                                                                     "therapy"};
constexpr word_table<participant_role, participant_role::moderator> role_words{
    "initiator", "participant", "admin", "moderator"};
constexpr word_table<invitation, invitation::declined> invitation_words{
    "none", "pending", "accepted", "expired", "declined"};

} // namespace

void read_flags(session_facts& facts) {
  auto settings = json::object::parse(facts.settings);
  if (!settings)
    return;
  auto read = [&](std::string_view name, bool& flag) {
    const auto* what = settings->find(name);
    if (what != nullptr && what->type == json::kind::boolean)
      flag = what->raw == "true";
  };
  read("isVideoEnabled", facts.video);
  read("isAudioEnabled", facts.audio);
  read("allowScreenShare", facts.may_share);
}

std::string_view to_string(session_type type) noexcept { return type_words[type]; }

std::string_view to_string(participant_role role) noexcept { return role_words[role]; }

std::string_view to_string(invitation how) noexcept { return invitation_words[how]; }

std::optional<session_type> parse_session_type(std::string_view word) noexcept {
  return type_words.parse(word);
}

std::optional<participant_role> parse_participant_role(std::string_view word) noexcept {
  return role_words.parse(word);
}

std::optional<invitation> parse_invitation(std::string_view word) noexcept {
  return invitation_words.parse(word);
}

} // namespace carillon
