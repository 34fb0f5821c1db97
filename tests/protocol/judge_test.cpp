#include "protocol/judge.hpp"

#include "tests/catch.hpp"

using namespace carillon;

// Duplicate, glare, caller busy, receiver busy, receiver offline: in this order.

namespace {

const user_id alice{"alice"};
const user_id bob{"bob"};
const user_id carol{"carol"};
const call_id one{"one"};
const call_id two{"two"};

const held_call to_bob{one, bob, true, true};
const held_call from_bob{one, bob, false, true};
const held_call talk_to_bob{one, bob, true, false};
const held_call to_carol{two, carol, true, true};
const held_call from_carol{two, carol, false, true};
const held_call talk_to_carol{two, carol, false, false};

/// Alice, who has a device and these calls, calls Bob, who has `receiver`.
verdict judged(std::vector<held_call> calls, const line& receiver, const line_policy& policy = {}) {
  return judge({std::move(calls), true}, receiver, bob, policy);
}

const line free_line{{}, true};
const line no_device{{}, false};
const line busy_line{{to_carol}, true};

} // namespace

TEST_CASE("two free users are connected", "[judge]") {
  CHECK(judged({}, free_line).kind == verdict_kind::ring);
  CHECK(judge({{}, false}, free_line, bob, {}).kind == verdict_kind::ring); // over REST
}

TEST_CASE("the same initiate while it rings is a duplicate", "[judge]") {
  auto found = judged({to_bob}, {{{one, alice, false, true}}, true});
  CHECK(found.kind == verdict_kind::duplicate);
  CHECK(found.existing == one);
}

TEST_CASE("an initiate to one who is calling is glare", "[judge]") {
  auto found = judged({from_bob}, {{{one, alice, true, true}}, true});
  CHECK(found.kind == verdict_kind::glare);
  CHECK(found.existing == one);
}

TEST_CASE("duplicate and glare come before everything else", "[judge]") {
  CHECK(judged({from_carol, to_bob}, busy_line).kind == verdict_kind::duplicate);
  CHECK(judged({from_carol, from_bob}, busy_line).kind == verdict_kind::glare);
  CHECK(judged({to_bob}, no_device).kind == verdict_kind::duplicate);
  CHECK(judged({from_bob}, no_device).kind == verdict_kind::glare);
  CHECK(judged({from_bob, {two, bob, true, true}}, busy_line).existing == two);
}

TEST_CASE("a caller who rings or talks is busy, whatever the receiver does", "[judge]") {
  for (const auto& held : {talk_to_bob, to_carol, from_carol, talk_to_carol})
    for (const auto& receiver : {free_line, no_device, busy_line})
      for (auto waiting : {false, true})
        CHECK(judged({held}, receiver, {.ring_offline = true, .call_waiting = waiting}).kind
              == verdict_kind::caller_busy);
}

TEST_CASE("a receiver who rings or talks is busy, also without a device", "[judge]") {
  for (const auto& held : {to_carol, from_carol, talk_to_carol})
    for (auto has_device : {true, false})
      CHECK(judged({}, {{held}, has_device}).kind == verdict_kind::receiver_busy);
}

TEST_CASE("a receiver without a device is offline", "[judge]") {
  CHECK(judged({}, no_device).kind == verdict_kind::receiver_offline);
  CHECK(judged({}, no_device, {.call_waiting = true}).kind == verdict_kind::receiver_offline);
}

TEST_CASE("the operator may let busy and offline receivers be rung", "[judge]") {
  CHECK(judged({}, no_device, {.ring_offline = true}).kind == verdict_kind::ring);
  CHECK(judged({}, busy_line, {.call_waiting = true}).kind == verdict_kind::ring);
  CHECK(judged({}, {{to_carol}, false}, {.call_waiting = true}).kind
        == verdict_kind::receiver_offline);
  CHECK(judged({}, busy_line, {.ring_offline = true}).kind == verdict_kind::receiver_busy);
}

TEST_CASE("a session takes up the line only while it occupies the user", "[judge]") {
  held_call invited{two, {}, false, true, false};
  held_call joined{two, {}, true, false, true};
  CHECK(judged({invited}, {{invited}, true}).kind == verdict_kind::ring);
  CHECK(judged({joined}, free_line).kind == verdict_kind::caller_busy);
  CHECK(judged({}, {{joined}, true}).kind == verdict_kind::receiver_busy);
  CHECK(judged({}, {{invited, joined}, true}).kind == verdict_kind::receiver_busy);
  CHECK(judged({}, {{joined}, true}, {.call_waiting = true}).kind == verdict_kind::ring);
  CHECK(judged({invited, to_bob}, free_line).kind == verdict_kind::duplicate);
}
