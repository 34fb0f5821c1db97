#include "protocol/records.hpp"

#include "tests/catch.hpp"

using namespace carillon;

namespace {

user_record user(std::string id, user_claims profile) {
  return {user_id{std::move(id)}, profile, profile, from_epoch_ms(1), from_epoch_ms(1)};
}

} // namespace

TEST_CASE("words are the ones of the API and round-trip", "[records]") {
  CHECK(to_string(media_type::audio) == "audio");
  CHECK(to_string(media_type::video) == "video");
  CHECK(word_of(call_kind::direct, call_state::ringing) == "ringing");
  CHECK(word_of(call_kind::direct, call_state::active) == "active");
  CHECK(word_of(call_kind::direct, call_state::ended) == "ended");
  CHECK(to_string(call_status::no_answer) == "no-answer");
  CHECK(to_string(call_status::active) == "active");
  CHECK(to_string(call_status::completed) == "completed");
  CHECK(to_string(call_status::missed) == "missed");
  CHECK(to_string(call_status::rejected) == "rejected");
  CHECK(to_string(call_status::cancelled) == "cancelled");
  CHECK(to_string(end_reason::hung_up) == "hangup");
  CHECK(to_string(end_reason::no_answer) == "no-answer");
  CHECK(to_string(end_reason::rejected) == "rejected");
  CHECK(to_string(end_reason::cancelled) == "cancelled");
  CHECK(to_string(end_reason::busy) == "busy");
  CHECK(to_string(end_reason::offline) == "offline");
  CHECK(to_string(end_reason::connection_lost) == "connection-lost");
  CHECK(to_string(end_reason::timeout) == "timeout");
  CHECK(to_string(end_reason::last_left) == "last-left");
  CHECK(to_string(call_kind::direct) == "direct");
  CHECK(to_string(call_kind::session) == "session");
  CHECK(to_string(call_status::waiting) == "waiting");
  CHECK(to_string(call_status::ended) == "ended");
  CHECK(word_of(call_kind::session, call_state::ringing) == "waiting");
  CHECK(word_of(call_kind::session, call_state::active) == "active");
  CHECK(word_of(call_kind::session, call_state::ended) == "ended");
  for (int i = 0; i <= static_cast<int>(call_status::ended); ++i)
    CHECK(parse_call_status(to_string(call_status(i))) == call_status(i));
  for (int i = 0; i <= static_cast<int>(end_reason::last_left); ++i)
    CHECK(parse_end_reason(to_string(end_reason(i))) == end_reason(i));
  CHECK(parse_media_type("video") == media_type::video);
}

TEST_CASE("unknown words are nothing", "[records]") {
  for (auto word : {"", "Audio", "audio ", "screen"})
    CHECK_FALSE(parse_media_type(word));
  CHECK_FALSE(parse_call_status("no_answer"));
  CHECK_FALSE(parse_end_reason("hung_up"));
}

TEST_CASE("a name falls back to the e-mail's local part and then to the id", "[records]") {
  CHECK(user("u1", user_claims{"Ann", "ann@x", "", ""}).display_name() == "Ann");
  CHECK(user("u1", user_claims{"", "ann@x", "", ""}).display_name() == "ann");
  CHECK(user("u1", user_claims{"", "ann", "", ""}).display_name() == "ann");
  CHECK(user("u1", user_claims{"", "@x", "", ""}).display_name() == "u1");
  CHECK(user("u1", {}).display_name() == "u1");
}

TEST_CASE("an image falls back to a random avatar", "[records]") {
  CHECK(user("u1", user_claims{"", "", "https://x/y.png", ""}).display_image()
        == "https://x/y.png");
  CHECK(user("user-123", user_claims{"John Doe", "", "", ""}).display_image()
        == "https://getstream.io/random_svg/?id=user-123&name=John%20Doe");
  CHECK(user("a&b=c", user_claims{"J\xC3\xBC?", "", "", ""}).display_image()
        == "https://getstream.io/random_svg/?id=a%26b%3Dc&name=J%C3%BC%3F");
}

TEST_CASE("a first token makes the user", "[records]") {
  user_claims claims{"Ann", "a@x", "i", "r"};
  auto made = merge_claims(nullptr, user_id{"u1"}, claims, from_epoch_ms(5));
  REQUIRE(made);
  CHECK(made->id == user_id{"u1"});
  CHECK(made->profile == claims);
  CHECK(made->claimed == claims);
  CHECK(made->created_at == from_epoch_ms(5));
  CHECK(made->updated_at == from_epoch_ms(5));
}

TEST_CASE("later claims overwrite only where they are news", "[records]") {
  auto known = user("u1", user_claims{"Ann", "a@x", "", ""});
  auto now = from_epoch_ms(9);

  SECTION("the same claims change nothing") {
    CHECK_FALSE(merge_claims(&known, known.id, user_claims{"Ann", "a@x", "", ""}, now));
  }
  SECTION("an absent claim changes nothing") {
    CHECK_FALSE(merge_claims(&known, known.id, {}, now));
  }
  SECTION("a new claim overwrites its field only") {
    auto merged = merge_claims(&known, known.id, user_claims{"Anna", "", "", ""}, now);
    REQUIRE(merged);
    CHECK(merged->profile == user_claims{"Anna", "a@x", "", ""});
    CHECK(merged->claimed == merged->profile);
    CHECK(merged->created_at == from_epoch_ms(1));
    CHECK(merged->updated_at == now);
  }
  SECTION("an upserted field survives the same old claim, and yields to a new one") {
    known.profile.name = "Upserted";
    CHECK_FALSE(merge_claims(&known, known.id, user_claims{"Ann", "", "", ""}, now));
    auto merged = merge_claims(&known, known.id, user_claims{"Anna", "", "", ""}, now);
    REQUIRE(merged);
    CHECK(merged->profile.name == "Anna");
  }
  SECTION("a claim that says what the upsert said is remembered as seen") {
    known.profile.name = "Anna";
    auto merged = merge_claims(&known, known.id, user_claims{"Anna", "", "", ""}, now);
    REQUIRE(merged);
    CHECK(merged->claimed.name == "Anna");
  }
}

TEST_CASE("a record knows its state and its participants", "[records]") {
  call_record call;
  call.caller = user_id{"a"};
  call.direct().receiver = user_id{"b"};
  CHECK(call.state() == call_state::ringing);
  call.started_at = from_epoch_ms(1);
  CHECK(call.state() == call_state::active);
  call.ended_at = from_epoch_ms(2);
  CHECK(call.state() == call_state::ended);
  CHECK(call.has(user_id{"a"}));
  CHECK_FALSE(call.has(user_id{"c"}));
  CHECK(call.peer_of(user_id{"a"}) == user_id{"b"});
  CHECK(call.peer_of(user_id{"b"}) == user_id{"a"});
  CHECK(call.kind() == call_kind::direct);
  CHECK(call.users() == std::vector{user_id{"a"}, user_id{"b"}});
  CHECK(call.find(user_id{"a"}) == nullptr);
  CHECK(call.count_in() == 0);
}

TEST_CASE("a session's record knows its people", "[records]") {
  call_record call;
  call.caller = user_id{"b"};
  call.part = session_part{};
  call.people.resize(3);
  call.people[0].user = user_id{"b"};
  call.people[1].user = user_id{"a"};
  call.people[2].user = user_id{"c"};
  call.people[2].entered_at = from_epoch_ms(1);
  CHECK(call.kind() == call_kind::session);
  CHECK(call.users() == std::vector{user_id{"b"}, user_id{"a"}, user_id{"c"}});
  CHECK(call.has(user_id{"c"}));
  CHECK_FALSE(call.has(user_id{"d"}));
  CHECK(call.find(user_id{"c"}) == &call.people[2]);
  CHECK(call.find(user_id{"d"}) == nullptr);
  CHECK(call.count_in() == 1);
}

TEST_CASE("records of sessions are equal when their facts are", "[records]") {
  call_record one;
  one.part = session_part{std::make_shared<const session_facts>(), {}};
  auto other = one;
  CHECK(other == one);
  other.session().facts = std::make_shared<const session_facts>();
  CHECK(other == one);
  session_facts facts;
  facts.seats = 3;
  other.session().facts = std::make_shared<const session_facts>(facts);
  CHECK_FALSE(other == one);
  other.session().facts = nullptr;
  CHECK_FALSE(other == one);
  CHECK_FALSE(one == other);
}
