#include "protocol/plain_frame.hpp"

#include "protocol/json.hpp"

#include <algorithm>
#include <charconv>

namespace carillon {

namespace {

// JavaScript clients hold ids in doubles, which count exactly up to below this.
constexpr std::uint64_t id_end = std::uint64_t{1} << 53;

/// The decimal number that `text` is as a whole.
std::optional<std::uint64_t> number_of(std::string_view text) noexcept {
  std::uint64_t number = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return number;
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

} // namespace

result<plain_frame> decode_plain(std::string_view text) {
  auto message = json::object::parse(text);
  if (!message)
    return error_code::invalid_json;
  auto event = message->string("event");
  if (!event)
    return failure{error_code::invalid_field, "event"};
  plain_frame out{std::string{*event}, {}, {}};
  if (auto id = message->find("id"); id && id->type != json::kind::null) {
    out.id = id->type == json::kind::number ? number_of(id->raw) : std::nullopt;
    if (!out.id || *out.id >= id_end)
      return failure{error_code::invalid_field, "id"};
  }
  if (auto data = message->find("data"))
    out.data = data->raw;
  return out;
}

result<plain_hello> decode_hello(std::string_view data) {
  auto object = json::object::parse(data);
  if (!object)
    return failure{error_code::invalid_field, "data"};
  plain_hello out{std::string{object->string("token").value_or(std::string_view{})}, {}};
  if (auto given = object->find("resume"); given && given->type == json::kind::object) {
    if (auto named = json::object::parse(given->raw))
      out.resume = resume_of(named->string("pid").value_or(std::string_view{}),
                             named->string("offset").value_or(std::string_view{}));
  }
  return out;
}

std::optional<resume_request> resume_of(std::string_view pid, std::string_view offset) {
  if (pid.empty())
    return std::nullopt;
  return resume_request{std::string{pid}, number_of(offset).value_or(0)};
}

std::string_view bearer_of(std::string_view authorization) noexcept {
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() <= scheme.size()
      || !std::equal(scheme.begin(), scheme.end(), authorization.begin(),
                     [](char ours, char theirs) { return ours == lower(theirs); }))
    return {};
  authorization.remove_prefix(scheme.size());
  while (authorization.starts_with(' '))
    authorization.remove_prefix(1);
  return authorization;
}

} // namespace carillon
