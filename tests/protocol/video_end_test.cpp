#include "tests/catch.hpp"
#include "tests/catch.hpp"
#include "tests/protocol/video_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

/// Ends the call in the words of chat, which are about calls of any kind.
std::string end(video_line& line, std::string_view who, bool as_admin = false) {
  return line.run(command::end{from(who, call_kind::stream), line.id, as_admin});
}

} // namespace

TEST_CASE("a video call is ended in the words of chat by its creator, or an admin", "[video]") {
  video_line line{"a1", "b1", "d1"};
  line.create();
  REQUIRE(line.enter("bob") == "ok");
  line.hush();
  CHECK(end(line, "bob") == "not_authorized");
  CHECK(end(line, "dave") == "call_not_found"); // it is not for dave to see
  CHECK(line.silent());
  SECTION("creator") { CHECK(end(line, "alice") == "ok"); }
  SECTION("admin") { CHECK(end(line, "dave", true) == "ok"); }
  CHECK(line.record().status == call_status::ended);
  CHECK(line.in().empty());
  auto version = line.record().version;
  CHECK(end(line, "alice") == "ok"); // again
  CHECK(line.record().version == version);
}

TEST_CASE("no other kind of family ends a video call so", "[video]") {
  video_line line{"a1"};
  line.create();
  for (auto family : {call_kind::direct, call_kind::session})
    CHECK(line.run(command::end{from("alice", family), line.id, true}) == "call_not_found");
  CHECK(line.record().status == call_status::created);
}
