#include "protocol/timeline.hpp"

#include "protocol/json_writer.hpp"
#include "protocol/word_table.hpp"

#include <algorithm>

namespace carillon {

namespace {

constexpr word_table<step_kind, step_kind::end> step_words{
    "ring",   "accept",     "join", "move", "leave",    "offer",
    "answer", "candidates", "drop", "back", "restored", "end"};

using json::writer;

void write_time(writer& out, std::string_view name, const std::optional<time_point>& at) {
  out.key(name);
  if (at)
    out.value(to_iso8601(*at));
  else
    out.null();
}

void write_reason(writer& out, end_reason why) {
  out.key("reason");
  if (why == end_reason::none)
    out.null();
  else
    out.value(to_string(why));
}

void write_person(writer& out, std::string_view name, std::uint8_t index) {
  out.key(name);
  if (index == timeline_step::nobody)
    out.null();
  else
    out.value(std::int64_t{index});
}

void write_step(writer& out, const timeline_step& step, time_point begun) {
  // A clock that was set back makes no time before the first one.
  auto since = [begun](time_point at) { return std::max<std::int64_t>(0, (at - begun).count()); };
  out.begin_object().field("what", to_string(step.kind)).field("at", since(step.at));
  write_person(out, "from", step.from);
  write_person(out, "to", step.to);
  if (step.n > 1 || step.kind == step_kind::candidates)
    out.field("n", std::int64_t{step.n});
  if (step.kind == step_kind::candidates)
    out.field("until", since(step.until));
  if (step.reason != end_reason::none)
    out.field("reason", to_string(step.reason));
  out.end_object();
}

} // namespace

std::string_view to_string(step_kind kind) noexcept { return step_words[kind]; }

std::optional<step_kind> parse_step_kind(std::string_view word) noexcept {
  return step_words.parse(word);
}

std::string encode_timeline(const timeline& what) {
  writer out;
  out.reserve(256 + 48 * what.people.size() + 72 * what.steps.size());
  out.begin_object()
      .field("callId", what.call.str())
      .field("kind", to_string(what.kind))
      .field("status", to_string(what.status));
  write_reason(out, what.reason);
  write_time(out, "createdAt", what.created_at);
  write_time(out, "startedAt", what.started_at);
  write_time(out, "endedAt", what.ended_at);
  out.key("people").begin_array();
  for (const auto& one : what.people)
    out.value(one.str());
  out.end_array().field("leftOut", std::int64_t{what.left_out}).key("steps").begin_array();
  for (const auto& step : what.steps)
    write_step(out, step, what.created_at);
  out.end_array().end_object();
  return std::move(out).take();
}

} // namespace carillon
