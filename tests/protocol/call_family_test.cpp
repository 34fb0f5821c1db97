// In whose words a call is spoken to.

#include "tests/catch.hpp"
#include "tests/protocol/call_fixture.hpp"
#include "tests/protocol/session_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

command::end end_by(std::string_view who, const call_id& call, call_kind family,
                    bool as_admin = false) {
  return {from(who, family), call, as_admin};
}

} // namespace

TEST_CASE("a call is not found in the words of another kind", "[call][session]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  CHECK(line.run(end_by("alice", line.id, call_kind::session)) == "call_not_found");
  session_line session{"a1", "b1"};
  session.open();
  CHECK(session.run(end_by("alice", session.id, call_kind::direct)) == "call_not_found");
}

TEST_CASE("in the words of channels a direct call is ended as in its own", "[call]") {
  call_line line{"a1", "b1", "z1"};
  line.initiate("a1");
  CHECK(line.run(end_by("zoe", line.id, call_kind::stream, true)) == "not_authorized");
  SECTION("cancelled by the caller") {
    CHECK(line.run(end_by("alice", line.id, call_kind::stream)) == "ok");
    CHECK(line.record().status == call_status::cancelled);
  }
  SECTION("declined by the receiver") {
    CHECK(line.run(end_by("bob", line.id, call_kind::stream)) == "ok");
    CHECK(line.record().status == call_status::rejected);
  }
  SECTION("hung up by either") {
    line.accept("b1");
    CHECK(line.run(end_by("bob", line.id, call_kind::stream)) == "ok");
    CHECK(line.record().status == call_status::completed);
  }
}

TEST_CASE("in the words of channels a session is ended by its initiator, or an admin",
          "[session]") {
  session_line line{"a1", "b1", "z1"};
  line.open();
  line.join("a1");
  line.join("b1");
  CHECK(line.run(end_by("bob", line.id, call_kind::stream)) == "not_authorized");
  SECTION("the initiator") { CHECK(line.run(end_by("alice", line.id, call_kind::stream)) == "ok"); }
  SECTION("an admin") { CHECK(line.run(end_by("zoe", line.id, call_kind::stream, true)) == "ok"); }
  CHECK(line.record().status == call_status::ended);
}
