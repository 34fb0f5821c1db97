#include "protocol/mirror_lanes.hpp"

#include "tests/catch.hpp"

using namespace carillon;

namespace {

time_point at(std::int64_t ms) { return from_epoch_ms(1'000'000 + ms); }

outbox_entry entry(std::uint64_t position, std::string lane) {
  outbox_entry out;
  out.position = position;
  out.lane = std::move(lane);
  out.kind = outbox_kind::message;
  return out;
}

/// The position of what goes next, which is under way from here on; 0: nothing.
std::uint64_t sent(mirror_lanes& lanes, time_point now) {
  auto next = lanes.next(now);
  return next ? next->position : 0;
}

const send_result done{};
const send_result refused{send_verdict::refused, "400 no such user"};
const send_result failed{send_verdict::failed, "500"};
const send_result throttled{send_verdict::throttled, "429"};
const send_result unreachable{send_verdict::unreachable, "timeout"};

// In the middle of the spread: the wait as it is.
constexpr double even = 0.5;

} // namespace

TEST_CASE("nothing held is nothing to send", "[mirror]") {
  mirror_lanes lanes;
  CHECK_FALSE(lanes.next(at(0)));
  CHECK_FALSE(lanes.next_at());
  CHECK(lanes.room() == 1000);
  CHECK(lanes.read_upto() == 0);
  CHECK_FALSE(lanes.on(7, done, at(0), even));
}

TEST_CASE("a lane is sent one after the other, lanes side by side", "[mirror]") {
  mirror_lanes lanes;
  lanes.add({entry(1, "a"), entry(2, "a"), entry(3, "b"), entry(5, "a")});
  CHECK(lanes.held() == 4);
  CHECK(lanes.room() == 996);
  CHECK(lanes.read_upto() == 5);
  CHECK(sent(lanes, at(0)) == 1);
  CHECK(sent(lanes, at(0)) == 3);
  CHECK(sent(lanes, at(0)) == 0);
  CHECK(lanes.under_way() == 2);
  CHECK_FALSE(lanes.next_at()); // only an answer changes that
  auto over = lanes.on(1, done, at(5), even);
  REQUIRE(over);
  CHECK(*over == outbox_result{1, false, 1, {}, at(5)});
  CHECK(lanes.next_at() <= at(5));
  CHECK(sent(lanes, at(5)) == 2);
  CHECK(lanes.on(2, done, at(6), even)->position == 2);
  CHECK(sent(lanes, at(6)) == 5);
  CHECK(lanes.on(5, done, at(7), even));
  CHECK(lanes.on(3, done, at(7), even));
  CHECK(lanes.held() == 0);
  CHECK(lanes.under_way() == 0);
}

TEST_CASE("what was read before is not taken again", "[mirror]") {
  mirror_lanes lanes;
  lanes.add({entry(1, "a"), entry(4, "a")});
  lanes.add({entry(3, "a"), entry(4, "a"), entry(6, "b")});
  CHECK(lanes.held() == 3);
  CHECK(lanes.read_upto() == 6);
}

TEST_CASE("lanes take turns", "[mirror]") {
  mirror_patience how;
  how.at_once = 1;
  mirror_lanes lanes{how};
  lanes.add({entry(1, "a"), entry(2, "a"), entry(3, "a"), entry(4, "b"), entry(5, "c")});
  std::vector<std::uint64_t> order;
  while (auto next = sent(lanes, at(0))) {
    CHECK(sent(lanes, at(0)) == 0);
    order.push_back(next);
    CHECK(lanes.on(next, done, at(0), even));
  }
  CHECK(order == std::vector<std::uint64_t>{1, 4, 5, 2, 3});
}

TEST_CASE("only so many entries are held", "[mirror]") {
  mirror_patience how;
  how.held = 2;
  mirror_lanes lanes{how};
  lanes.add({entry(1, "a"), entry(2, "a")});
  CHECK(lanes.room() == 0);
  (void)sent(lanes, at(0));
  CHECK(lanes.room() == 0);
  CHECK(lanes.on(1, done, at(0), even));
  CHECK(lanes.room() == 1);
}

TEST_CASE("what fails makes its lane wait, longer each time, and no other", "[mirror]") {
  mirror_lanes lanes;
  lanes.add({entry(1, "a"), entry(2, "b"), entry(3, "b")});
  CHECK(sent(lanes, at(0)) == 1);
  CHECK_FALSE(lanes.on(1, failed, at(0), even));
  CHECK(sent(lanes, at(0)) == 2);
  CHECK(lanes.on(2, done, at(10), even));
  CHECK(sent(lanes, at(10)) == 3);
  CHECK(lanes.on(3, done, at(20), even));
  CHECK(lanes.next_at() == at(500));
  CHECK(sent(lanes, at(499)) == 0);
  CHECK(sent(lanes, at(500)) == 1);
  CHECK_FALSE(lanes.on(1, failed, at(500), even));
  CHECK(lanes.next_at() == at(1500));
}

TEST_CASE("waits double up to the longest, and spread by a fifth", "[mirror]") {
  for (auto [luck, share] : {std::pair{0.0, 0.8}, {0.5, 1.0}, {0.999999, 1.2}}) {
    mirror_lanes lanes;
    lanes.add({entry(1, "a")});
    auto now = at(0);
    for (auto wait : {500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000}) {
      REQUIRE(sent(lanes, now) == 1);
      CHECK_FALSE(lanes.on(1, failed, now, luck));
      auto next = *lanes.next_at();
      CHECK(std::abs(static_cast<double>((next - now).count()) - wait * share) <= 1);
      now = next;
    }
  }
}

TEST_CASE("an entry that always fails becomes a dead letter, and its lane goes on", "[mirror]") {
  mirror_patience how;
  how.attempts = 3;
  mirror_lanes lanes{how};
  lanes.add({entry(1, "a"), entry(2, "a")});
  auto now = at(0);
  for (int i = 0; i < 2; ++i) {
    REQUIRE(sent(lanes, now) == 1);
    CHECK_FALSE(lanes.on(1, failed, now, even));
    now = *lanes.next_at();
  }
  REQUIRE(sent(lanes, now) == 1);
  auto over = lanes.on(1, failed, now, even);
  REQUIRE(over);
  CHECK(*over == outbox_result{1, true, 3, "500", now});
  CHECK(sent(lanes, now) == 2);
  // It begins with patience of its own.
  CHECK_FALSE(lanes.on(2, failed, now, even));
  CHECK(lanes.next_at() == now + milliseconds{500});
}

TEST_CASE("what is refused is a dead letter at once", "[mirror]") {
  mirror_lanes lanes;
  lanes.add({entry(1, "a"), entry(2, "a")});
  (void)sent(lanes, at(0));
  CHECK(*lanes.on(1, refused, at(1), even) == outbox_result{1, true, 1, "400 no such user", at(1)});
  CHECK(sent(lanes, at(1)) == 2);
}

TEST_CASE("where nothing arrives everything waits, then a single one goes ahead", "[mirror]") {
  mirror_lanes lanes;
  lanes.add({entry(1, "a"), entry(2, "b"), entry(3, "c")});
  CHECK(sent(lanes, at(0)) == 1);
  CHECK(sent(lanes, at(0)) == 2);
  CHECK_FALSE(lanes.on(1, unreachable, at(100), even));
  CHECK(sent(lanes, at(100)) == 0);
  // The other one that was under way fails of the same.
  CHECK_FALSE(lanes.on(2, unreachable, at(150), even));
  CHECK(lanes.next_at() == at(600));
  CHECK(sent(lanes, at(599)) == 0);
  auto probe = sent(lanes, at(600));
  CHECK(probe != 0);
  CHECK(sent(lanes, at(600)) == 0);
  CHECK_FALSE(lanes.next_at());

  SECTION("and it is not over: all wait longer") {
    CHECK_FALSE(lanes.on(probe, unreachable, at(700), even));
    CHECK(lanes.next_at() == at(1700));
    CHECK(sent(lanes, at(1699)) == 0);
  }
  SECTION("and it arrives: all go on") {
    CHECK(lanes.on(probe, done, at(700), even));
    CHECK(sent(lanes, at(700)) != 0);
    CHECK(sent(lanes, at(700)) != 0);
  }
  SECTION("and it is answered, if not well: all others go on") {
    CHECK_FALSE(lanes.on(probe, failed, at(700), even));
    CHECK(sent(lanes, at(700)) != 0);
    CHECK(sent(lanes, at(700)) != 0);
    CHECK(sent(lanes, at(700)) == 0);
  }
}

TEST_CASE("an entry that nobody answers is never a dead letter", "[mirror]") {
  mirror_patience how;
  how.attempts = 2;
  mirror_lanes lanes{how};
  lanes.add({entry(1, "a")});
  auto now = at(0);
  for (int i = 0; i < 50; ++i) {
    REQUIRE(sent(lanes, now) == 1);
    CHECK_FALSE(lanes.on(1, i % 2 == 0 ? unreachable : throttled, now, even));
    now = *lanes.next_at();
  }
  REQUIRE(sent(lanes, now) == 1);
  CHECK(lanes.on(1, done, now, even)->attempts == 1);
}

TEST_CASE("what was throttled waits as long as the far side says", "[mirror]") {
  mirror_lanes lanes;
  lanes.add({entry(1, "a"), entry(2, "b")});
  CHECK(sent(lanes, at(0)) == 1);
  CHECK(sent(lanes, at(0)) == 2);
  auto wait = throttled;
  wait.wait = seconds{7};
  CHECK_FALSE(lanes.on(1, wait, at(0), even));
  CHECK(lanes.next_at() == at(7000));
  SECTION("although another one arrives meanwhile") {
    CHECK(lanes.on(2, done, at(10), even));
    CHECK(lanes.next_at() == at(7000));
  }
  SECTION("or longer, if another one is told so") {
    wait.wait = seconds{9};
    CHECK_FALSE(lanes.on(2, wait, at(10), even));
    CHECK(lanes.next_at() == at(9010));
  }
  CHECK(sent(lanes, at(6999)) == 0);
}

TEST_CASE("waits that the far side asks for are believed within bounds", "[mirror]") {
  for (auto [said, ms] : {std::pair<std::int64_t, std::int64_t>{0, 500},
                          {-5, 500},
                          {2, 2000},
                          {3600, 3'600'000},
                          {9'000'000'000'000'000, 3'600'000}}) {
    mirror_lanes lanes;
    lanes.add({entry(1, "a")});
    (void)sent(lanes, at(0));
    auto wait = throttled;
    wait.wait = seconds{said};
    CHECK_FALSE(lanes.on(1, wait, at(0), even));
    CHECK(lanes.next_at() == at(ms));
  }
  // A lane that fails may be asked to wait, too.
  mirror_lanes lanes;
  lanes.add({entry(1, "a")});
  (void)sent(lanes, at(0));
  auto wait = failed;
  wait.wait = seconds{4};
  CHECK_FALSE(lanes.on(1, wait, at(0), even));
  CHECK(lanes.next_at() == at(4000));
}

TEST_CASE("an answer comes once", "[mirror]") {
  mirror_lanes lanes;
  lanes.add({entry(1, "a")});
  (void)sent(lanes, at(0));
  CHECK(lanes.on(1, done, at(0), even));
  CHECK_FALSE(lanes.on(1, done, at(0), even));
  CHECK(lanes.held() == 0);
  CHECK(lanes.under_way() == 0);
}
