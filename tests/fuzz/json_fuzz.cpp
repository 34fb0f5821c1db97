// JSON texts of clients.

#include "protocol/json.hpp"
#include "tests/fuzz/json_grammar.hpp"
#include "tests/fuzz/target.hpp"

#include <simdjson.h>

namespace carillon::fuzz {

namespace {

using json::kind;

/// Whether `raw` begins as a value of this kind does.
bool looks_like(kind type, std::string_view raw) {
  switch (type) {
  case kind::null:
    return raw == "null";
  case kind::boolean:
    return raw == "true" || raw == "false";
  case kind::number:
    return raw.find_first_of("0123456789") <= 1;
  case kind::string:
    return raw.starts_with('"') && raw.ends_with('"');
  case kind::array:
    return raw.starts_with('[') && raw.ends_with(']');
  case kind::object:
    return raw.starts_with('{') && raw.ends_with('}');
  }
  return false;
}

/// Each member is JSON of its own, stands in the text behind the one before it, and is what it
/// says.
void check_members(std::span<const json::member> members, std::string_view text) {
  FUZZ_REQUIRE(members.size() <= text.size());
  auto behind = text.data();
  for (const auto& each : members) {
    FUZZ_REQUIRE(!each.raw.empty() && is_inside(each.raw, text) && each.raw.data() >= behind);
    behind = each.raw.data() + each.raw.size();
    FUZZ_REQUIRE(looks_like(each.type, each.raw));
    FUZZ_REQUIRE(json::valid(each.raw));
    FUZZ_REQUIRE(json::as_string(each.raw)
                 == (each.type == kind::string ? std::optional{each.text} : std::nullopt));
    FUZZ_REQUIRE(each.type == kind::string || each.text.empty());
    FUZZ_REQUIRE(each.text.size() <= each.raw.size());
  }
}

bool same(const json::member& a, const json::member& b) {
  return a.key == b.key && a.type == b.type && a.text == b.text && a.raw == b.raw;
}

bool same(std::span<const json::member> a, std::span<const json::member> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return same(x, y); });
}

void check_object(const json::object& parsed, std::string_view text) {
  check_members(parsed.members(), text);
  std::string again = "{";
  for (const auto& each : parsed.members()) {
    FUZZ_REQUIRE(parsed.find(each.key) != nullptr);
    if (auto value = parsed.string(each.key))
      FUZZ_REQUIRE(!value->empty() && parsed.find(each.key)->type == kind::string);
    again += again.size() > 1 ? "," : "";
    json::append_literal(again, each.key);
    again.append(":").append(each.raw);
  }
  again += '}';
  auto back = json::object::parse(again);
  FUZZ_REQUIRE(back && same(back->members(), parsed.members()));
}

void check_array(const std::vector<json::member>& parsed, std::string_view text) {
  check_members(parsed, text);
  std::string again = "[";
  for (const auto& each : parsed)
    again.append(again.size() > 1 ? "," : "").append(each.raw);
  again += ']';
  auto back = json::parse_array(again);
  FUZZ_REQUIRE(back && same(*back, parsed));
}

/// The decoder takes what the grammar takes, but for UTF-8, depth, and escapes of half characters.
void check_grammar(std::string_view text) {
  json_grammar grammar{text};
  bool decoded = json::valid(text);
  if (decoded)
    FUZZ_REQUIRE(grammar.ok() && grammar.depth() <= json::max_depth + 1);
  bool utf8 = simdjson::validate_utf8(text.data(), text.size());
  FUZZ_REQUIRE(utf8 || !decoded);
  if (grammar.ok() && utf8 && grammar.depth() <= json::max_depth && !grammar.has_surrogate())
    FUZZ_REQUIRE(decoded);
}

/// Whatever bytes a text has, written it is JSON, and comes back as it was if it was UTF-8.
void check_writer(std::string_view text) {
  json::writer out;
  out.begin_object().field("text", text).end_object();
  auto written = json::object::parse(out.text());
  FUZZ_REQUIRE(written);
  auto back = written->find("text")->text;
  std::string once;
  json::append_literal(once, back);
  FUZZ_REQUIRE(json::as_string(once) == back);
  if (back.find("\xEF\xBF\xBD") == std::string::npos)
    FUZZ_REQUIRE(back == text);
}

} // namespace

void check(std::string_view input) {
  auto object = json::object::parse(input);
  auto array = json::parse_array(input);
  auto string = json::as_string(input);
  FUZZ_REQUIRE(object.ok() + array.ok() + string.has_value() <= 1);
  if (object.ok() || array.ok() || string)
    FUZZ_REQUIRE(json::valid(input));
  if (object)
    check_object(*object, input);
  else
    FUZZ_REQUIRE(object.error().code == error_code::invalid_json);
  if (array)
    check_array(*array, input);
  else
    FUZZ_REQUIRE(array.error().code == error_code::invalid_json);
  check_grammar(input);
  check_writer(input);
}

} // namespace carillon::fuzz
