#include "tests/actors/meeting.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

using strings = std::vector<std::string>;

command::report_quality report(const origin& by, const call_id& call, double rtt_ms) {
  quality_sample sample;
  sample.rtt_ms = rtt_ms;
  sample.packet_loss = 0;
  return {by, call, std::move(sample)};
}

} // namespace

TEST_CASE("answers wait for the commit, events of sessions do not", "[session_store]") {
  meeting m;
  auto alice = m.connect("a1");
  auto bob = m.connect("b1");
  auto now = [&] { m.w.scheduler().run(); }; // no time passes: nothing is committed
  m.w.submit(alice, m.gather('a', "b"));
  now();
  REQUIRE(bob->count("call_invitation") == 1);
  CHECK(alice->answers.count(1) == 0);
  call_id id{values_of(bob->last("call_invitation"), "sessionId").at(0)};

  m.w.submit(bob, command::join{in_session(bob), id, {}}, 2);
  m.w.submit(alice, command::join{in_session(alice), id, {}}, 2);
  now();
  CHECK(bob->names.back() == "user_joined_call");
  CHECK(alice->names.back() == "call_session_joined");
  CHECK(bob->answers.count(2) == 0);
  m.w.submit(alice, command::end{in_session(alice), id}, 3);
  now();
  CHECK(bob->names.back() == "call_session_ended");
  CHECK(alice->answers.count(3) == 0);

  m.w.run();
  CHECK(call_of(alice->answers.at(1)).call.status == call_status::waiting);
  CHECK(call_of(bob->answers.at(2)).call.count_in() == 1);
  CHECK(call_of(alice->answers.at(2)).call.count_in() == 2);
  CHECK(call_of(alice->answers.at(3)).call.status == call_status::ended);
}

TEST_CASE("a refusal does not wait", "[session_store]") {
  meeting m;
  auto alice = m.connect("a1");
  auto bob = m.connect("b1");
  auto id = m.open('a', "b");
  m.w.submit(alice, command::join{in_session(alice), id, {}});
  m.w.submit(bob, command::leave{in_session(bob), id});
  m.w.scheduler().run();
  CHECK(alice->answers.count(1) == 0);
  CHECK(word_of(bob->answers.at(1)) == "not_authorized");
}

TEST_CASE("a read sees what was asked for before it", "[session_store]") {
  meeting m;
  auto alice = m.connect("a1");
  m.know("b");
  auto id = m.open('a', "b");
  m.w.submit(alice, command::join{in_session(alice), id, {}}, 2);
  m.w.submit(alice, command::set_media{in_session(alice), id, {}, {}, true}, 3);
  m.w.scheduler().run();
  m.w.sink().ask(query::details{user_id{"bob"}, false, id}, {alice, 4});
  m.w.run();
  auto found = std::get<session_details>(*alice->answers.at(4));
  CHECK(found.view.call.people[0].in());
  CHECK(found.view.call.people[0].media.sharing);
  CHECK(found.view.call.session().facts->metadata == R"({"title":"rounds"})");
  CHECK(found.view.users[0].online);
  CHECK_FALSE(found.view.users[1].online);
  CHECK(found.quality.whole.samples == 0);
}

TEST_CASE("quality is acknowledged when it is stored", "[session_store]") {
  meeting m;
  auto alice = m.connect("a1");
  auto bob = m.connect("b1");
  auto id = m.open('a', "b");
  REQUIRE(m.join(alice, id).ok());
  CHECK(word_of(m.w.ask(bob, report(in_session(bob), id, 20))) == "not_authorized");
  m.w.submit(alice, report(in_session(alice), id, 20), 2);
  m.w.scheduler().run();
  CHECK(alice->answers.count(2) == 0);
  m.w.run();
  REQUIRE(alice->answers.at(2).ok());
  CHECK(std::holds_alternative<std::monostate>(*alice->answers.at(2)));

  auto early = m.w.ask(alice, report(in_session(alice), id, 20));
  CHECK(word_of(early) == "rate_limited");
  m.w.run(seconds{5});
  REQUIRE(m.w.ask(alice, report(in_session(alice), id, 40)).ok());
  auto found = m.details('b', id).quality;
  CHECK(found.whole.samples == 2);
  CHECK(found.whole.rtt_ms == 30);
  CHECK(found.whole.mos > 4);
  REQUIRE(found.of_users.size() == 1);
  CHECK(found.of_users[0].first == user_id{"alice"});
}

TEST_CASE("quality of a direct call is stored, too", "[session_store]") {
  meeting m;
  auto alice = m.connect("a1");
  auto bob = m.connect("b1");
  auto id = m.w.call(alice, "bob");
  CHECK(word_of(m.w.ask(bob, report(bob->who, id, 20))) == "not_authorized"); // it rings
  REQUIRE(m.w.ask(bob, command::accept{bob->who, id}).ok());
  CHECK(m.w.ask(bob, report(bob->who, id, 20)).ok());
  REQUIRE(m.w.ask(alice, command::end{alice->who, id}).ok());
  CHECK(word_of(m.w.ask(alice, report(alice->who, id, 20))) == "call_not_found");
  CHECK(alice->count("callEnded") == 1);
}

TEST_CASE("sessions go on while the store is away", "[session_store]") {
  meeting m;
  auto alice = m.connect("a1");
  auto bob = m.connect("b1");
  m.know("c");
  m.w.stores->away = true;
  auto id = m.open('a', "bc"); // confirmed: it waits on disk
  REQUIRE(m.join(alice, id).ok());
  REQUIRE(m.join(bob, id).ok());
  REQUIRE(m.w.ask(bob, report(in_session(bob), id, 20)).ok());
  CHECK(m.relay(alice, id, "b1").ok());
  auto refused = m.sessions('a');
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == error_code::store_unavailable);
  CHECK(refused.error().retry_after_s > 0);
  CHECK(word_of(m.w.read(query::details{user_id{"alice"}, false, id})) == "store_unavailable");
  CHECK(word_of(m.w.read(query::usage{user_id{"alice"}})) == "store_unavailable");
  CHECK(word_of(m.join(alice, call_id{"call_1760000000000_aaaaaaaaa"})) == "call_not_found");
  // Whether there is such a user cannot be told now.
  CHECK(word_of(m.try_open('a', "d")) == "store_unavailable");
  m.w.run(seconds{60});
  REQUIRE(m.leave(bob, id).ok());
  REQUIRE(m.leave(alice, id).ok());
  CHECK(m.w.counts.batches_spooled > 0);

  m.w.stores->away = false;
  m.w.run(seconds{5});
  auto found = m.details('c', id);
  CHECK(found.view.call.reason == end_reason::last_left);
  CHECK(found.view.call.duration_s == 60);
  CHECK(found.view.call.people[2].invited == invitation::expired);
  CHECK(found.quality.whole.samples == 1);
  CHECK(word_of(m.try_open('a', "d")) == "unknown_participant");
}

TEST_CASE("a user reads how it used sessions", "[session_store]") {
  meeting m;
  auto alice = m.connect("a1");
  auto bob = m.connect("b1");
  auto id = m.open('a', "b");
  REQUIRE(m.join(alice, id).ok());
  m.w.run(seconds{30});
  REQUIRE(m.leave(alice, id).ok());
  auto read = m.w.read(query::usage{user_id{"alice"}, 366});
  REQUIRE(read.ok());
  auto usage = std::get<usage_report>(*read);
  CHECK(usage.to - usage.from == std::chrono::days{366});
  CHECK(usage.sessions == 1);
  CHECK(usage.joined == 1);
  CHECK(usage.total_s == 30);
  CHECK(usage.with_audio == 1);
  CHECK(std::get<usage_report>(*m.w.read(query::usage{user_id{"bob"}, 366})).joined == 0);
}
