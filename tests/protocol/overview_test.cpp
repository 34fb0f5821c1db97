#include "protocol/overview.hpp"

#include "tests/catch.hpp"

using namespace carillon;

namespace {

call_record direct() {
  call_record call;
  call.id = call_id{"c1"};
  call.caller = user_id{"alice"};
  call.part = direct_part{user_id{"bob"}};
  call.created_at = from_epoch_ms(5);
  return call;
}

} // namespace

TEST_CASE("the card of a direct call", "[overview]") {
  auto call = direct();
  auto card = card_of(call);
  CHECK(card.people == std::vector{user_id{"alice"}, user_id{"bob"}});
  CHECK(card.state == call_state::ringing);
  CHECK(card.in == 1);
  call.started_at = from_epoch_ms(6);
  CHECK(card_of(call).in == 2);
  call.ended_at = from_epoch_ms(7);
  call.reason = end_reason::hung_up;
  card = card_of(call);
  CHECK(card.state == call_state::ended);
  CHECK(card.in == 0);
  CHECK(card.reason == end_reason::hung_up);
}

TEST_CASE("the card of a call of many counts those who are in, and shows a part", "[overview]") {
  auto call = direct();
  call.part = session_part{};
  for (int i = 0; i < 40; ++i) {
    participant one;
    one.user = user_id{"u" + std::to_string(i)};
    if (i >= 5)
      one.entered_at = from_epoch_ms(6);
    call.people.push_back(one);
  }
  auto card = card_of(call);
  CHECK(card.kind == call_kind::session);
  CHECK(card.in == 35);
  REQUIRE(card.people.size() == call_card::most_people);
  CHECK(card.people.front() == user_id{"u0"});
}
