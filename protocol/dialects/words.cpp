#include "protocol/dialects/words.hpp"

#include "protocol/channel_record.hpp"

#include <charconv>
#include <utility>

namespace carillon {

namespace {

bool is_blank(std::string_view text) noexcept {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

} // namespace

result<json::object> fields_of(std::string_view data) {
  if (is_blank(data))
    return json::object{};
  auto parsed = json::object::parse(data);
  if (parsed || !json::valid(data))
    return parsed;
  return json::object{};
}

// Ids are compared as they are, so white space around one is not forgiven.
result<std::string> id_in(const json::object& from, std::string_view name, error_code missing,
                          error_code unknown) {
  auto text = from.string(name);
  if (!text || is_blank(*text))
    return missing;
  if (!is_id(*text))
    return unknown;
  return std::string{*text};
}

failure bad_field(const call_id& call, std::string_view name) {
  failure why{error_code::invalid_field, call};
  why.detail = name;
  return why;
}

bool is_absent(const json::member* what) noexcept {
  return what == nullptr || what->type == json::kind::null;
}

result<std::string> short_text_in(const json::object& from, const call_id& call,
                                  std::string_view name, std::size_t bytes) {
  const auto* found = from.find(name);
  if (is_absent(found))
    return std::string{};
  if (found->type != json::kind::string || found->text.size() > bytes || has_controls(found->text))
    return bad_field(call, name);
  return found->text;
}

bool has_controls(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

result<std::string> payload_in(const json::object& from, const call_id& call, std::string_view name,
                               relay_kind kind, const decode_limits& limits) {
  const auto* payload = from.find(name);
  // Browsers announce the end of candidates with null.
  bool is_candidate = kind == relay_kind::candidate;
  if (payload == nullptr || (payload->type == json::kind::null && !is_candidate))
    return bad_field(call, name);
  if (!is_candidate && limits.sdp_bytes > 0 && payload->raw.size() > limits.sdp_bytes)
    return failure{error_code::sdp_too_large, call};
  return std::string{payload->raw};
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    char c = text.front();
    std::size_t length = 1;
    if (c == '+')
      c = ' ';
    if (c == '%') {
      length = 3;
      unsigned char byte = 0;
      auto hex = text.substr(1, 2);
      auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), byte, 16);
      if (error != std::errc{} || end != hex.data() + 2)
        return std::nullopt;
      c = static_cast<char>(byte);
    }
    out += c;
    text.remove_prefix(length);
  }
  return out;
}

std::optional<int> number_in(std::string_view text, int min, int max) {
  int number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < min || number > max)
    return std::nullopt;
  return number;
}

void write_time(json::writer& out, std::string_view name, const std::optional<time_point>& at) {
  out.key(name);
  if (at)
    out.value(to_iso8601(*at));
  else
    out.null();
}

void write_text(json::writer& out, std::string_view name, std::string_view text) {
  out.key(name);
  if (text.empty())
    out.null();
  else
    out.value(text);
}

void write_user_fields(json::writer& out, const user_view& who) {
  out.field("_id", who.user->id.str()).field("username", who.user->display_name());
  write_text(out, "email", who.user->profile.email);
  out.key("images").begin_array().value(who.user->display_image()).end_array();
  out.field("isOnline", who.online);
}

void write_channel(json::writer& out, const call_record& call) {
  write_text(out, "streamChannelId",
             implied_channel(call) ? channel_name(channel_key(call)) : std::string{});
}

std::string text_for_client(const failure& why) {
  switch (why.code) {
  case error_code::unauthorized:
  case error_code::store_unavailable:
  case error_code::internal:
    return std::string{describe(why.code).message};
  default:
    return why.message();
  }
}

} // namespace carillon
