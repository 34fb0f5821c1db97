#include "protocol/channel.hpp"

#include "tests/protocol/channel_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

TEST_CASE("a message is written, and told and answered when it is durable", "[channel]") {
  channel machine{of_a_call(), 41};
  auto cmd = said(alice, "hello", "m1");
  cmd.attachments = R"([{"a":1}])";
  auto sent = machine.apply(cmd, 7, "fresh", at(1));
  REQUIRE(sent.write);
  CHECK(*sent.write == chat_message{c1, 42, "m1", alice, "hello", R"([{"a":1}])", at(1)});
  CHECK(sent.answers.empty());
  CHECK(sent.news.empty());
  CHECK_FALSE(machine.idle());

  auto stored = machine.stored(42, store_verdict::written);
  REQUIRE(stored.news.size() == 1);
  CHECK(stored.news[0].said == sent.write);
  CHECK(stored.news[0].by.empty());
  CHECK(answered<chat_message_ptr>(stored, 7) == sent.write);
  CHECK(stored.answers.size() == 1);
  CHECK(machine.idle());
}

TEST_CASE("a message without an id gets a fresh one", "[channel]") {
  channel machine{of_a_call()};
  CHECK(machine.apply(said(bob, "hi"), 1, "fresh-1", at(1)).write->id == "fresh-1");
  CHECK(machine.apply(said(bob, "hi"), 2, "fresh-2", at(1)).write->id == "fresh-2");
}

TEST_CASE("messages have one order, whoever sends them", "[channel]") {
  channel machine{of_a_call()};
  auto first = machine.apply(said(alice, "a"), 1, "x", at(1));
  auto second = machine.apply(said(bob, "b"), 2, "y", at(1));
  CHECK(first.write->seq == 1);
  CHECK(second.write->seq == 2);
  CHECK(machine.stored(1, store_verdict::written).news[0].said == first.write);
  CHECK(machine.stored(2, store_verdict::written).news[0].said == second.write);
}

TEST_CASE("only members write and read", "[channel]") {
  channel machine{of_a_call()};
  auto why = refused(machine.apply(said(eve, "let me in"), 1, "x", at(1)), 1);
  CHECK(why.code == error_code::not_authorized);
  CHECK(why.call == c1);
  CHECK(refused(machine.apply(command::mark_read{from(eve), c1, "m1"}, 2, {}, at(1)), 2).code
        == error_code::not_authorized);
  CHECK(refused(machine.apply(command::open_channel{from(eve), c1, {}, {}}, 3, {}, at(1)), 3).code
        == error_code::not_authorized);
  CHECK(refused(machine.apply(command::close_channel{from(eve), c1}, 4, {}, at(1)), 4).code
        == error_code::not_authorized);
  CHECK(machine.idle());
}

TEST_CASE("a channel that is not there is not found", "[channel]") {
  channel machine{std::nullopt};
  auto why = refused(machine.apply(said(alice, "hello"), 1, "x", at(1)), 1);
  CHECK(why.code == error_code::channel_not_found);
  CHECK(why.call == c1);
  CHECK(refused(machine.apply(command::mark_read{from(alice), c1, "m1"}, 2, {}, at(1)), 2).code
        == error_code::channel_not_found);
  CHECK(refused(machine.apply(command::close_channel{from(alice), c1, true}, 3, {}, at(1)), 3).code
        == error_code::call_not_found);
  CHECK(is_quiet(machine.call_changed({alice, bob}, at(3))));
  CHECK_FALSE(machine.record());
}

TEST_CASE("the same id again while it is pending is the one message", "[channel]") {
  channel machine{of_a_call()};
  auto sent = machine.apply(said(alice, "hello", "m1"), 1, "x", at(1));
  CHECK(is_quiet(machine.apply(said(alice, "other words", "m1"), 2, "y", at(2))));
  CHECK(is_quiet(machine.apply(said(bob, "mine", "m1"), 3, "z", at(2))));

  SECTION("it becomes durable") {
    auto stored = machine.stored(1, store_verdict::written);
    CHECK(stored.news.size() == 1);
    CHECK(answered<chat_message_ptr>(stored, 1) == sent.write);
    CHECK(answered<chat_message_ptr>(stored, 2) == sent.write);
    CHECK(refusal_of(stored, 3).code == error_code::message_id_taken);
  }
  SECTION("there was one of this id already: each is told of that") {
    auto there = machine.stored(1, store_verdict::there);
    CHECK(there.news.empty());
    CHECK(there.answers.empty());
    REQUIRE(there.lookups.size() == 3);
    chat_message first{c1, 0, "m1", bob, "long ago", {}, at(-9)};
    CHECK(refused(machine.found(there.lookups[0], std::optional{first}), 1).code
          == error_code::message_id_taken);
    CHECK(*answered<chat_message_ptr>(machine.found(there.lookups[2], std::optional{first}), 3)
          == first);
  }
  SECTION("it can never be stored") {
    auto never = machine.stored(1, store_verdict::refused);
    CHECK(never.news.empty());
    CHECK(never.answers.size() == 3);
    CHECK(refusal_of(never, 2).code == error_code::internal);
    // It was not said, so it may be said.
    CHECK(machine.apply(said(alice, "again", "m1"), 4, "x", at(3)).write->seq == 2);
  }
  CHECK_FALSE(machine.apply(said(alice, "next", "m2"), 9, "x", at(9)).write == nullptr);
}

TEST_CASE("an id of a while ago is looked up", "[channel]") {
  channel machine{of_a_call()};
  auto sent = machine.apply(said(alice, "hello", "m1"), 1, "x", at(1));
  (void)machine.stored(1, store_verdict::written);
  auto again = machine.apply(said(alice, "hello", "m1"), 2, "y", at(2));
  CHECK_FALSE(again.write);
  REQUIRE(again.lookups.size() == 1);
  const auto& lookup = again.lookups[0];
  CHECK(lookup.id == "m1");
  CHECK(lookup.asker == alice);
  CHECK(lookup.ticket == 2);
  CHECK(*answered<chat_message_ptr>(machine.found(lookup, std::optional{*sent.write}), 2)
        == *sent.write);

  auto others = machine.apply(said(bob, "hello", "m1"), 3, "y", at(2));
  REQUIRE(others.lookups.size() == 1);
  auto why = refused(machine.found(others.lookups[0], std::optional{*sent.write}), 3);
  CHECK(why.code == error_code::message_id_taken);
  CHECK(why.call == c1);

  failure away{error_code::store_unavailable, "no connection"};
  away.retry_after_s = 5;
  auto later = refused(machine.found(lookup, away), 2);
  CHECK(later.code == error_code::store_unavailable);
  CHECK(later.retry_after_s == 5);
  CHECK(later.call == c1);
  CHECK(refused(machine.found(lookup, std::optional<chat_message>{}), 2).code
        == error_code::internal);
}

TEST_CASE("only so many ids are remembered, and pending ones always", "[channel]") {
  channel machine{of_a_call()};
  const auto last = channel::remembered_ids + 100;
  for (std::size_t i = 0; i <= last; ++i)
    REQUIRE(machine.apply(said(alice, "t", "m" + std::to_string(i)), i, "x", at(1)).write);
  CHECK(is_quiet(machine.apply(said(alice, "t", "m0"), 9000, "x", at(1))));
  for (std::size_t i = 0; i <= last; ++i)
    (void)machine.stored(i + 1, store_verdict::written);
  (void)machine.apply(said(alice, "t", "the next"), 9001, "x", at(1));
  CHECK(machine.apply(said(alice, "t", "m0"), 9002, "x", at(1)).write);
  CHECK_FALSE(machine.apply(said(alice, "t", "m" + std::to_string(last)), 9003, "x", at(1)).write);
}

TEST_CASE("only so many messages wait for the store", "[channel]") {
  channel machine{of_a_call()};
  for (std::size_t i = 1; i <= channel::most_pending; ++i)
    REQUIRE(machine.apply(said(alice, "t"), i, "m" + std::to_string(i), at(1)).write);
  auto why = refused(machine.apply(said(bob, "t"), 5000, "x", at(1)), 5000);
  CHECK(why.code == error_code::rate_limited);
  CHECK(why.retry_after_s == 1);
  CHECK(why.call == c1);
  (void)machine.stored(1, store_verdict::written);
  CHECK(machine.apply(said(bob, "t"), 5001, "x", at(1)).write->seq == channel::most_pending + 1);
}

TEST_CASE("what the store says twice, or of nothing, changes nothing", "[channel]") {
  channel machine{of_a_call()};
  CHECK(is_quiet(machine.stored(1, store_verdict::written)));
  CHECK(is_quiet(machine.kept(true)));
  (void)machine.apply(said(alice, "t"), 1, "x", at(1));
  (void)machine.apply(said(alice, "t"), 2, "y", at(1));
  (void)machine.stored(1, store_verdict::written);
  CHECK(is_quiet(machine.stored(1, store_verdict::written)));
  CHECK(machine.stored(2, store_verdict::written).answers.size() == 1);
}

TEST_CASE("a read mark goes to the others at once", "[channel]") {
  for (const auto& record : {of_a_call(), closed(of_a_call())}) {
    channel machine{record};
    auto out = machine.apply(command::mark_read{from(bob), c1, "m1"}, 1, {}, at(9));
    REQUIRE(out.news.size() == 1);
    CHECK_FALSE(out.news[0].said);
    CHECK(out.news[0].read == "m1");
    CHECK(out.news[0].by == bob);
    (void)answered<std::monostate>(out, 1);
    CHECK(machine.idle());
  }
}

TEST_CASE("a closed channel is only read", "[channel]") {
  channel machine{closed(of_a_call()), 3};
  auto why = refused(machine.apply(said(alice, "late"), 1, "x", at(9)), 1);
  CHECK(why.code == error_code::channel_closed);
  CHECK(why.call == c1);
  // With an id it may be said again.
  auto again = machine.apply(said(alice, "late", "m1"), 2, "x", at(9));
  CHECK_FALSE(again.write);
  REQUIRE(again.lookups.size() == 1);
  CHECK(refused(machine.found(again.lookups[0], std::optional<chat_message>{}), 2).code
        == error_code::channel_closed);
  chat_message first{c1, 3, "m1", alice, "in time", {}, at(4)};
  CHECK(*answered<chat_message_ptr>(machine.found(again.lookups[0], std::optional{first}), 2)
        == first);
}

TEST_CASE("machines of channels are values", "[channel]") {
  channel machine{of_a_call()};
  (void)machine.apply(said(alice, "hello", "m1"), 1, "x", at(1));
  auto copy = machine;
  (void)copy.call_changed({alice, bob}, at(2));
  CHECK(copy.stored(1, store_verdict::written).news.size() == 1);
  CHECK_FALSE(machine.record()->closed_at);
  CHECK_FALSE(machine.idle());
}
