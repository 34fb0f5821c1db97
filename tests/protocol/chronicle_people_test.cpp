#include "protocol/chronicle.hpp"

#include "tests/catch.hpp"
#include "tests/protocol/call_fixture.hpp"
#include "tests/protocol/session_fixture.hpp"
#include "tests/protocol/video_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

// How people come and go, in a call that lives and in one that is begun from its record.

namespace {

time_point at(std::int64_t ms) { return from_epoch_ms(ms); }

const user_id u1{"u1"};
const user_id u2{"u2"};

call_summary with(std::string_view device, bool joined = true) {
  call_summary summary;
  summary.kind = call_kind::session;
  summary.joined = joined;
  summary.device = device_id{device};
  summary.away = joined && device.empty();
  return summary;
}

void enter(call_record& record, std::size_t who, std::int64_t ms, std::string_view device) {
  auto& one = record.people[who];
  one.version = ++record.version;
  one.entered_at = at(ms);
  if (!one.joined_at)
    one.joined_at = at(ms);
  one.left_at.reset();
  one.device = device_id{device};
}

void leave(call_record& record, std::size_t who, std::int64_t ms, bool dropped = false) {
  auto& one = record.people[who];
  one.version = ++record.version;
  one.leave(at(ms));
  one.dropped = dropped;
}

call_record direct(bool via_rest, std::optional<time_point> started) {
  call_record record;
  record.id = call_id{"c1"};
  record.caller = user_of("a");
  record.version = 2;
  record.created_at = at(1);
  record.started_at = started;
  record.part = direct_part{user_of("b"), media_type::audio, false, via_rest};
  return record;
}

chronicle begun(const call_record& record, chronicle::beginning how) {
  chronicle told;
  told.begin(record, at(900), how);
  return told;
}

} // namespace

// -- while it lives ------------------------------------------------------------

TEST_CASE("before a call there is nothing to tell", "[chronicle]") {
  call_line line{"a1", "b1"};
  line.told().begin(line.machine(), line.now(), chronicle::beginning::fresh);
  line.pass(1s);
  CHECK(line.timeline_words().empty());
  CHECK(line.told().so_far().people.empty());
  line.initiate("a1");
  CHECK(line.timeline_words() == words{"ring alice>bob"});
  line.told().judge(line.machine());
}

TEST_CASE("a caller may be away while it rings", "[chronicle]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  line.detach("a1");
  CHECK(line.told().told().away() == 1);
  line.pass(1s);
  line.attach("a2");
  CHECK(line.told().told().away() == 0);
  CHECK(line.timeline_words() == words{"ring alice>bob", "drop alice", "back alice"});
}

TEST_CASE("who comes in again joins again", "[chronicle]") {
  session_line line({"a1", "b1"}, "b");
  line.open();
  line.join("a1");
  line.join("b1");
  line.pass(1s);
  line.leave("b1");
  line.pass(1s);
  line.join("b1");
  CHECK(line.timeline_words()
        == words{"ring alice>bob", "join alice", "join bob", "leave bob", "join bob"});
  CHECK(line.told().so_far().steps.back().at == line.now());
  line.pass(1s);
  line.restart(1s);
  CHECK(line.timeline_words()
        == words{"ring alice>bob", "join alice", "join bob", "join bob", "restored"});
  auto steps = line.told().so_far().steps;
  CHECK(steps[3].at - steps[2].at == 2s);
  CHECK(steps[4].at == line.now());
}

TEST_CASE("a leg moves to another device, not to its first and not to the same", "[chronicle]") {
  video_line line{{"a1", "a2", "b1"}};
  line.create();
  line.enter("alice");
  line.pass(1s);
  line.enter("a1");
  line.enter("a1");
  line.report_quality("a1");
  auto before = line.timeline_words();
  CHECK(before.back() == "join alice");
  line.pass(1s);
  line.enter("a2");
  auto told = line.told().so_far();
  REQUIRE(told.steps.size() == before.size() + 1);
  CHECK(word_of(told, told.steps.back()) == "move alice");
  CHECK(told.steps.back().at == line.now());
}

TEST_CASE("what a participant sends is no step", "[chronicle]") {
  session_line line({"a1", "b1"}, "b");
  line.open();
  line.join("a1");
  auto before = line.timeline_words();
  auto version = line.record().version;
  line.set("a1", {.sharing = true});
  CHECK(line.record().version > version);
  CHECK(line.timeline_words() == before);
}

TEST_CASE("several versions may be looked at at once", "[chronicle]") {
  auto record = session_record(3);
  chronicle told;
  told.follow(record, {}, at(0));
  enter(record, 1, 100, "d1");
  enter(record, 2, 110, "d2");
  told.follow(record, {}, at(200));
  auto shown = told.so_far();
  CHECK(words_of(shown) == words{"ring u0>u1", "ring u0>u2", "join u1", "join u2"});
  CHECK(shown.steps[2].at == at(100));
  record.people[1].device = device_id{"d3"};
  leave(record, 1, 300);
  leave(record, 2, 400);
  record.ended_at = at(400);
  record.reason = end_reason::last_left;
  told.follow(record, {}, at(500));
  CHECK(words_of(told.so_far())
        == words{"ring u0>u1", "ring u0>u2", "join u1", "join u2", "leave u1", "end last-left"});
  ++record.version; // a call that is over may still be written to
  told.follow(record, {}, at(600));
  CHECK(told.so_far().steps.size() == 6);
}

TEST_CASE("nobody is away who is out", "[chronicle]") {
  auto record = session_record(3);
  chronicle told;
  enter(record, 1, 0, "d1");
  enter(record, 2, 0, "d2");
  told.follow(record, {}, at(0));
  told.follow(u1, with("d1"), with(""), at(10));
  told.follow(u1, with("d1"), with(""), at(11)); // it was told so already
  told.follow(u2, with("d2"), with(""), at(12));
  CHECK(told.away() == 2);
  CHECK(words_of(told.so_far()).size() == 6);
  SECTION("by the record") {
    leave(record, 1, 20, true);
    told.follow(record, {}, at(20));
    CHECK(told.away() == 1);
  }
  SECTION("by the summary") {
    told.follow(u1, with(""), with("", false), at(20));
    CHECK(told.away() == 1);
    CHECK(told.so_far().steps.size() == 6); // nor is anybody back
  }
  SECTION("by the end") {
    ++record.version;
    record.ended_at = at(20);
    told.follow(record, {}, at(20));
    CHECK(told.away() == 0);
    told.follow(u1, with("d1"), with(""), at(21));
    CHECK(told.away() == 0);
    CHECK(told.so_far().steps.back().kind == step_kind::end);
  }
}

TEST_CASE("who comes in before its devices are known has lost none", "[chronicle]") {
  auto record = session_record(2);
  chronicle told;
  told.follow(record, {}, at(0));
  enter(record, 1, 1, "d1");
  told.follow(record, {}, at(1));
  told.follow(u1, with("", false), with(""), at(1));
  told.follow(u1, with(""), with(""), at(2));
  told.follow(u1, with(""), with("d1"), at(3));
  CHECK(words_of(told.so_far()) == words{"ring u0>u1", "join u1"});
  told.follow(u1, with("d1"), with(""), at(4));
  CHECK(words_of(told.so_far()).back() == "drop u1");
}

TEST_CASE("a leg of a direct call moves from a device to a device", "[chronicle]") {
  auto record = direct(false, {});
  chronicle told;
  told.follow(record, {}, at(1));
  call_summary none;
  none.is_caller = true;
  auto one = none;
  one.device = device_id{"a1"};
  auto other = none;
  other.device = device_id{"a2"};
  told.follow(record.caller, none, one, at(2));
  told.follow(record.caller, one, none, at(3)); // and nothing says that it is away
  CHECK(words_of(told.so_far()) == words{"ring alice>bob"});
  told.follow(record.caller, one, other, at(4));
  CHECK(words_of(told.so_far()) == words{"ring alice>bob", "move alice"});
}

// -- begun from its record -------------------------------------------------------

TEST_CASE("whoever took part by a device is away after a restart", "[chronicle]") {
  auto restored = chronicle::beginning::restored;
  CHECK(begun(direct(false, {}), restored).away() == 1);
  CHECK(begun(direct(true, {}), restored).away() == 0);
  CHECK(begun(direct(true, at(5)), restored).away() == 2);
  CHECK(begun(direct(false, at(5)), restored).away() == 2);
}

TEST_CASE("what a direct call was before a restart has its times", "[chronicle]") {
  auto told = begun(direct(false, at(5)), chronicle::beginning::restored).so_far();
  CHECK(words_of(told) == words{"ring alice>bob", "accept bob>alice", "restored"});
  CHECK(told.steps[0].at == at(1));
  CHECK(told.steps[1].at == at(5));
  CHECK(told.steps[2].at == at(900));
}

TEST_CASE("what was before is told in the order of its times", "[chronicle]") {
  auto record = session_record(4);
  enter(record, 3, 10, "d3");
  enter(record, 2, 20, "d2");
  enter(record, 1, 20, "d1");
  leave(record, 2, 25, true);
  enter(record, 0, 30, "d0");
  leave(record, 0, 40);
  enter(record, 0, 50, "d0");
  auto told = begun(record, chronicle::beginning::woken).so_far();
  CHECK(words_of(told)
        == words{"ring u0>u1", "ring u0>u2", "ring u0>u3", "join u3", "join u1", "join u2",
                 "leave u2 connection-lost", "join u0", "join u0"});
}

TEST_CASE("a call that slept goes on without a step", "[chronicle]") {
  auto record = session_record(2);
  enter(record, 1, 10, "d1");
  auto told = begun(record, chronicle::beginning::woken);
  auto slept = words{"ring u0>u1", "join u1"};
  CHECK(words_of(told.so_far()) == slept);
  told.follow(record, {}, at(901)); // the same version says nothing new
  CHECK(words_of(told.so_far()) == slept);
}

TEST_CASE("who is in by REST alone misses no device after a restart", "[chronicle]") {
  auto record = session_record(3);
  enter(record, 1, 10, "d1");
  enter(record, 2, 10, "d2");
  record.people[2].lease_until = at(2'000);
  auto told = begun(record, chronicle::beginning::restored);
  CHECK(told.away() == 1);
  record.people[2].lease_until.reset();
  enter(record, 2, 10, "d4");
  told.follow(record, {}, at(950));
  CHECK(words_of(told.so_far()).back() == "move u2");
}
