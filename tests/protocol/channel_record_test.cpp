#include "protocol/channel_record.hpp"

#include "protocol/records.hpp"
#include "tests/catch.hpp"

using namespace carillon;

namespace {

using users = std::vector<user_id>;

const user_id alice{"alice"};
const user_id bob{"bob"};
const user_id carol{"carol"};
const user_id dave{"dave"};

time_point at(int s) { return from_epoch_ms(std::int64_t{s} * 1000); }

call_record direct_call() {
  call_record call;
  call.id = call_id{"c1"};
  call.caller = alice;
  call.created_at = at(10);
  call.part = direct_part{bob, media_type::audio};
  return call;
}

call_record session() {
  auto call = direct_call();
  for (const auto& user : {alice, bob, carol}) {
    call.people.emplace_back();
    call.people.back().user = user;
  }
  call.part = session_part{};
  return call;
}

channel_record row() {
  channel_record out;
  out.call = call_id{"c1"};
  out.created_by = alice;
  out.call_type = "standup";
  out.members = {alice, dave};
  out.created_at = at(5);
  out.stored = true;
  return out;
}

} // namespace

TEST_CASE("the name of a channel says whose it is", "[channel]") {
  CHECK(channel_name(call_id{"c1"}) == "messaging:call-c1");
  for (std::string id : {"c1", "call_1762853400000_abc123xyz", "a/b?c=%3A\"é", "-"})
    CHECK(call_of_channel(channel_name(call_id{id})) == call_id{id});
  CHECK(call_of_channel("messaging:call-" + std::string(128, 'x')));
  for (std::string name : {"", "messaging:call-", "messaging:c1", "Messaging:call-c1",
                           "messaging:call-c 1", "livestream:call-c1", " messaging:call-c1", "c1"})
    CHECK_FALSE(call_of_channel(name));
  CHECK_FALSE(call_of_channel("messaging:call-" + std::string(129, 'x')));
}

TEST_CASE("a call has its channel under the id that clients know", "[channel]") {
  CHECK(channel_key(direct_call()) == call_id{"c1"});
  CHECK(channel_key(session()) == call_id{"c1"});
  auto video = session();
  video_facts facts;
  facts.call_id = "stand-up";
  video.part = video_part{std::make_shared<const video_facts>(facts)};
  CHECK(channel_key(video) == call_id{"stand-up"});
  video.part = video_part{};
  CHECK(channel_key(video) == call_id{"c1"});
}

TEST_CASE("a call has a channel of its users as long as it lives", "[channel]") {
  auto own = implied_channel(direct_call());
  REQUIRE(own);
  CHECK(own->call == call_id{"c1"});
  CHECK(own->created_by == alice);
  CHECK(own->members == users{alice, bob});
  CHECK(own->created_at == at(10));
  CHECK_FALSE(own->closed_at);
  CHECK_FALSE(own->stored);
  CHECK(own->of_call);
  CHECK(own->has(bob));
  CHECK_FALSE(own->has(carol));
  CHECK(implied_channel(session())->members == users{alice, bob, carol});
  auto over = direct_call();
  over.ended_at = at(20);
  for (auto reason : {end_reason::hung_up, end_reason::no_answer, end_reason::rejected,
                      end_reason::cancelled, end_reason::connection_lost, end_reason::timeout}) {
    over.reason = reason;
    REQUIRE(implied_channel(over));
    CHECK(implied_channel(over)->closed_at == at(20));
  }
}

TEST_CASE("a call that never rang has no channel", "[channel]") {
  auto refused = direct_call();
  refused.ended_at = at(10);
  for (auto reason : {end_reason::busy, end_reason::offline}) {
    refused.reason = reason;
    CHECK_FALSE(implied_channel(refused));
  }
}

TEST_CASE("a row or a call alone is the channel", "[channel]") {
  CHECK_FALSE(joined_channel(std::nullopt, std::nullopt));
  CHECK(joined_channel(row(), std::nullopt) == row());
  auto own = implied_channel(direct_call());
  CHECK(joined_channel(std::nullopt, own) == own);
}

TEST_CASE("a call of a member comes into the channel that was made before it", "[channel]") {
  auto both = joined_channel(row(), implied_channel(session()));
  REQUIRE(both);
  CHECK(both->members == users{alice, dave, bob, carol});
  CHECK(both->created_by == alice);
  CHECK(both->call_type == "standup");
  CHECK(both->created_at == at(5));
  CHECK(both->stored);
  CHECK(both->of_call);
  CHECK_FALSE(both->closed_at);
}

TEST_CASE("a call of a stranger brings nobody into a channel, and takes nobody out", "[channel]") {
  auto call = session();
  call.caller = bob;
  CHECK(joined_channel(row(), implied_channel(call))->members == users{alice, dave});
  auto made_by_stranger = row();
  made_by_stranger.created_by = dave;
  made_by_stranger.members = {dave};
  CHECK(joined_channel(made_by_stranger, implied_channel(session()))->members == users{dave});
}

TEST_CASE("a channel is closed when its row or its call is", "[channel]") {
  auto over = session();
  over.ended_at = at(30);
  auto closed = row();
  closed.closed_at = at(20);
  CHECK(joined_channel(row(), implied_channel(over))->closed_at == at(30));
  CHECK(joined_channel(closed, implied_channel(session()))->closed_at == at(20));
  CHECK(joined_channel(closed, implied_channel(over))->closed_at == at(20));
  closed.closed_at = at(40);
  CHECK(joined_channel(closed, implied_channel(over))->closed_at == at(30));
}
