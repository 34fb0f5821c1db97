#include "tests/catch.hpp"
#include "tests/protocol/session_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

/// Alice and Bob are in; Carol is not, Dave was.
session_line talk() {
  session_line line{{"a1", "a2", "b1", "c1", "d1", "z1"}, "bcd"};
  line.open();
  line.join("a1");
  line.join("b1");
  line.join("d1");
  line.pass(1500ms);
  line.leave("d1");
  line.hush();
  return line;
}

} // namespace

TEST_CASE("who leaves is out, the others hear of it", "[session]") {
  auto line = talk();
  auto version = line.record().version;
  CHECK(line.leave("b1") == "ok");
  CHECK(line.heard("a1") == words{"user-left b1 v" + std::to_string(version + 1)});
  CHECK(line.silent());
  CHECK_FALSE(line.person("b").in());
  CHECK(line.person("b").left_at == line.now());
  CHECK(line.person("b").present == 1500ms);
  CHECK(line.person("b").device == device_id{"b1"});
  CHECK(line.person("b").version == version + 1);
  CHECK(line.last().reply->value() == line.record());
  CHECK(line.leave("b1") == "not_authorized");
  CHECK(line.machine().summary_for(user_of("b")).joined == false);
}

TEST_CASE("only the device that has the leg leaves", "[session]") {
  auto line = talk();
  CHECK(line.leave("a2") == "not_authorized");
  CHECK(line.leave("c1") == "not_authorized");
  CHECK(line.leave("z1") == "not_authorized");
  CHECK(line.silent());
  CHECK(line.in() == "a1 b1");
}

TEST_CASE("the last one that leaves ends the session", "[session]") {
  auto line = talk();
  line.leave("a1");
  line.hush();
  line.pass(2s);
  CHECK(line.leave("b1") == "ok");
  CHECK(word(line.record()) == "ended last-left 3s");
  CHECK(line.record().ended_by == user_of("b"));
  CHECK(line.last().reply->value() == line.record());
  for (auto device : {"a1", "a2", "b1", "c1", "d1"})
    CHECK(line.heard(device) == words{"session-ended last-left by bob 3s"});
  CHECK(line.silent());
  CHECK(line.ends() == 1);
}

TEST_CASE("who is alone and leaves ends a session that was never active", "[session]") {
  session_line line{"a1", "b1"};
  line.open();
  line.join("b1");
  line.leave("b1");
  CHECK(word(line.record()) == "ended last-left 0s");
  CHECK_FALSE(line.record().started_at);
  CHECK(line.person("c").invited == invitation::expired);
}

TEST_CASE("the initiator ends the session for all that were named", "[session]") {
  auto line = talk();
  SECTION("from inside") { CHECK(line.end("a1") == "ok"); }
  SECTION("from another device") { CHECK(line.end("a2") == "ok"); }
  SECTION("over REST") { CHECK(line.end("alice") == "ok"); }
  SECTION("after leaving") {
    line.leave("a1");
    line.hush();
    CHECK(line.end("alice") == "ok");
  }
  CHECK(word(line.record()) == "ended hung-up 1s");
  CHECK(line.record().ended_by == user_of("a"));
  for (auto device : {"a1", "a2", "b1", "c1", "d1"})
    CHECK(line.heard(device) == words{"session-ended hung-up by alice 1s"});
  CHECK(line.silent());
  CHECK(line.record().count_in() == 0);
  CHECK(line.person("b").left_at == line.now());
  CHECK(line.person("b").version == line.record().version);
  CHECK(line.person("c").invited == invitation::expired);
  CHECK(line.person("d").version < line.record().version);
  CHECK_FALSE(line.record().ring_deadline);
  CHECK_FALSE(line.record().call_deadline);
}

TEST_CASE("the initiator ends it without ever having been in", "[session]") {
  session_line line{"a1", "b1"};
  line.open();
  line.hush();
  CHECK(line.end("alice") == "ok");
  CHECK(word(line.record()) == "ended hung-up 0s");
  CHECK(line.heard("b1") == words{"session-ended hung-up by alice 0s"});
}

TEST_CASE("an admin ends any session, others do not", "[session]") {
  auto line = talk();
  CHECK(line.end("b1") == "not_authorized");
  CHECK(line.end("carol") == "not_authorized");
  CHECK(line.end("zoe") == "not_authorized");
  CHECK(line.silent());
  CHECK(line.end("zoe", true) == "ok");
  CHECK(line.record().ended_by == user_of("z"));
  CHECK(line.heard("z1").empty());
  CHECK(line.heard("b1") == words{"session-ended hung-up by zoe 1s"});
}

TEST_CASE("a session that is over is not found", "[session]") {
  auto line = talk();
  line.end("a1");
  line.hush();
  auto restored = GENERATE(false, true);
  if (restored)
    line.machine() = call::closed(call_settings{}, line.record());
  auto count = line.written().size();
  CHECK(line.end("a1") == "call_not_found");
  CHECK(line.join("b1") == "call_not_found");
  CHECK(line.ask("bob") == "call_not_found");
  CHECK(line.leave("b1") == "call_not_found");
  CHECK(line.join("z1") == "call_not_found");
  CHECK(line.report_quality("b1") == "call_not_found");
  CHECK(line.run(command::presence{user_of("b"), {device_id{"b1"}}}) == "none");
  line.pass(24h);
  CHECK(line.silent());
  CHECK(line.written().size() == count);
  CHECK(line.ends() == 1);
}

TEST_CASE("the duration is in whole seconds from active to the end", "[session]") {
  session_line line{"a1", "b1"};
  line.open();
  line.join("a1");
  line.pass(10s);
  line.join("b1");
  line.pass(2999ms);
  line.end("a1");
  CHECK(line.record().duration_s == 2);
  CHECK(line.person("a").present == 12'999ms);
  CHECK(line.person("b").present == 2'999ms);
}
