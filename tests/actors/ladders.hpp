#pragma once

#include "tests/actors/world.hpp"

#include <string>
#include <vector>

namespace carillon::test {

/// The timeline of a call as operators get it, live or past.
struct ladder {
  bool live = false;
  std::string json;
  std::vector<std::string> whats; ///< of its steps, in order
};

/// Fails where there is none.
ladder ladder_of(world& w, const call_id& id);

/// The word of the refusal, or `ok`.
std::string ladder_word(world& w, const call_id& id);

/// What the board shows.
card_list board_of(world& w, int limit = 100);

/// Every gauge of calls, and that of devices, one behind the other: `0 0 0 0 0 0, 2`.
std::string gauges(const world& w);

} // namespace carillon::test
