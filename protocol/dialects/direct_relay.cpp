#include "protocol/dialects/direct.hpp"
#include "protocol/json_scanner.hpp"

#include <array>

// The hot path of relays: nothing is copied and nothing is allocated.

namespace carillon::direct {

namespace {

struct relay_row {
  std::string_view event;
  std::string_view key; ///< of the payload, as it stands in the text
  relay_kind kind;
};

constexpr std::array<relay_row, 3> rows{{
    {"sendIceCandidate", "\"candidate\"", relay_kind::candidate},
    {"sendOffer", "\"offer\"", relay_kind::offer},
    {"sendAnswer", "\"answer\"", relay_kind::answer},
}};

const relay_row* row_of(std::string_view event) noexcept {
  for (const auto& row : rows)
    if (row.event == event)
      return &row;
  return nullptr;
}

/// The text of a string literal that needs no unescaping; empty for anything else.
std::string_view plain_text(std::string_view literal) noexcept {
  if (literal.size() < 2 || literal.front() != '"' || literal.find('\\') != std::string_view::npos)
    return {};
  return literal.substr(1, literal.size() - 2);
}

} // namespace

std::optional<relay_view> find_relay(std::string_view event_name, std::string_view data,
                                     const decode_limits& limits) noexcept {
  const auto* row = row_of(event_name);
  json::scanner in{data};
  if (row == nullptr || in.ahead() != '{')
    return std::nullopt;
  relay_view out;
  out.kind = row->kind;
  in.enter();
  while (in.ahead() != '}') {
    auto key = in.value();
    auto value = in.value();
    if (key.find('\\') != std::string_view::npos)
      return std::nullopt;
    if (key == "\"callId\"")
      out.call = plain_text(value);
    else if (key == "\"to\"")
      out.to = plain_text(value);
    else if (key == row->key)
      out.payload = value;
  }
  auto sdp = row->kind != relay_kind::candidate;
  auto too_large = sdp && limits.sdp_bytes > 0 && out.payload.size() > limits.sdp_bytes;
  if (out.call.empty() || out.to.empty() || out.payload.empty() || too_large
      || (sdp && out.payload == "null"))
    return std::nullopt;
  return out;
}

} // namespace carillon::direct
