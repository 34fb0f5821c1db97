#include "protocol/dialects/relays.hpp"

#include "protocol/json_scanner.hpp"

#include <array>

namespace carillon {

namespace {

struct relay_row {
  std::string_view event;
  std::string_view key; ///< of the payload, as it stands in the text
  relay_kind kind;
  call_kind family;
};

constexpr std::array<relay_row, 6> rows{{
    {"sendIceCandidate", "\"candidate\"", relay_kind::candidate, call_kind::direct},
    {"webrtc_ice_candidate", "\"candidate\"", relay_kind::candidate, call_kind::session},
    {"sendOffer", "\"offer\"", relay_kind::offer, call_kind::direct},
    {"sendAnswer", "\"answer\"", relay_kind::answer, call_kind::direct},
    {"webrtc_offer", "\"offer\"", relay_kind::offer, call_kind::session},
    {"webrtc_answer", "\"answer\"", relay_kind::answer, call_kind::session},
}};

/// The keys that say where a relay goes, as they stand in the text.
struct address_keys {
  std::string_view call;
  std::string_view to;
  std::string_view instead; ///< of `to`, where that is not said; empty: nothing is
};

// In the order of `call_kind`.
constexpr std::array<address_keys, 2> keys_of_kinds{{
    {"\"callId\"", "\"to\"", {}},
    {"\"sessionId\"", "\"targetSocketId\"", "\"targetUserId\""},
}};

const relay_row* row_of(std::string_view event) noexcept {
  for (const auto& row : rows)
    if (row.event == event)
      return &row;
  return nullptr;
}

bool has_escape(std::string_view literal) noexcept {
  return literal.find('\\') != std::string_view::npos;
}

/// The text of a string literal without escapes; empty for anything else.
std::string_view plain_text(std::string_view literal) noexcept {
  if (literal.size() < 2 || literal.front() != '"')
    return {};
  return literal.substr(1, literal.size() - 2);
}

bool is_acceptable(const relay_view& what, const decode_limits& limits) noexcept {
  if (what.call.empty() || what.to.empty() || what.payload.empty())
    return false;
  if (what.kind == relay_kind::candidate)
    return true;
  auto too_large = limits.sdp_bytes > 0 && what.payload.size() > limits.sdp_bytes;
  return !too_large && what.payload != "null";
}

} // namespace

std::optional<relay_view> find_relay(std::string_view event_name, std::string_view data,
                                     const decode_limits& limits) noexcept {
  const auto* row = row_of(event_name);
  json::scanner in{data};
  if (row == nullptr || in.ahead() != '{')
    return std::nullopt;
  const auto& keys = keys_of_kinds[static_cast<std::size_t>(row->family)];
  relay_view out;
  out.kind = row->kind;
  out.family = row->family;
  std::string_view instead;
  in.enter();
  while (in.ahead() == '"') {
    auto key = in.value();
    auto value = in.value();
    if (key == row->key) {
      out.payload = value;
      continue;
    }
    auto* text = key == keys.call      ? &out.call
                 : key == keys.to      ? &out.to
                 : key == keys.instead ? &instead
                                       : nullptr;
    // Escapes are rare enough in keys and ids to be left to the decoder.
    if (has_escape(key) || (text != nullptr && has_escape(value)))
      return std::nullopt;
    if (text != nullptr)
      *text = plain_text(value);
  }
  // In a session the socket's id comes before the user's.
  out.to_device = !keys.instead.empty() && !out.to.empty();
  if (out.to.empty())
    out.to = instead;
  return is_acceptable(out, limits) ? std::optional{out} : std::nullopt;
}

relay_words::frame frame_around(std::string_view name, std::string_view field,
                                std::string_view with_zero) {
  std::string key = '"' + std::string{field} + "\":";
  auto value = with_zero.find(key) + key.size();
  return {name, std::string{with_zero.substr(0, value)}, std::string{with_zero.substr(value + 1)}};
}

} // namespace carillon
