#include "tests/catch.hpp"
#include "tests/protocol/video_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

TEST_CASE("who only ever used REST leaves after the lease", "[video]") {
  video_line line{"a1"};
  line.create();
  line.enter("a1");
  CHECK(line.enter("bob") == "ok");
  auto begin = line.now();
  CHECK(line.person("b").lease_until == begin + 4h);
  CHECK(line.machine().leg_is_live_or_in_grace(user_of("b"), begin));
  line.pass(2h);
  line.hush();
  line.pass(2h - 1ms);
  CHECK(line.silent());
  CHECK(line.in() == "a1 bob");
  line.pass(1ms);
  CHECK(line.heard("a1") == words{"out bob timeout v5"}); // the invitation of Carol expired, too
  CHECK_FALSE(line.person("b").in());
  CHECK_FALSE(line.person("b").dropped);
  CHECK_FALSE(line.person("b").lease_until);
  CHECK(line.person("b").present == 4h);
  CHECK(line.person("b").left_at == begin + 4h);
}

TEST_CASE("the last one whose lease is over ends the call", "[video]") {
  video_line line{{"a1"}, facts_with("")};
  line.create();
  line.set("alice", call_status::active);
  line.enter("bob");
  line.pass(4h);
  CHECK(word(line.record()) == "ended timeout 14400s");
  CHECK(line.record().ended_by == user_of("b"));
}

TEST_CASE("whatever the user does in the call is a sign of life", "[video]") {
  video_line line{{}, facts_with("!bC")};
  line.create();
  line.enter("alice");
  line.enter("bob");
  line.enter("carol");
  line.pass(1h);
  auto version = line.record().version;
  auto due = line.now() + 4h;
  SECTION("joining again") {
    CHECK(line.enter("bob") == "ok");
    CHECK(line.person("b").lease_until == due);
  }
  SECTION("answering") {
    CHECK(line.accept("bob") == "ok");
    CHECK(line.person("b").lease_until == due);
  }
  SECTION("removing somebody") {
    CHECK(line.kick("bob", "carol") == "ok");
    CHECK(line.person("b").lease_until == due);
    CHECK_FALSE(line.person("c").lease_until);
  }
  SECTION("changing the status") {
    CHECK(line.set("alice", call_status::active) == "ok");
    CHECK(line.person("a").lease_until == due);
  }
  SECTION("creating it again") {
    CHECK(line.create() == "ok");
    CHECK(line.person("a").lease_until == due);
  }
  CHECK(line.record().version == version + 1);
  CHECK(line.last().reply->value() == line.record());
}

TEST_CASE("what is refused is no sign of life", "[video]") {
  video_line line{};
  line.create();
  line.enter("bob");
  line.pass(1h);
  CHECK(line.set("bob", call_status::active) == "not_authorized");
  CHECK(line.decline("bob") == "invalid_status_change");
  CHECK(line.person("b").lease_until == line.now() + 3h);
}

TEST_CASE("the same sign of life in the same moment is written once", "[video]") {
  video_line line{};
  line.create();
  line.enter("bob");
  auto count = line.written().size();
  CHECK(line.enter("bob") == "ok");
  CHECK(line.written().size() == count);
  line.pass(1ms);
  CHECK(line.enter("bob") == "ok");
  CHECK(line.written().size() == count + 1);
}

TEST_CASE("the first device ends the lease", "[video]") {
  video_line line{"a1"};
  line.create();
  line.enter("a1");
  line.enter("bob");
  line.pass(1s);
  line.hush();
  auto version = line.record().version;
  line.attach("b1");
  CHECK(line.heard("b1") == words{"states created in"});
  CHECK_FALSE(line.person("b").lease_until);
  CHECK(line.person("b").device.empty()); // any device will do
  CHECK(line.record().version == version + 1);
  CHECK(line.silent());
  line.pass(5h);
  CHECK(line.in() == "a1 bob");
  line.hush();
  line.detach("b1");
  line.pass(30s);
  CHECK(line.heard("a1").size() == 1);
  CHECK(line.in() == "a1");
}

TEST_CASE("joining with a device ends the lease", "[video]") {
  video_line line{{"a1", "z1"}, facts_with("")};
  line.create();
  line.enter("a1");
  CHECK(line.enter("zoe") == "ok");
  CHECK_FALSE(line.person("z").lease_until); // its session has told of z1
  CHECK(line.person("z").device.empty());
  CHECK(line.enter("z1") == "ok");
  CHECK(line.person("z").device == device_id{"z1"});

  video_line late{{"a1"}, facts_with("b")};
  late.create();
  late.enter("a1");
  late.enter("bob");
  CHECK(late.person("b").lease_until);
  CHECK(late.enter("b1") == "ok"); // before the news of it
  CHECK_FALSE(late.person("b").lease_until);
  CHECK(late.machine().next_deadline() == late.now() + 30s);
  late.attach("b1");
  late.pass(10min);
  CHECK(late.in() == "a1 b1");
}

TEST_CASE("a device that was there before ends a lease, too", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.enter("a1");
  line.lose("b1");
  line.enter("bob");
  CHECK(line.person("b").lease_until);
  line.resume("b1");
  CHECK_FALSE(line.person("b").lease_until);
  line.pass(5h);
  CHECK(line.in() == "a1 bob");
}

TEST_CASE("each stay has a lease of its own", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.enter("a1");
  line.enter("b1");
  line.leave("b1");
  line.detach("b1");
  line.enter("bob");
  CHECK(line.person("b").lease_until == line.now() + 4h);
  CHECK(line.person("b").device.empty());
}
