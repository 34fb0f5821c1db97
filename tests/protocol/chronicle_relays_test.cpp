#include "protocol/chronicle.hpp"

#include "tests/catch.hpp"
#include "tests/protocol/call_fixture.hpp"
#include "tests/protocol/session_fixture.hpp"

#include <algorithm>
#include <functional>
#include <utility>

using namespace carillon;
using namespace carillon::test;

namespace {

const user_id alice = user_of("a");
const user_id bob = user_of("b");
const user_id carol = user_of("c");

time_point at(std::int64_t ms) { return from_epoch_ms(ms); }

/// Bob of a direct call, with and without a device.
call_summary with(std::string_view device) {
  call_summary summary;
  summary.state = call_state::active;
  summary.device = device_id{device};
  summary.away = device.empty();
  return summary;
}

/// A direct call that was accepted at 1 and in which Bob's device was lost at 50 and back at 60.
struct torn_call {
  torn_call() {
    record.caller = alice;
    record.created_at = at(0);
    record.version = 1;
    record.part = direct_part{bob};
    told.follow(record, {}, at(0));
    record.version = 2;
    record.started_at = at(1);
    told.follow(record, {}, at(1));
  }
  void tear() {
    told.follow(bob, with("b1"), with(""), at(50));
    told.follow(bob, with(""), with("b1"), at(60));
  }
  void add(relay_kind kind, std::initializer_list<std::int64_t> times) {
    for (auto ms : times)
      counts += counts_of(kind, {at(ms)});
  }
  void passed() { told.add(alice, bob, std::exchange(counts, {})); }

  /// Candidates have one step in each run.
  [[nodiscard]] auto runs() const {
    auto steps = told.so_far().steps;
    return std::count_if(steps.begin(), steps.end(),
                         [](const auto& step) { return step.kind == step_kind::candidates; });
  }

  call_record record;
  chronicle told;
  relay_counts counts;
};

} // namespace

TEST_CASE("what passes by permits is put between the steps", "[chronicle]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  line.pass(1s);
  line.accept("b1");
  auto t = line.now();
  auto& told = line.told().told();
  SECTION("of one that is no more") {
    told.add(alice, bob, counts_of(relay_kind::candidate, {t + 20ms, t + 30ms}));
    told.add(alice, bob, counts_of(relay_kind::offer, {t + 10ms}));
    line.pass(1s);
    line.detach("b1");
    line.pass(1s);
    line.attach("b1");
    line.pass(1s);
    told.add(alice, bob, counts_of(relay_kind::candidate, {t + 2500ms, t + 2600ms}));
    CHECK(line.timeline_words()
          == words{"ring alice>bob", "accept bob>alice", "offer alice>bob",
                   "candidates alice>bob x2", "drop bob", "back bob", "candidates alice>bob x2"});
  }
  SECTION("of one that is in use") {
    auto shown = told.so_far({{bob, alice, counts_of(relay_kind::answer, {t + 5ms})}});
    CHECK(words_of(shown) == words{"ring alice>bob", "accept bob>alice", "answer bob>alice"});
    CHECK(line.timeline_words().size() == 2); // looking keeps nothing
  }
  SECTION("of somebody who is not in the call") {
    told.add(alice, user_of("zoe"), counts_of(relay_kind::offer, {t}));
    CHECK(line.timeline_words().size() == 2);
  }
  SECTION("one that raced the end is before it") {
    line.end("a1");
    told.add(bob, alice, counts_of(relay_kind::candidate, {t + 1h}));
    CHECK(line.timeline_words().back() == "end alice hangup");
    CHECK(line.timeline_words().size() == 4);
  }
}

TEST_CASE("the first offers of a run have steps of their own", "[chronicle]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  line.accept("b1");
  for (int i = 0; i < 9; ++i) {
    line.pass(1s);
    line.relay("a1", "b", "1", relay_kind::offer);
  }
  auto steps = line.told().so_far().steps;
  REQUIRE(steps.size() == 2 + 6);
  for (std::size_t i = 2; i < 7; ++i)
    CHECK(steps[i].n == 1);
  CHECK(steps.back().n == 4);
  CHECK(steps.back().at == line.now());
}

TEST_CASE("one more offer than there are times is in the last one's step", "[chronicle]") {
  torn_call line;
  line.add(relay_kind::offer, {2, 3, 4, 5, 6, 7});
  line.passed();
  CHECK(line.told.so_far().steps.back().n == 1);
  line.add(relay_kind::offer, {8});
  line.passed();
  auto steps = line.told.so_far().steps;
  CHECK(steps.size() == 2 + 6);
  CHECK(steps.back().n == 2);
  CHECK(steps.back().at == at(8));
}

TEST_CASE("each way has runs of its own, in whatever order they are noted", "[chronicle]") {
  session_line line{{"a1", "b1", "c1"}};
  line.open();
  for (auto device : {"a1", "b1", "c1"})
    line.join(device);
  auto& told = line.told().told();
  auto before = line.timeline_words().size();
  for (int i = 0; i < 2; ++i)
    for (const auto& [from, to] :
         {std::pair{alice, bob}, {alice, carol}, {bob, alice}, {carol, alice}})
      told.add(from, to, counts_of(relay_kind::candidate, {line.now()}));
  auto all = line.timeline_words();
  CHECK(words{all.begin() + static_cast<std::ptrdiff_t>(before), all.end()}
        == words{"candidates alice>bob x2", "candidates alice>carol x2", "candidates bob>alice x2",
                 "candidates carol>alice x2"});
}

TEST_CASE("a run ends where one of its two legs changes, and only there", "[chronicle]") {
  session_line line{{"a1", "b1", "c1"}};
  line.open();
  for (auto device : {"a1", "b1", "c1"})
    line.join(device);
  auto candidate = [&] {
    line.pass(1s);
    line.told().told().add(alice, bob, counts_of(relay_kind::candidate, {line.now()}));
    line.pass(1s);
  };
  auto nothing = [] {};
  auto is_apart = [&](const std::function<void()>& first, const std::function<void()>& change) {
    first();
    candidate();
    change();
    candidate();
    auto all = line.timeline_words();
    auto once = std::count(all.begin(), all.end(), "candidates alice>bob");
    auto twice = std::count(all.begin(), all.end(), "candidates alice>bob x2");
    CHECK(once + 2 * twice == 2);
    return once == 2;
  };
  SECTION("the receiver moves") {
    line.attach("b2");
    CHECK(is_apart(nothing, [&] { line.join("b2"); }));
  }
  SECTION("the receiver leaves") {
    CHECK(is_apart(nothing, [&] { line.leave("b1"); }));
  }
  SECTION("the receiver joins again") {
    CHECK(is_apart([&] { line.leave("b1"); }, [&] { line.join("b1"); }));
  }
  SECTION("the receiver is lost") {
    CHECK(is_apart(nothing, [&] { line.detach("b1"); }));
  }
  SECTION("the receiver is back") {
    CHECK(is_apart([&] { line.detach("b1"); }, [&] { line.attach("b1"); }));
  }
  SECTION("the sender is lost") {
    CHECK(is_apart(nothing, [&] { line.detach("a1"); }));
  }
  SECTION("somebody else is lost") {
    CHECK(!is_apart(nothing, [&] { line.detach("c1"); }));
  }
  SECTION("an answer changes no leg") {
    torn_call call;
    call.told.add(bob, alice, counts_of(relay_kind::candidate, {at(0)}));
    call.told.add(bob, alice, counts_of(relay_kind::candidate, {at(2)})); // accepted at 1
    CHECK(call.runs() == 1);
  }
}

TEST_CASE("a tally belongs to the run in which it began", "[chronicle]") {
  torn_call line;
  SECTION("what is noted late was before the change nevertheless") {
    line.add(relay_kind::candidate, {10});
    line.passed();
    line.tear();
    line.add(relay_kind::candidate, {20});
    line.passed();
    CHECK(line.runs() == 1);
    line.add(relay_kind::candidate, {60}); // at the time of the change: behind it
    line.passed();
    CHECK(line.runs() == 2);
  }
  SECTION("a change at the time of the last one was before it") {
    line.add(relay_kind::candidate, {60});
    line.passed();
    line.tear();
    line.add(relay_kind::candidate, {70});
    line.passed();
    CHECK(line.runs() == 1);
  }
  SECTION("one at the time of the change is behind it") {
    line.add(relay_kind::candidate, {10});
    line.passed();
    line.told.follow(bob, with("b1"), with(""), at(50));
    line.add(relay_kind::candidate, {50});
    line.passed();
    CHECK(line.runs() == 2);
  }
  SECTION("it goes on over the change") {
    line.add(relay_kind::candidate, {10});
    line.passed();
    line.tear();
    line.add(relay_kind::candidate, {20, 70});
    line.passed();
    CHECK(line.runs() == 1);
  }
  SECTION("whichever kind was first") {
    line.add(relay_kind::candidate, {10});
    line.passed();
    line.tear();
    line.add(relay_kind::offer, {20});
    line.add(relay_kind::candidate, {70});
    line.passed();
    CHECK(line.runs() == 1);
  }
  SECTION("the run goes on until its last one") {
    line.tear();
    line.add(relay_kind::candidate, {10, 100});
    line.passed();
    line.add(relay_kind::candidate, {120});
    line.passed();
    CHECK(line.runs() == 1);
  }
  SECTION("whichever kind was last") {
    line.tear();
    line.add(relay_kind::offer, {100});
    line.add(relay_kind::candidate, {10});
    line.passed();
    line.add(relay_kind::candidate, {120});
    line.passed();
    CHECK(line.runs() == 1);
  }
}

TEST_CASE("what was relayed is within the call, whatever the clock was", "[chronicle]") {
  torn_call line;
  line.add(relay_kind::candidate, {-20, -10});
  line.passed();
  auto early = line.told.so_far().steps.at(1);
  CHECK(early.kind == step_kind::candidates);
  CHECK(early.at == at(0));
  CHECK(early.until == at(0));
  line.add(relay_kind::candidate, {200});
  line.passed();
  line.record.version = 3;
  line.record.ended_at = at(100);
  line.told.follow(line.record, {}, at(100));
  line.told.add(bob, alice, counts_of(relay_kind::offer, {at(150)}));
  auto steps = line.told.so_far().steps;
  REQUIRE(steps.size() == 5);
  CHECK(steps[1].until == at(100));
  CHECK(steps[3].kind == step_kind::offer);
  CHECK(steps[3].at == at(100));
  CHECK(steps[3].until == time_point{}); // only candidates have a span
  CHECK(steps[4].kind == step_kind::end);
}

TEST_CASE("a clock that was set back between two candidates leaves no span", "[chronicle]") {
  torn_call line;
  auto& counted = line.counts.by_kind[static_cast<std::size_t>(relay_kind::candidate)];
  counted.n = 2;
  counted.at = {at(30), at(20)}; // as a tally has them
  line.passed();
  auto step = line.told.so_far().steps.back();
  CHECK(step.n == 2);
  CHECK(step.at == at(30));
  CHECK(step.until == at(30));
}
