#include "protocol/chronicle.hpp"

#include "tests/catch.hpp"
#include "tests/protocol/session_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

time_point at(std::int64_t ms) { return from_epoch_ms(ms); }

user_id nth(std::size_t i) { return user_id{"u" + std::to_string(i)}; }

/// A summary of who is in, with and without a device.
call_summary with(std::string_view device) {
  call_summary summary;
  summary.kind = call_kind::session;
  summary.joined = true;
  summary.device = device_id{device};
  summary.away = device.empty();
  return summary;
}

timeline told_of(const call_record& record) {
  chronicle told;
  told.follow(record, {}, record.created_at);
  return told.so_far();
}

void end(call_record& record, const user_id& by) {
  ++record.version;
  record.ended_at = at(1'000'000);
  record.ended_by = by;
  record.reason = end_reason::hung_up;
}

} // namespace

TEST_CASE("up to sixteen who are named have rings of their own", "[chronicle]") {
  auto record = session_record(18);
  record.people[5].invited = invitation::none;
  auto told = told_of(record);
  REQUIRE(told.steps.size() == 16);
  for (const auto& step : told.steps)
    CHECK((step.from == 0 && step.to != 0 && step.to != 5 && step.n == 1));
  record.people[5].invited = invitation::pending;
  CHECK(words_of(told_of(record)) == words{"ring u0 x17"});
}

TEST_CASE("a timeline has lifelines of 254 people", "[chronicle]") {
  auto record = session_record(300);
  chronicle told;
  told.follow(record, {}, at(0));
  CHECK(words_of(told.so_far()) == words{"ring u0 x299"});
  CHECK(told.so_far().people.size() == 254);
  record.version = 2;
  for (auto i : {253U, 254U, 299U}) {
    record.people[i].version = 2;
    record.people[i].joined_at = record.people[i].entered_at = at(5);
  }
  told.follow(record, {}, at(5));
  CHECK(words_of(told.so_far()) == words{"ring u0 x299", "join u253"});
  told.follow(nth(254), with("d1"), with(""), at(6));
  told.follow(nth(254), with(""), with("d1"), at(6));
  told.add(nth(0), nth(254), counts_of(relay_kind::offer, {at(6)}));
  told.add(nth(254), nth(0), counts_of(relay_kind::offer, {at(6)}));
  CHECK(told.so_far().steps.size() == 2);
  CHECK(told.away() == 0);

  chronicle again;
  again.begin(record, at(7), chronicle::beginning::restored);
  CHECK(again.so_far().people == told.so_far().people);
  CHECK(words_of(again.so_far()) == words{"ring u0 x299", "join u253", "restored"});
}

TEST_CASE("an operator gets the last lifeline, if there is one", "[chronicle]") {
  for (std::size_t people : {253U, 254U}) {
    auto record = session_record(people);
    chronicle told;
    told.follow(record, {}, at(0));
    end(record, user_of("zoe"));
    told.follow(record, {}, at(9));
    auto shown = told.so_far();
    CHECK(shown.people.size() == 254);
    CHECK(shown.steps.back().kind == step_kind::end);
    CHECK(shown.steps.back().from == (people == 253 ? 253 : timeline_step::nobody));
  }
}

TEST_CASE("a timeline is bounded, and its end gets in", "[chronicle]") {
  session_line line({"a1", "b1"}, "b");
  line.open();
  line.join("a1");
  line.join("b1");
  for (int i = 0; i < 400; ++i) {
    line.pass(10ms);
    line.relay("a1", "b1", "1");
    line.pass(10ms);
    line.detach("b1");
    line.attach("b1");
  }
  line.end("a1");
  auto told = line.told().so_far();
  CHECK(told.steps.size() == timeline::most_steps);
  CHECK(told.left_out > 0);
  CHECK(told.steps.back().kind == step_kind::end);
  line.told().judge(line.machine());
}

TEST_CASE("steps beyond the bound are counted", "[chronicle]") {
  auto record = session_record(2);
  chronicle told;
  told.follow(record, {}, at(0));
  for (int i = 0; i < 300; ++i) {
    told.follow(nth(1), with("d1"), with(""), at(10 + i));
    told.follow(nth(1), with(""), with("d1"), at(10 + i));
  }
  CHECK(told.so_far().steps.size() == 399); // the end has its place
  CHECK(told.so_far().left_out == 601 - 399);
  told.add(nth(0), nth(1), counts_of(relay_kind::offer, {at(5'000), at(5'001)}));
  CHECK(told.so_far().steps.size() == 400);
  CHECK(told.so_far().left_out == 601 + 2 - 400);
  end(record, nth(0));
  told.follow(record, {}, at(6'000));
  auto shown = told.so_far();
  CHECK(shown.steps.size() == 400);
  CHECK(shown.left_out == 601 + 2 + 1 - 400);
  CHECK(shown.steps[398].kind == step_kind::back);
  CHECK(shown.steps[399].kind == step_kind::end);
}

TEST_CASE("runs beyond the bound are counted, and those that are there go on", "[chronicle]") {
  auto record = session_record(30);
  for (auto& one : record.people)
    one.invited = invitation::none;
  chronicle told;
  told.follow(record, {}, at(0));
  auto pass = [&](std::size_t pair, std::int64_t ms) {
    told.add(nth(pair / 29), nth((pair / 29 + 1 + pair % 29) % 30),
             counts_of(relay_kind::candidate, {at(ms)}));
  };
  for (std::size_t i = 0; i < 30; ++i)
    for (std::size_t j = 0; j < 30; ++j)
      told.add(nth(i), nth(j), {}); // a permit that was not used takes no room
  for (std::size_t pair = 0; pair < 400; ++pair)
    pass(pair, 100);
  CHECK(told.so_far().left_out == 0);
  CHECK(told.so_far().steps.size() == 400);
  pass(400, 50);
  CHECK(told.so_far().left_out == 1);
  CHECK(told.so_far().steps.front().at == at(100));
  record.version = 2;
  record.people[0].version = 2;
  record.people[0].joined_at = record.people[0].entered_at = at(200);
  told.follow(record, {}, at(200));
  pass(0, 300); // else it was another run
  auto shown = told.so_far();
  CHECK(shown.left_out == 2); // the join
  CHECK(shown.steps.front().n == 2);
  CHECK(shown.steps.front().until == at(300));
}

TEST_CASE("a clock that was set back turns no steps round", "[chronicle]") {
  auto record = session_record(2);
  chronicle told;
  told.follow(record, {}, at(0));
  told.follow(nth(1), with("d1"), with(""), at(20));
  told.follow(nth(1), with(""), with("d1"), at(15));
  CHECK(words_of(told.so_far()) == words{"ring u0>u1", "drop u1", "back u1"});
  CHECK(told.so_far().steps.back().at == at(20));
}
