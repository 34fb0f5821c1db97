#include "protocol/timeline.hpp"

#include "tests/catch.hpp"

using namespace carillon;

namespace {

const time_point begun = from_epoch_ms(1'763'000'000'000);

timeline_step step(step_kind kind, std::int64_t ms, std::uint8_t from = timeline_step::nobody,
                   std::uint8_t to = timeline_step::nobody) {
  timeline_step made;
  made.kind = kind;
  made.at = begun + milliseconds{ms};
  made.from = from;
  made.to = to;
  return made;
}

timeline call() {
  timeline told;
  told.call = call_id{"c1"};
  told.people = {user_id{"alice"}, user_id{"b\"ob"}};
  told.created_at = begun;
  told.started_at = begun + milliseconds{1204};
  told.ended_at = begun + seconds{60};
  told.status = call_status::completed;
  told.reason = end_reason::hung_up;
  told.steps = {step(step_kind::ring, 0, 0, 1), step(step_kind::accept, 1204, 1, 0),
                step(step_kind::offer, 1300, 0, 1), step(step_kind::candidates, 1310, 0, 1),
                step(step_kind::end, 60'000, 0)};
  told.steps[2].n = 3;
  told.steps[3].until = begun + milliseconds{1500};
  told.steps[4].reason = end_reason::hung_up;
  return told;
}

} // namespace

TEST_CASE("a timeline as it is stored", "[timeline]") {
  auto told = call();
  CHECK(pack(told)
        == "direct completed hangup 1763000000000 1204 60000 0\n"
           "alice b\"ob\n"
           "ring 0 0 1\n"
           "accept 1204 1 0\n"
           "offer 1300 0 1 x3\n"
           "candidates 1310 0 1 +190\n"
           "end 60000 0 - hangup\n");
  told.kind = call_kind::session;
  told.reason = end_reason::none;
  told.started_at.reset();
  told.ended_at.reset();
  told.left_out = 2;
  told.people.clear();
  told.steps = {step(step_kind::restored, -5)};
  CHECK(pack(told) == "session completed none 1763000000000 - - 2\n\nrestored -5 - -\n");
}

TEST_CASE("a timeline comes back as it was stored", "[timeline]") {
  for (const auto& told : {call(), timeline{}}) {
    auto again = unpack({told.call, {}, pack(told)});
    REQUIRE(again);
    CHECK(*again == told);
  }
}

TEST_CASE("what is no stored timeline is refused", "[timeline]") {
  const auto whole = pack(call());
  auto taken = [](const std::string& text) { return unpack({call_id{"c1"}, {}, text}).ok(); };
  std::size_t lines = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO(size);
    // Whole lines behind the first two are a timeline themselves.
    lines += size > 0 && whole[size - 1] == '\n' ? 1 : 0;
    CHECK(taken(whole.substr(0, size)) == (lines >= 2 && whole[size - 1] == '\n'));
  }
  const std::string head = "direct active none 0 - - 0\na b\n";
  CHECK(taken(head));
  for (const char* bad : {"ring 0 0 2\n", "ring 0 0\n", "rang 0 0 1\n", "ring x 0 1\n",
                          "ring 0 0 1 x\n", "ring 0 0 1 +y\n", "ring 0 0 1 why\n", "\n",
                          "ring 9223372036854775807 0 1\n", "ring 0 -1 1\n", "ring 0  1\n"})
    CHECK_FALSE(taken(head + bad));
  std::string long_one = head;
  for (std::size_t i = 0; i < timeline::most_steps; ++i)
    long_one += "ring 0 0 1\n";
  CHECK(taken(long_one));
  CHECK_FALSE(taken(long_one + "ring 0 0 1\n"));
}

TEST_CASE("a timeline as it is served", "[timeline]") {
  CHECK(encode_timeline(call())
        == R"({"callId":"c1","kind":"direct","status":"completed","reason":"hangup",)"
           R"("createdAt":"2025-11-13T02:13:20.000Z","startedAt":"2025-11-13T02:13:21.204Z",)"
           R"("endedAt":"2025-11-13T02:14:20.000Z","people":["alice","b\"ob"],"leftOut":0,)"
           R"("steps":[{"what":"ring","at":0,"from":0,"to":1},)"
           R"({"what":"accept","at":1204,"from":1,"to":0},)"
           R"({"what":"offer","at":1300,"from":0,"to":1,"n":3},)"
           R"({"what":"candidates","at":1310,"from":0,"to":1,"n":1,"until":1500},)"
           R"({"what":"end","at":60000,"from":0,"to":null,"reason":"hangup"}]})");
}

TEST_CASE("a call that lives has no end, and nobody is null", "[timeline]") {
  auto told = call();
  told.kind = call_kind::session;
  told.status = call_status::waiting;
  told.reason = end_reason::none;
  told.started_at.reset();
  told.ended_at.reset();
  told.left_out = 2;
  told.steps = {step(step_kind::restored, -5)};
  CHECK(encode_timeline(told)
        == R"({"callId":"c1","kind":"session","status":"waiting","reason":null,)"
           R"("createdAt":"2025-11-13T02:13:20.000Z","startedAt":null,"endedAt":null,)"
           R"("people":["alice","b\"ob"],"leftOut":2,)"
           R"("steps":[{"what":"restored","at":0,"from":null,"to":null}]})");
}

TEST_CASE("every step has a word", "[timeline]") {
  std::string all;
  for (int i = 0; i <= static_cast<int>(step_kind::end); ++i)
    all.append(to_string(static_cast<step_kind>(i))).append(" ");
  CHECK(all == "ring accept join move leave offer answer candidates drop back restored end ");
}
