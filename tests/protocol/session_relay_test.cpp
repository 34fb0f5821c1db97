#include "tests/catch.hpp"
#include "tests/protocol/session_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

/// Alice, Bob and Carol are in, Dave is not.
session_line talk() {
  session_line line{{"a1", "b1", "b2", "c1", "d1", "z1"}, "bcd"};
  line.open();
  line.join("a1");
  line.join("b1");
  line.join("c1");
  line.hush();
  return line;
}

origin member(std::string_view device) { return from(device, call_kind::session); }

} // namespace

TEST_CASE("relays go to the leg that is addressed, by its device or its user", "[session]") {
  auto line = talk();
  CHECK(line.relay("a1", "b1", R"({"sdp": 1})") == "ok");
  CHECK(line.heard("b1") == words{R"(offer alice {"sdp": 1})"});
  CHECK(line.relay("b1", "carol", "2", relay_kind::answer) == "ok");
  CHECK(line.heard("c1") == words{"answer bob 2"});
  CHECK(line.relay("c1", "a1", "null", relay_kind::candidate) == "ok");
  CHECK(line.heard("a1") == words{"candidate carol null"});
  CHECK(line.silent());
  CHECK(line.written().size() == 4); // relays are not written

  const auto& relayed = std::get<event::relayed>(line.last().events.front().what);
  CHECK(relayed.from_device == device_id{"c1"});
  CHECK(relayed.family == call_kind::session);
}

TEST_CASE("the device wins where both are addressed", "[session]") {
  auto line = talk();
  CHECK(line.run(command::relay{member("a1"), line.id, user_of("c"), relay_kind::offer, "1",
                                device_id{"b1"}})
        == "ok");
  CHECK(line.heard("b1") == words{"offer alice 1"});
  CHECK(line.silent());
}

TEST_CASE("relays go only from one who is in to one who is in", "[session]") {
  auto line = talk();
  CHECK(line.relay("a1", "b2", "1") == "target_not_in_session"); // not the leg's device
  CHECK(line.relay("a1", "d1", "1") == "target_not_in_session");
  CHECK(line.relay("a1", "dave", "1") == "target_not_in_session");
  CHECK(line.relay("a1", "z1", "1") == "target_not_in_session");
  CHECK(line.relay("a1", "a1", "1") == "target_not_in_session");
  CHECK(line.relay("a1", "alice", "1") == "target_not_in_session");
  CHECK(line.relay("b2", "a1", "1") == "not_authorized");
  CHECK(line.relay("d1", "a1", "1") == "not_authorized");
  CHECK(line.relay("z1", "a1", "1") == "not_authorized");
  line.leave("b1");
  line.hush();
  CHECK(line.relay("a1", "b1", "1") == "target_not_in_session");
  CHECK(line.relay("b1", "a1", "1") == "not_authorized");
  CHECK(line.silent());
  line.end("a1");
  CHECK(line.relay("a1", "c1", "1") == "call_not_found");
}

TEST_CASE("who waits alone has nobody to relay to", "[session]") {
  session_line line{"a1", "b1"};
  line.open();
  line.join("a1");
  CHECK(line.relay("a1", "b1", "1") == "target_not_in_session");
  CHECK(line.machine().routes().empty());
}

TEST_CASE("a lost device is still addressed, for it may resume", "[session]") {
  auto line = talk();
  line.lose("b1");
  CHECK(line.relay("a1", "bob", "1") == "ok");
  CHECK(line.relay("a1", "b1", "2") == "ok");
  line.resume("b1");
  CHECK(line.heard("b1") == words{"offer alice 1", "offer alice 2", "states active in"});
}

TEST_CASE("a device that said goodbye is not addressed any more, though its leg waits",
          "[session]") {
  auto line = talk();
  line.detach("b1");
  CHECK(line.in() == "a1 b1 c1");
  CHECK(line.relay("a1", "bob", "1") == "target_not_in_session");
  CHECK(line.relay("a1", "b1", "1") == "target_not_in_session");
  line.detach("b2"); // says nothing new of the leg
  CHECK(line.relay("a1", "bob", "1") == "target_not_in_session");
  CHECK(line.relay("a1", "c1", "1") == "ok");
  line.attach("b3");
  line.hush();
  CHECK(line.relay("a1", "bob", "2") == "ok");
  CHECK(line.heard("b3") == words{"offer alice 2"});
}

TEST_CASE("a lost device is addressed until it is given up", "[session]") {
  auto line = talk();
  line.lose("b1");
  CHECK(line.relay("a1", "b1", "1") == "ok");
  line.detach("b1");
  CHECK(line.relay("a1", "b1", "2") == "target_not_in_session");
  CHECK(line.in() == "a1 b1 c1");
}

TEST_CASE("after a restart nobody is addressed who is not back", "[session]") {
  auto line = talk();
  line.restart();
  line.attach("a2");
  CHECK(line.relay("a2", "bob", "1") == "target_not_in_session");
  line.attach("b2");
  line.hush();
  CHECK(line.relay("a2", "bob", "2") == "ok");
  CHECK(line.heard("b2") == words{"offer alice 2"});
}

TEST_CASE("routes lead from each live leg to all the others", "[session]") {
  auto line = talk();
  auto expected = std::vector<relay_route>{{member("a1"), {member("b1"), member("c1")}},
                                           {member("b1"), {member("a1"), member("c1")}},
                                           {member("c1"), {member("a1"), member("b1")}}};
  CHECK(line.machine().routes() == expected);

  SECTION("a leg that is away has none") {
    line.detach("b1");
    expected = {{member("a1"), {member("c1")}}, {member("c1"), {member("a1")}}};
    CHECK(line.machine().routes() == expected);
    line.attach("b3");
    CHECK(line.machine().routes()[1].sender == member("b3"));
  }
  SECTION("there is none to nobody") {
    line.leave("a1");
    line.leave("b1");
    CHECK(line.machine().routes().empty());
  }
  SECTION("there are none after the end") {
    line.end("a1");
    CHECK(line.machine().routes().empty());
  }
}

TEST_CASE("who is in on a device that is there is busy", "[session]") {
  auto line = talk();
  auto busy = [&](std::string_view who) { return line.machine().occupies(user_of(who)); };
  CHECK(busy("a"));
  CHECK(busy("b"));
  CHECK_FALSE(busy("d"));
  CHECK_FALSE(busy("z"));
  line.detach("b1");
  CHECK_FALSE(busy("b"));
  line.attach("b3");
  CHECK(busy("b"));
  line.leave("c1");
  CHECK_FALSE(busy("c"));
  CHECK(line.machine().summary_for(user_of("a")).device == device_id{"a1"});
  line.end("a1");
  CHECK_FALSE(busy("a"));
  CHECK_FALSE(busy("b"));
}

TEST_CASE("a direct call has routes while both legs have their devices", "[call]") {
  call_stage line{call_kind::direct, {}};
  call_id id{"0123456789abcdef01234567"};
  line.attach("a1");
  line.attach("b1");
  line.run(command::place{from("a1"), id, view_of(user_of("a")), view_of(user_of("b"))});
  CHECK(line.machine().routes().empty());
  line.run(command::accept{from("b1"), id});
  CHECK(line.machine().routes()
        == std::vector<relay_route>{{from("a1"), {from("b1")}}, {from("b1"), {from("a1")}}});
  line.detach("a1");
  CHECK(line.machine().routes().empty());
}

TEST_CASE("a session's relay keeps its ticket until it is handed over", "[session]") {
  auto line = talk();
  relay_ticket ticket = std::make_shared<int>();
  command::relay what{member("a1"), line.id, user_of("b"), relay_kind::offer, "1", {}, ticket};
  {
    auto out = line.machine().apply(std::move(what), line.now());
    CHECK(std::get<event::relayed>(out.events.front().what).under_way == ticket);
    CHECK(ticket.use_count() == 2);
  }
  CHECK(ticket.use_count() == 1);
}
