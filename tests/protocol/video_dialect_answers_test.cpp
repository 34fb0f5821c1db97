#include "protocol/dialects/token.hpp"
#include "protocol/dialects/video.hpp"
#include "tests/catch.hpp"
#include "tests/protocol/video_samples.hpp"

using namespace carillon;
using namespace carillon::video_samples;

namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

} // namespace

TEST_CASE("a pending invitation is shown as expired once it is too late", "[video_dialect]") {
  constexpr std::string_view pending = R"("role":"user","invitation":"pending")";
  constexpr std::string_view expired = R"("role":"user","invitation":"expired")";
  CHECK(has(video::encode_call(view_of(active()), at(7199)), pending));
  CHECK(has(video::encode_call(view_of(active()), at(7200)), expired));
  CHECK(has(video::encode_call(view_of(over()), at(200)), expired));
  // What was answered stays as it was answered.
  CHECK(has(video::encode_call(view_of(over()), at(9000)), R"("invitation":"accepted")"));
  auto declined = over();
  declined.people[2].invited = invitation::declined;
  CHECK(has(video::encode_call(view_of(declined), at(9000)), R"("invitation":"declined")"));
}

TEST_CASE("somebody who came without an invitation is a participant and no member",
          "[video_dialect]") {
  auto call = active();
  auto dave = alice_in();
  dave.user = user_id{"dave"};
  dave.role = participant_role::participant;
  call.people.push_back(dave);
  auto text = video::encode_call(view_of(call), at(100));
  CHECK(has(text, R"({"user_id":"dave","left_at":null}],"active_participants_count":2)"));
  CHECK_FALSE(has(text, R"({"user_id":"dave","role")"));
}

TEST_CASE("a duration is told once it is over, and of calls that were active", "[video_dialect]") {
  CHECK(has(video::encode_call(view_of(active()), at(100)), R"("duration_seconds":null)"));
  CHECK(has(video::encode_call(view_of(over()), at(200)), R"("duration_seconds":123)"));
  auto never = over();
  never.started_at.reset();
  CHECK(has(video::encode_call(view_of(never), at(200)), R"("duration_seconds":null)"));
  auto at_once = over();
  at_once.duration_s = 0;
  CHECK(has(video::encode_call(view_of(at_once), at(200)), R"("duration_seconds":0)"));
}

TEST_CASE("a user's duration counts the stays that are over", "[video_dialect]") {
  auto shown = [](const participant& who) {
    auto call = active();
    call.people = {who};
    return video::encode_history({{call}}, {who.user, 25, 0});
  };
  CHECK(has(shown(alice_in()), R"("user_duration_seconds":null)"));
  CHECK(has(shown(bob_left()), R"("user_duration_seconds":59)"));
  auto back = bob_left();
  back.left_at.reset();
  back.entered_at = at(80);
  CHECK(has(shown(back), R"("left_at":null,"user_duration_seconds":59)"));
  auto brief = bob_left();
  brief.present = milliseconds{0};
  CHECK(has(shown(brief), R"("user_duration_seconds":0)"));
}

TEST_CASE("a call ended with whoever was the last one in", "[video_dialect]") {
  auto auto_ended = [](end_reason reason, const user_id& by, const user_id& of) {
    auto call = over();
    call.reason = reason;
    call.ended_by = by;
    return has(video::encode_left(view_of(call), of), R"("call_auto_ended":true)");
  };
  CHECK(auto_ended(end_reason::last_left, bob, bob));
  CHECK(auto_ended(end_reason::connection_lost, bob, bob));
  CHECK(auto_ended(end_reason::timeout, bob, bob));
  CHECK_FALSE(auto_ended(end_reason::last_left, alice, bob));
  CHECK_FALSE(auto_ended(end_reason::hung_up, bob, bob));
  CHECK_FALSE(auto_ended(end_reason::cancelled, bob, bob));
  CHECK(has(video::encode_left(view_of(active()), bob), R"("call_auto_ended":false)"));
}

TEST_CASE("a refusal says what it is and everything that may be known", "[video_dialect]") {
  CHECK(video::encode_rest_error(failure{error_code::invalid_field, "members[2].role"}, false)
        == R"({"error":"Invalid field","message":"Invalid field: members[2].role"})");
  CHECK(video::encode_rest_error(error_code::call_not_found, false)
        == R"({"error":"Call not found","message":"Call not found"})");
  failure store{error_code::store_unavailable, "connection refused"};
  CHECK(video::encode_rest_error(store, false)
        == R"({"error":"Storage is not available","message":"Storage is not available"})");
  CHECK(video::encode_rest_error(store, true)
        == R"({"error":"Storage is not available",)"
           R"("message":"Storage is not available: connection refused"})");
}

TEST_CASE("where the server fails three routes say at what", "[video_dialect]") {
  failure no_secret{error_code::stream_not_configured, "stream.api_secret is not set"};
  CHECK(video::encode_token_error(no_secret, false)
        == R"({"error":"Failed to generate video token",)"
           R"("message":"Token generation failed: stream.api_secret is not set"})");
  CHECK(video::encode_token_error(error_code::store_unavailable, false)
        == R"({"error":"Failed to generate video token",)"
           R"("message":"Token generation failed: Storage is not available"})");
  CHECK(video::encode_token_error(error_code::rate_limited, false)
        == R"({"error":"Too many requests","message":"Too many requests"})");
  CHECK(video::encode_history_error(error_code::store_unavailable, false)
        == R"({"error":"Failed to get call history","message":"Storage is not available"})");
  CHECK(video::encode_history_error(failure{error_code::invalid_query, "limit"}, false)
        == R"({"error":"Invalid query parameter","message":"Invalid query parameter: limit"})");
  CHECK(video::encode_active_error(failure{error_code::internal, "why"}, true)
        == R"({"error":"Failed to get active calls","message":"Internal error: why"})");
  CHECK(video::encode_active_error(failure{error_code::unauthorized, "expired"}, false)
        == R"({"error":"Authentication error","message":"Authentication error"})");
}

TEST_CASE("the token family says the document's text where it could not make one", "[token]") {
  failure no_secret{error_code::stream_not_configured, "stream.api_secret is not set"};
  CHECK(token::encode_rest_error(no_secret, false)
        == R"({"success":false,"message":"Failed to generate video call token",)"
           R"("error":"stream.api_secret is not set","code":"stream_not_configured"})");
  failure store{error_code::store_unavailable, "connection refused"};
  CHECK(token::encode_rest_error(store, false)
        == R"({"success":false,"message":"Failed to generate video call token",)"
           R"("error":"Storage is not available","code":"store_unavailable"})");
  CHECK(has(token::encode_rest_error(store, true), "connection refused"));
  CHECK(token::encode_rest_error(failure{error_code::unauthorized, "expired"}, false)
        == R"({"success":false,"message":"Authentication error","code":"unauthorized"})");
  CHECK(token::encode_rest_error(error_code::rate_limited, false)
        == R"({"success":false,"message":"Too many requests","code":"rate_limited"})");
}

TEST_CASE("the family's events are no events of others, nor theirs of it", "[video_dialect]") {
  CHECK_FALSE(video::encode(event::accepted_confirm{call_id{"c"}}));
  CHECK_FALSE(video::encode(event::call_states{}));
  CHECK(video::encode(event::video_ended{shared(over())}, 9)->offset == 9);
}
