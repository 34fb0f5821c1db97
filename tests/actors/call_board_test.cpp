#include "actors/call_board.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <string>

using namespace carillon;
using actors::call_board;

namespace {

call_card card(const std::string& id, std::int64_t created) {
  call_card made;
  made.call = call_id{id};
  made.created_at = from_epoch_ms(created);
  return made;
}

timeline_ptr text_of(const std::string& id) {
  return std::make_shared<const timeline_text>(timeline_text{call_id{id}, {}, "{}"});
}

std::string ids(const std::vector<call_card>& cards) {
  std::string all;
  for (const auto& one : cards)
    all += one.call.str() + " ";
  return all;
}

} // namespace

TEST_CASE("the board shows the newest live calls, and how many there are", "[call_board]") {
  call_board board;
  for (int i = 0; i < 50; ++i)
    board.show(card("c" + std::to_string(i), (i * 7) % 50));
  auto seen = board.look(3);
  CHECK(seen.live_in_all == 50);
  REQUIRE(seen.live.size() == 3);
  CHECK(seen.live[0].created_at == from_epoch_ms(49));
  CHECK(seen.live[1].created_at == from_epoch_ms(48));
  CHECK(seen.live[2].created_at == from_epoch_ms(47));
  CHECK(board.look(0).live.empty());
  CHECK(board.look(100).live.size() == 50);
}

TEST_CASE("a call is there once, as it was shown last", "[call_board]") {
  call_board board;
  auto one = card("c1", 5);
  board.show(one);
  one.state = call_state::active;
  one.away = 1;
  board.show(one);
  auto seen = board.look(10);
  REQUIRE(seen.live.size() == 1);
  CHECK(seen.live[0] == one);
  board.forget(one.call);
  board.forget(one.call);
  seen = board.look(10);
  CHECK(seen.live.empty());
  CHECK(seen.live_in_all == 0);
  CHECK(seen.ended.empty());
}

TEST_CASE("the last calls that ended are kept with their timelines", "[call_board]") {
  call_board board{3};
  for (const auto* id : {"a", "b", "c", "d"}) {
    board.show(card(id, 1));
    board.close(card(id, 1), text_of(id));
  }
  CHECK(ids(board.look(10).ended) == "d c b ");
  CHECK(ids(board.look(1).ended) == "d ");
  CHECK(board.look(10).live_in_all == 0);
  CHECK_FALSE(board.find(call_id{"a"}));
  REQUIRE(board.find(call_id{"b"}));
  CHECK(board.find(call_id{"b"})->call == call_id{"b"});
  CHECK_FALSE(board.find(call_id{"x"}));
}
