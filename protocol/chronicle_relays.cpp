#include "protocol/chronicle.hpp"

#include <algorithm>
#include <array>
#include <optional>

// What was relayed, and how it gets between the other steps.

namespace carillon {

namespace {

constexpr std::size_t most_runs = timeline::most_steps;

/// In the order of `relay_kind`.
constexpr std::array relay_steps{step_kind::offer, step_kind::answer, step_kind::candidates};

/// Whether a leg is another one behind such a step: who sent to it begins anew.
bool changes_legs(step_kind kind) noexcept {
  switch (kind) {
  case step_kind::join:
  case step_kind::move:
  case step_kind::leave:
  case step_kind::drop:
  case step_kind::back:
    return true;
  default:
    return false;
  }
}

time_point first_of(const relay_counts& counts) noexcept {
  auto first = time_point::max();
  for (const auto& one : counts.by_kind)
    if (one.n > 0)
      first = std::min(first, one.at[0]);
  return first;
}

time_point last_of(const relay_counts& counts) noexcept {
  auto last = time_point::min();
  for (const auto& one : counts.by_kind)
    if (one.n > 0)
      last = std::max(last, one.last());
  return last;
}

/// The first offers and answers have steps of their own.
void write_relays(std::vector<timeline_step>& out, const relay_count& counted, timeline_step step) {
  constexpr auto firsts = relay_count::marks - 1;
  if (counted.n == 0)
    return;
  step.at = counted.at[0];
  if (step.kind == step_kind::candidates) {
    step.until = counted.last();
    step.n = counted.n;
    out.push_back(step);
    return;
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(counted.n, relay_count::marks); ++i) {
    step.at = counted.at[i];
    out.push_back(step);
  }
  if (counted.n > relay_count::marks)
    out.back().n = counted.n - static_cast<std::uint32_t>(firsts);
}

} // namespace

void chronicle::add(const user_id& from, const user_id& to, const relay_counts& counts) {
  auto sender = find(from);
  auto receiver = find(to);
  if (sender != timeline_step::nobody && receiver != timeline_step::nobody)
    count(sender, receiver, counts);
}

// Whether something between the run and `now` changed one of the two legs.
bool chronicle::parted(const run& before, time_point now) const noexcept {
  auto last = last_of(before.counts);
  const auto& steps = told_.steps;
  for (auto step = steps.rbegin(); step != steps.rend() && step->at > last; ++step)
    if (step->at <= now && changes_legs(step->kind)
        && (step->from == before.from || step->from == before.to))
      return true;
  return false;
}

void chronicle::count(std::uint8_t from, std::uint8_t to, const relay_counts& counts) {
  auto begun = first_of(counts);
  if (begun == time_point::max())
    return;
  auto latest = std::find_if(runs_.rbegin(), runs_.rend(),
                             [&](const run& one) { return one.from == from && one.to == to; });
  auto full = runs_.size() >= most_runs;
  if (latest != runs_.rend() && (full || !parted(*latest, begun)))
    latest->counts += counts;
  else if (full)
    ++told_.left_out;
  else
    runs_.push_back({from, to, counts});
}

timeline chronicle::so_far(const std::vector<passing>& permits) const {
  if (!permits.empty()) {
    auto all = *this;
    for (const auto& one : permits)
      all.add(one.from, one.to, one.counts);
    return all.so_far();
  }
  auto out = told_;
  auto& steps = out.steps;
  std::optional<timeline_step> end;
  if (!steps.empty() && steps.back().kind == step_kind::end) {
    end = steps.back();
    steps.pop_back();
  }
  for (const auto& one : runs_)
    for (std::size_t kind = 0; kind < relay_steps.size(); ++kind) {
      timeline_step step;
      step.kind = relay_steps[kind];
      step.from = one.from;
      step.to = one.to;
      write_relays(steps, one.counts.by_kind[kind], step);
    }
  // A relay that raced the end, or one at a clock that was set, is within the call nevertheless.
  auto latest = end ? end->at : time_point::max();
  auto bring_in = [&](time_point at) { return std::min(std::max(at, out.created_at), latest); };
  for (auto& step : steps) {
    step.at = bring_in(step.at);
    if (step.kind == step_kind::candidates)
      step.until = std::max(step.at, bring_in(step.until));
  }
  std::stable_sort(steps.begin(), steps.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  auto room = timeline::most_steps - (end ? 1 : 0);
  if (steps.size() > room) {
    out.left_out += static_cast<std::uint32_t>(steps.size() - room);
    steps.resize(room);
  }
  if (end)
    steps.push_back(*end);
  return out;
}

} // namespace carillon
