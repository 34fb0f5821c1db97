#include "protocol/participants.hpp"

#include "protocol/json.hpp"

#include <algorithm>
#include <array>

namespace carillon {

namespace {

// Each in the order of its enumeration.
constexpr std::array<std::string_view, 3> type_words{"one-to-one", "group", "therapy"};
constexpr std::array<std::string_view, 2> role_words{"initiator", "participant"};
constexpr std::array<std::string_view, 4> invitation_words{"none", "pending", "accepted",
                                                           "expired"};

static_assert(static_cast<std::size_t>(session_type::therapy) + 1 == type_words.size());
static_assert(static_cast<std::size_t>(participant_role::participant) + 1 == role_words.size());
static_assert(static_cast<std::size_t>(invitation::expired) + 1 == invitation_words.size());

template <class Enum, std::size_t Size>
std::optional<Enum> parse(const std::array<std::string_view, Size>& words, std::string_view word) {
  auto at = std::find(words.begin(), words.end(), word);
  if (at == words.end())
    return std::nullopt;
  return static_cast<Enum>(at - words.begin());
}

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

std::string_view to_string(session_type type) noexcept {
  return type_words[static_cast<std::size_t>(type)];
}

std::string_view to_string(participant_role role) noexcept {
  return role_words[static_cast<std::size_t>(role)];
}

std::string_view to_string(invitation how) noexcept {
  return invitation_words[static_cast<std::size_t>(how)];
}

std::optional<session_type> parse_session_type(std::string_view word) noexcept {
  return parse<session_type>(type_words, word);
}

std::optional<participant_role> parse_participant_role(std::string_view word) noexcept {
  return parse<participant_role>(role_words, word);
}

std::optional<invitation> parse_invitation(std::string_view word) noexcept {
  return parse<invitation>(invitation_words, word);
}

} // namespace carillon
