// Channels that are made, opened and closed, and what their calls do to them.

#include "tests/protocol/channel_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

using users = std::vector<user_id>;

command::open_channel opened(const user_id& who, users members, std::string type = {}) {
  return {from(who), c1, std::move(type), std::move(members)};
}

} // namespace

TEST_CASE("a channel is made for who asks and who is named", "[channel]") {
  channel machine{std::nullopt};
  auto out = machine.apply(opened(alice, {bob}, "standup"), 1, {}, at(1));
  REQUIRE(out.keep);
  CHECK(out.keep->call == c1);
  CHECK(out.keep->created_by == alice);
  CHECK(out.keep->call_type == "standup");
  CHECK(out.keep->members == users{alice, bob});
  CHECK(out.keep->created_at == at(1));
  CHECK(out.keep->stored);
  CHECK_FALSE(out.keep->of_call);
  CHECK(out.answers.empty());
  CHECK_FALSE(machine.idle());
  CHECK(machine.apply(said(bob, "hi"), 2, "x", at(1)).write);
  CHECK(answered<channel_record>(machine.kept(true), 1) == *out.keep);
  CHECK(machine.stored(1, store_verdict::written).news.size() == 1);
  CHECK(machine.idle());
}

TEST_CASE("made twice it is the first, when that is durable", "[channel]") {
  channel machine{std::nullopt};
  auto first = machine.apply(opened(alice, {bob}, "a"), 1, {}, at(1));
  CHECK(is_quiet(machine.apply(opened(bob, {carol}, "b"), 2, {}, at(2))));
  CHECK(refused(machine.apply(opened(eve, {carol}), 3, {}, at(2)), 3).code
        == error_code::not_authorized);
  auto kept = machine.kept(true);
  CHECK(answered<channel_record>(kept, 1) == *first.keep);
  CHECK(answered<channel_record>(kept, 2) == *first.keep);
  auto third = machine.apply(opened(bob, {carol}), 4, {}, at(3));
  CHECK(answered<channel_record>(third, 4) == *first.keep);
  CHECK_FALSE(third.keep);
}

TEST_CASE("a call's channel is there without being made", "[channel]") {
  for (const auto& record : {of_a_call(), closed(of_a_call())}) {
    channel machine{record};
    auto out = machine.apply(opened(bob, {carol}, "x"), 1, {}, at(9));
    CHECK_FALSE(out.keep);
    CHECK(answered<channel_record>(out, 1) == record);
  }
}

TEST_CASE("a row that can never be stored makes no channel", "[channel]") {
  channel machine{std::nullopt};
  (void)machine.apply(opened(alice, {bob}), 1, {}, at(1));
  CHECK(refused(machine.kept(false), 1).code == error_code::internal);
  CHECK_FALSE(machine.record());
  CHECK(machine.idle());
}

TEST_CASE("a channel without a call is closed by its members, or an admin", "[channel]") {
  channel machine{of_a_row()};
  command::close_channel cmd{from(bob), c1};
  SECTION("by a member") {}
  SECTION("by an admin") { cmd = {from(eve), c1, true}; }
  auto out = machine.apply(cmd, 1, {}, at(5));
  CHECK(out.closed);
  REQUIRE(out.keep);
  CHECK(*out.keep == closed(of_a_row()));
  CHECK(out.answers.empty());
  CHECK(refused(machine.apply(said(alice, "late"), 2, "x", at(6)), 2).code
        == error_code::channel_closed);
  // Again: the same answer, when that is durable.
  CHECK(is_quiet(machine.apply(command::close_channel{from(alice), c1}, 3, {}, at(7))));
  auto kept = machine.kept(true);
  CHECK(answered<channel_record>(kept, 1) == closed(of_a_row()));
  CHECK(answered<channel_record>(kept, 3) == closed(of_a_row()));
  auto again = machine.apply(command::close_channel{from(alice), c1}, 4, {}, at(8));
  CHECK(answered<channel_record>(again, 4) == closed(of_a_row()));
  CHECK_FALSE(again.keep);
  CHECK_FALSE(again.closed);
}

TEST_CASE("it is closed before it is stored", "[channel]") {
  channel machine{std::nullopt};
  (void)machine.apply(opened(alice, {bob}), 1, {}, at(1));
  CHECK(machine.apply(command::close_channel{from(bob), c1}, 2, {}, at(5)).keep->closed_at
        == at(5));
  auto first = machine.kept(true);
  CHECK(first.answers.size() == 1);
  CHECK(answered<channel_record>(first, 1).call == c1);
  CHECK(refused(machine.kept(false), 2).code == error_code::internal);
  CHECK(machine.record());
  CHECK(machine.idle());
}

TEST_CASE("what is pending when a channel closes is finished", "[channel]") {
  channel machine{of_a_call()};
  auto in_time = machine.apply(said(alice, "in time", "m1"), 1, "x", at(1));
  auto other = machine.apply(said(bob, "in time, too", "m2"), 2, "y", at(1));
  CHECK(machine.call_changed({alice, bob}, at(5)).closed);
  CHECK(is_quiet(machine.apply(said(alice, "in time", "m1"), 3, "x", at(6))));
  auto stored = machine.stored(1, store_verdict::written);
  CHECK(stored.news.size() == 1);
  CHECK(answered<chat_message_ptr>(stored, 3) == in_time.write);
  auto there = machine.stored(2, store_verdict::there);
  REQUIRE(there.lookups.size() == 1);
  CHECK(*answered<chat_message_ptr>(machine.found(there.lookups[0], std::optional{*other.write}), 2)
        == *other.write);
  CHECK(machine.idle());
}

TEST_CASE("the end of its call closes a channel, once", "[channel]") {
  channel machine{of_a_call()};
  auto out = machine.call_changed({alice, bob}, at(5));
  CHECK(out.closed);
  CHECK_FALSE(out.keep);
  CHECK(machine.record() == closed(of_a_call()));
  CHECK(is_quiet(machine.call_changed({alice, bob}, at(6))));
  CHECK(machine.record()->closed_at == at(5));
  // Whoever ends the call after that gets the same answer as the first.
  auto again = machine.apply(command::close_channel{from(bob), c1}, 1, {}, at(7));
  CHECK(answered<channel_record>(again, 1).closed_at == at(5));
  CHECK_FALSE(again.keep);
}

TEST_CASE("the end of a call that is over but was not told of yet", "[channel]") {
  channel machine{of_a_call()};
  auto out = machine.apply(command::close_channel{from(bob), c1}, 1, {}, at(5));
  CHECK(out.closed);
  CHECK_FALSE(out.keep);
  CHECK(answered<channel_record>(out, 1).closed_at == at(5));
  CHECK_FALSE(machine.call_changed({alice, bob}, at(4)).closed);
}

TEST_CASE("whom a call concerns later comes into its channel", "[channel]") {
  channel machine{of_a_call()};
  CHECK(is_quiet(machine.call_changed({alice, bob, carol}, std::nullopt)));
  CHECK(machine.record()->members == users{alice, bob, carol});
  CHECK(machine.apply(said(carol, "hi"), 1, "x", at(1)).write);
}

TEST_CASE("a call comes into the channel that a member of it made", "[channel]") {
  channel machine{of_a_row()};
  CHECK(is_quiet(machine.call_changed({bob, carol}, std::nullopt)));
  CHECK(machine.record()->members == users{alice, bob, carol});
  CHECK(machine.record()->of_call);
  CHECK(machine.call_changed({bob, carol}, at(5)).closed);
}

TEST_CASE("nobody reads a channel by giving a call its id", "[channel]") {
  SECTION("that was made before") {
    channel machine{of_a_row()};
    (void)machine.call_changed({eve, carol}, std::nullopt);
    CHECK(machine.record()->members == users{alice, bob});
    CHECK(machine.record()->of_call);
  }
  SECTION("that belongs to another call, and that does not end it") {
    channel machine{of_a_call()};
    for (const auto& users_of_other : {users{eve, bob}, users{bob, eve}, users{}})
      CHECK(is_quiet(machine.call_changed(users_of_other, at(5))));
    CHECK(machine.record() == of_a_call());
  }
}
