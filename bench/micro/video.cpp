#include "protocol/video.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"
#include "protocol/call.hpp"

#include <memory>
#include <string>
#include <vector>

namespace carillon::micro {

namespace {

user_view nth_view(std::uint64_t number) { return {record_of(nth_user(number)), true}; }

origin nth_origin(std::uint64_t number) {
  return {nth_user(number), device_id{hex_id(number)}, call_kind::video};
}

/// An active call that any user may join, with `people` in.
call crowded(std::uint64_t people) {
  video_facts facts;
  facts.call_id = "all-hands";
  facts.seats = 5000;
  facts.settings = R"({"recording":{"mode":"disabled"}})";
  call_settings settings;
  settings.max_people = 5000;
  call machine{settings, call_kind::video};
  auto id = video_call_id(facts.call_id);
  auto shared = std::make_shared<const video_facts>(std::move(facts));
  keep(machine.apply(command::create{nth_origin(0), id, shared, {nth_view(0)}}, noon()));
  keep(machine.apply(command::set_status{nth_origin(0), id}, noon()));
  for (std::uint64_t i = 0; i < people; ++i) {
    keep(machine.apply(command::enter_call{nth_origin(i), id, nth_view(i)}, noon()));
    keep(machine.apply(command::presence{nth_user(i), {device_id{hex_id(i)}}}, noon()));
  }
  return machine;
}

// What somebody costs who comes and goes again, and of whom everybody is told.
void video_join_and_leave(benchmark::State& state) {
  auto people = static_cast<std::uint64_t>(state.range(0));
  auto machine = crowded(people);
  auto id = machine.record().id;
  auto by = nth_origin(people);
  auto who = nth_view(people);
  auto first = machine.apply(command::enter_call{by, id, who}, noon());
  if (!works(state, first.events.size() == people + 1, "not everybody is told"))
    return;
  measure(state, [&] {
    keep(machine.apply(command::leave{by, id}, noon()));
    keep(machine.apply(command::enter_call{by, id, who}, noon()));
  });
}

// What each request costs for the id that its path becomes.
void video_id(benchmark::State& state) {
  std::string name = "team-standup-2025-11-20";
  measure(state, [&] {
    keep(name);
    keep(video_call_id(name));
  });
}

BENCHMARK(video_join_and_leave)->Arg(2)->Arg(50)->Arg(1000);
BENCHMARK(video_id);

} // namespace

} // namespace carillon::micro
