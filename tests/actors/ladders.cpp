#include "tests/actors/ladders.hpp"

#include "tests/actors/meeting.hpp"

namespace carillon::test {

ladder ladder_of(world& w, const call_id& id) {
  auto answer = w.read(query::timeline_of{id});
  REQUIRE(answer.ok());
  const auto& found = std::get<timeline_answer>(*answer);
  REQUIRE(found.text);
  auto told = unpack(*found.text);
  REQUIRE(told.ok());
  auto json = encode_timeline(*told);
  return {found.live, json, values_of(json, "what")};
}

std::string ladder_word(world& w, const call_id& id) {
  return word_of(w.read(query::timeline_of{id}));
}

card_list board_of(world& w, int limit) {
  query::calls what;
  what.limit = limit;
  auto answer = w.read(what);
  REQUIRE(answer.ok());
  return std::get<card_list>(*answer);
}

std::string gauges(const world& w) {
  std::string all;
  for (const auto& kind : w.counts.now.calls)
    for (const auto& state : kind)
      all += (all.empty() ? "" : " ") + std::to_string(state.load());
  return all + ", " + std::to_string(w.counts.now.devices.load());
}

} // namespace carillon::test
