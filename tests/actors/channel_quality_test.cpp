#include "protocol/video.hpp"
#include "tests/actors/chats.hpp"
#include "tests/actors/video_calls.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

command::report_quality measured(char who, const call_id& call, double rtt_ms) {
  quality_sample sample;
  sample.rtt_ms = rtt_ms;
  sample.packet_loss = 0;
  return {in_chat(who), call, std::move(sample)};
}

query::quality of(char who, const call_id& call, bool as_admin = false) {
  return {user_id{user_of(who)}, as_admin, call};
}

quality_details details(const result<reply_value>& what) {
  REQUIRE(what.ok());
  return std::get<quality_details>(*what);
}

} // namespace

TEST_CASE("the quality of a direct call joins both ends", "[channel_quality]") {
  chats t;
  auto alice = t.connect("a1");
  auto bob = t.connect("b1");
  auto id = t.w.call(alice, "bob");
  REQUIRE(t.w.ask(bob, command::accept{bob->who, id}).ok());
  REQUIRE(t.w.ask_rest(measured('a', id, 20)).ok());
  CHECK(word_of(t.w.ask_rest(measured('a', id, 20))) == "rate_limited");
  REQUIRE(t.w.ask_rest(measured('b', id, 40)).ok());
  CHECK(word_of(t.w.ask_rest(measured('c', id, 40))) == "not_authorized");

  auto found = details(t.w.read(of('b', id)));
  CHECK(found.call == id);
  CHECK(found.quality.whole.samples == 2);
  CHECK(*found.quality.whole.rtt_ms == Approx(30));
  REQUIRE(found.users.size() == 2);
  CHECK(found.users[0]->display_name() == "alice's name");
  CHECK(found.quality.of_users.size() == 2);
  CHECK(word_of(t.w.read(of('c', id))) == "not_authorized");
  CHECK(t.w.read(of('c', id, true)).ok());

  REQUIRE(t.w.ask(alice, command::end{alice->who, id}).ok());
  CHECK(details(t.w.read(of('a', id))).quality.whole.samples == 2);
  CHECK(word_of(t.w.ask_rest(measured('a', id, 20))) == "call_not_found");
}

TEST_CASE("the quality of a session and of a video call", "[channel_quality]") {
  chats t;
  auto alice = t.connect("a1");
  t.know("bc");
  SECTION("session") {
    auto id = t.gather('a', "b");
    REQUIRE(t.w.ask(alice, command::join{in_session(alice), id, {}}).ok());
    REQUIRE(t.w.ask_rest(measured('a', id, 20)).ok());
    CHECK(word_of(t.w.ask_rest(measured('b', id, 20))) == "not_authorized"); // not in it
    auto found = details(t.w.read(of('b', id)));
    CHECK(found.quality.whole.samples == 1);
    CHECK(found.users.size() == 2);
  }
  SECTION("video, by its clients' id") {
    call_id id{"talk"};
    REQUIRE(t.w.ask_rest(video_calls::creates('a', "talk", "b")).ok());
    REQUIRE(t.w.ask_rest(command::enter_call{in_video('b'), video_call_id("talk")}).ok());
    REQUIRE(t.w.ask_rest(measured('b', id, 20)).ok());
    auto found = details(t.w.read(of('a', id)));
    CHECK(found.call == id);
    CHECK(found.quality.whole.samples == 1);
    CHECK(found.users.size() == 2);
    CHECK(word_of(t.w.read(of('c', id))) == "not_authorized");
  }
}

TEST_CASE("the quality of what is not there", "[channel_quality]") {
  chats t;
  t.know("a");
  CHECK(word_of(t.w.read(of('a', call_id{"nowhere"}))) == "call_not_found");
  CHECK(word_of(t.w.ask_rest(measured('a', call_id{"nowhere"}, 1))) == "call_not_found");
  t.w.stores->away = true;
  CHECK(word_of(t.w.read(of('a', call_id{"nowhere"}))) == "store_unavailable");
}
