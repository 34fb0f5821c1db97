#include "protocol/timeline.hpp"

#include <array>
#include <charconv>
#include <utility>

// Timelines as short texts, and back.

namespace carillon {

namespace {

constexpr std::string_view nothing = "-";

class packer {
public:
  explicit packer(std::size_t size) { text_.reserve(size); }

  packer& word(std::string_view what) {
    if (!text_.empty() && text_.back() != '\n')
      text_ += ' ';
    text_ += what;
    return *this;
  }
  packer& number(std::int64_t what, std::string_view before = {}) {
    std::array<char, 24> digits;
    auto end = std::to_chars(digits.data(), digits.data() + digits.size(), what).ptr;
    word(before.empty() ? std::string_view{digits.data(), end} : before);
    if (!before.empty())
      text_.append(digits.data(), end);
    return *this;
  }
  packer& person(std::uint8_t who) {
    return who == timeline_step::nobody ? word(nothing) : number(who);
  }
  packer& time(const std::optional<time_point>& at, time_point begun) {
    return at ? number((*at - begun).count()) : word(nothing);
  }
  void end_line() { text_ += '\n'; }

  [[nodiscard]] std::string take() && { return std::move(text_); }

private:
  std::string text_;
};

/// Takes the words of a text. What is not as it has to be makes it `broken`, for good.
class unpacker {
public:
  explicit unpacker(std::string_view text) noexcept
    : rest_(text) {}

  [[nodiscard]] bool broken() const noexcept { return broken_; }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty() || broken_; }
  [[nodiscard]] bool at_line_end() const noexcept { return at_end() || rest_.front() == '\n'; }

  void end_line() noexcept {
    check(!rest_.empty() && rest_.front() == '\n');
    rest_.remove_prefix(broken_ ? 0 : 1);
  }

  std::string_view word() noexcept {
    auto taken = rest_.substr(0, rest_.find_first_of(" \n"));
    check(!taken.empty());
    rest_.remove_prefix(taken.size());
    if (!rest_.empty() && rest_.front() == ' ')
      rest_.remove_prefix(1);
    return taken;
  }

  template <class Number>
  Number number(std::string_view of) noexcept {
    Number value{};
    auto [end, problem] = std::from_chars(of.data(), of.data() + of.size(), value);
    check(problem == std::errc{} && end == of.data() + of.size());
    return value;
  }
  milliseconds ms(std::string_view of) noexcept {
    auto value = number<std::int64_t>(of);
    check(value >= -most_ms && value <= most_ms);
    return milliseconds{broken_ ? 0 : value};
  }
  template <class Enum>
  Enum value(std::optional<Enum> parsed) noexcept {
    check(parsed.has_value());
    return parsed.value_or(Enum{});
  }
  std::optional<time_point> time(time_point begun) noexcept {
    auto what = word();
    if (what == nothing)
      return std::nullopt;
    return begun + ms(what);
  }
  std::uint8_t person(std::size_t people) noexcept {
    auto what = word();
    if (what == nothing)
      return timeline_step::nobody;
    auto who = number<std::uint8_t>(what);
    check(who < people);
    return who;
  }

private:
  /// A hundred thousand years; sums of these stay in range.
  static constexpr std::int64_t most_ms = 3'155'760'000'000'000;

  void check(bool fine) noexcept { broken_ = broken_ || !fine; }

  std::string_view rest_;
  bool broken_ = false;
};

timeline_step step_of(unpacker& in, const timeline& of) {
  timeline_step step;
  step.kind = in.value(parse_step_kind(in.word()));
  step.at = of.created_at + in.ms(in.word());
  step.from = in.person(of.people.size());
  step.to = in.person(of.people.size());
  if (step.kind == step_kind::candidates)
    step.until = step.at;
  while (!in.at_line_end()) {
    auto more = in.word();
    if (more.starts_with('x'))
      step.n = in.number<std::uint32_t>(more.substr(1));
    else if (more.starts_with('+'))
      step.until = step.at + in.ms(more.substr(1));
    else
      step.reason = in.value(parse_end_reason(more));
  }
  in.end_line();
  return step;
}

} // namespace

std::string pack(const timeline& what) {
  packer out{96 + 24 * what.people.size() + 24 * what.steps.size()};
  out.word(to_string(what.kind)).word(to_string(what.status)).word(to_string(what.reason));
  out.number(to_epoch_ms(what.created_at));
  out.time(what.started_at, what.created_at).time(what.ended_at, what.created_at);
  out.number(what.left_out).end_line();
  for (const auto& one : what.people)
    out.word(one.str());
  out.end_line();
  for (const auto& step : what.steps) {
    out.word(to_string(step.kind)).number((step.at - what.created_at).count());
    out.person(step.from).person(step.to);
    if (step.n != 1)
      out.number(step.n, "x");
    if (step.kind == step_kind::candidates && step.until != step.at)
      out.number((step.until - step.at).count(), "+");
    if (step.reason != end_reason::none)
      out.word(to_string(step.reason));
    out.end_line();
  }
  return std::move(out).take();
}

result<timeline> unpack(const timeline_text& what) {
  unpacker in{what.packed};
  timeline out;
  out.call = what.call;
  out.kind = in.value(parse_call_kind(in.word()));
  out.status = in.value(parse_call_status(in.word()));
  out.reason = in.value(parse_end_reason(in.word()));
  out.created_at = from_epoch_ms(in.ms(in.word()).count());
  out.started_at = in.time(out.created_at);
  out.ended_at = in.time(out.created_at);
  out.left_out = in.number<std::uint32_t>(in.word());
  in.end_line();
  while (!in.at_line_end())
    out.people.emplace_back(in.word());
  in.end_line();
  while (!in.at_end())
    out.steps.push_back(step_of(in, out));
  auto bounded =
      out.people.size() <= timeline::most_people && out.steps.size() <= timeline::most_steps;
  if (in.broken() || !bounded)
    return failure{error_code::internal, "timeline"};
  return out;
}

} // namespace carillon
