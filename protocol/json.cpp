#include "protocol/json.hpp"

#include "protocol/json_scanner.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>

namespace carillon::json {

namespace {

namespace dom = simdjson::dom;

// What a thread keeps for the next text; the parser needs about 16 bytes for each byte of text.
constexpr std::size_t kept_capacity = 131072;
constexpr std::size_t first_capacity = 4096;

/// The text with each long run of digits outside of strings cut down, or nothing if there is none.
///
/// JSON does not bound numbers, but simdjson refuses those that fit neither 64 bits nor a double,
/// and JavaScript writes 1e20 with all of its zeros. Whether the text is JSON does not depend on
/// the digits that are left out here.
std::optional<std::string> with_short_numbers(std::string_view text) {
  std::string out;
  scanner in{text};
  bool cut = false;
  while (!in.done()) {
    auto begin = in.position();
    if (in.peek() == '"') {
      in.skip_string();
      out += text.substr(begin, in.position() - begin);
    } else if (is_digit(in.peek())) {
      auto before = text.substr(0, begin);
      if (before.ends_with('+') || before.ends_with('-'))
        before.remove_suffix(1);
      bool exponent = before.ends_with('e') || before.ends_with('E');
      std::size_t keep = exponent ? 2 : 15;
      in.skip_digits();
      cut = cut || in.position() - begin > keep;
      out += text.substr(begin, std::min(keep, in.position() - begin));
    } else {
      out += in.next();
    }
  }
  return cut ? std::optional{std::move(out)} : std::nullopt;
}

/// A text parsed by the thread's own parser, or by one of its own when it is too big to keep that
/// much memory for it. One at a time in each thread.
class document {
public:
  explicit document(std::string_view text) {
    // A byte order mark is no JSON, though some versions of simdjson skip it.
    if (text.empty() || text.starts_with("\xEF\xBB\xBF"))
      return;
    ok_ = parse(text);
    if (!ok_)
      if (auto shorter = with_short_numbers(text))
        ok_ = parse(*shorter);
  }
  document(const document&) = delete;
  document& operator=(const document&) = delete;

  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] const dom::element& root() const noexcept { return root_; }

private:
  // simdjson counts the level that it refuses.
  static constexpr std::size_t depth = max_depth + 1;

  static dom::parser make_kept_parser() {
    dom::parser parser{kept_capacity};
    // Out of memory shows when it parses.
    [[maybe_unused]] auto error = parser.allocate(first_capacity, depth);
    return parser;
  }

  bool parse(std::string_view text) {
    thread_local auto kept = make_kept_parser();
    auto* parser = &kept;
    if (text.size() > kept_capacity) {
      parser = &own_.emplace();
      if (parser->allocate(text.size(), depth) != simdjson::SUCCESS)
        return false;
    }
    return parser->parse(text.data(), text.size()).get(root_) == simdjson::SUCCESS;
  }

  std::optional<dom::parser> own_;
  dom::element root_;
  bool ok_ = false;
};

kind kind_of(const dom::element& value) noexcept {
  switch (value.type()) {
  case dom::element_type::ARRAY:
    return kind::array;
  case dom::element_type::OBJECT:
    return kind::object;
  case dom::element_type::STRING:
    return kind::string;
  case dom::element_type::BOOL:
    return kind::boolean;
  case dom::element_type::NULL_VALUE:
    return kind::null;
  default:
    return kind::number;
  }
}

std::string text_of(const dom::element& value) {
  std::string_view text;
  return value.get_string().get(text) == simdjson::SUCCESS ? std::string{text} : std::string{};
}

} // namespace

result<object> object::parse(std::string_view text) {
  document parsed{text};
  dom::object from;
  if (!parsed.ok() || parsed.root().get_object().get(from) != simdjson::SUCCESS)
    return error_code::invalid_json;
  object out;
  out.members_.reserve(from.size());
  scanner raw{text};
  raw.enter();
  for (auto [key, value] : from) {
    raw.value();
    out.members_.push_back({std::string{key}, kind_of(value), text_of(value), raw.value()});
  }
  return out;
}

const member* object::find(std::string_view key) const noexcept {
  for (auto at = members_.rbegin(); at != members_.rend(); ++at)
    if (at->key == key)
      return &*at;
  return nullptr;
}

std::optional<std::string_view> object::string(std::string_view key) const noexcept {
  const auto* found = find(key);
  if (found == nullptr || found->type != kind::string || found->text.empty())
    return std::nullopt;
  return found->text;
}

std::optional<bool> object::boolean(std::string_view key) const noexcept {
  const auto* found = find(key);
  if (found == nullptr || found->type != kind::boolean)
    return std::nullopt;
  return found->raw == "true";
}

std::optional<double> object::number(std::string_view key) const noexcept {
  const auto* found = find(key);
  if (found == nullptr || found->type != kind::number)
    return std::nullopt;
  double number = 0;
  auto raw = found->raw;
  auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), number);
  if (error != std::errc{} || end != raw.data() + raw.size())
    return std::nullopt;
  return number;
}

result<std::vector<member>> parse_array(std::string_view text) {
  document parsed{text};
  dom::array from;
  if (!parsed.ok() || parsed.root().get_array().get(from) != simdjson::SUCCESS)
    return error_code::invalid_json;
  std::vector<member> out;
  out.reserve(from.size());
  scanner raw{text};
  raw.enter();
  for (const dom::element& value : from)
    out.push_back({{}, kind_of(value), text_of(value), raw.value()});
  return out;
}

bool valid(std::string_view text) noexcept { return document{text}.ok(); }

std::optional<std::string> as_string(std::string_view text) {
  document parsed{text};
  std::string_view value;
  if (!parsed.ok() || parsed.root().get_string().get(value) != simdjson::SUCCESS)
    return std::nullopt;
  return std::string{value};
}

} // namespace carillon::json
