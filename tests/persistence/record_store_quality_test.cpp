// What every store promises of quality samples, and of the use that it can tell from sessions.

#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/sessions.hpp"

#include <limits>

namespace carillon::persistence::test {

namespace {

call_quality quality_of(record_store& store, const std::string& id) {
  auto found = store.quality(call_id{id});
  INFO((found ? "" : found.error().message()));
  REQUIRE(found.ok());
  return *found;
}

usage_report usage_of(record_store& store, const std::string& user, std::int64_t from,
                      std::int64_t to) {
  auto found = store.usage(user_id{user}, at(from), at(to));
  INFO((found ? "" : found.error().message()));
  REQUIRE(found.ok());
  return *found;
}

// A sample without any figure.
quality_sample bare(const std::string& call, const std::string& user, std::int64_t ms) {
  quality_sample sample;
  sample.call = call_id{call};
  sample.user = user_id{user};
  sample.at = at(ms);
  return sample;
}

call_record of_type(call_record call, session_type type) {
  auto facts = *call.session().facts;
  facts.type = type;
  call.session().facts = std::make_shared<const session_facts>(facts);
  return call;
}

} // namespace

TEMPLATE_TEST_CASE("a call's quality is the means over its samples", "[store][quality]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());

  CHECK(quality_of(*store, "s1").whole == quality_summary{});
  CHECK(quality_of(*store, "s1").of_users.empty());
  CHECK(quality_of(*store, std::string("s1\0", 3)).whole == quality_summary{});

  auto first = bare("s1", "bob", 1);
  first.rtt_ms = 100;
  first.packet_loss = 0;
  first.mos = 4;
  auto second = bare("s1", "bob", 2);
  second.rtt_ms = 50;
  second.jitter_ms = 2.5;
  second.audio_level = 0.25;
  second.video_fps = 30;
  auto third = bare("s1", "alice", 1);
  third.rtt_ms = 30;
  third.connection_time_ms = 400;
  third.bitrate_kbps = 1'000;
  third.mos = 3;
  third.audio_level = 0.75;
  const auto nothing = bare("s1", "carol", 9);
  const auto other = measured("s2", "bob", 1);
  CHECK(written(*store, {first, second, third, nothing, other}) == "11111");

  const auto found = quality_of(*store, "s1");
  CHECK(found.whole == quality_summary{4, 60, 2.5, 0, 1'000, 400, 3.5, 0.5, 30});
  REQUIRE(found.of_users.size() == 3);
  CHECK(found.of_users[0].first == user_id{"alice"});
  CHECK(found.of_users[0].second == quality_summary{1, 30, {}, {}, 1'000, 400, 3, 0.75, {}});
  CHECK(found.of_users[1].first == user_id{"bob"});
  CHECK(found.of_users[1].second == quality_summary{2, 75, 2.5, 0, {}, {}, 4, 0.25, 30});
  CHECK(found.of_users[2].first == user_id{"carol"});
  CHECK(found.of_users[2].second == quality_summary{1, {}, {}, {}, {}, {}, {}, {}, {}});
}

TEMPLATE_TEST_CASE("a sample is written once, and as it is", "[store][quality]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const auto sample = measured("c1", "alice", 1);
  CHECK(written(*store, {sample, measured("c1", "alice", 2), measured("c1", "bob", 1)}) == "111");
  CHECK(written(*store, {sample}) == "0");
  CHECK(written(*store, {sample, measured("c1", "alice", 3), measured("c1", "alice", 3)}) == "010");
  // The first one stays.
  auto again = sample;
  again.rtt_ms = 1;
  CHECK(written(*store, {again}) == "0");
  CHECK(database.value("SELECT count(*) FROM call_quality WHERE rtt_ms = 81.25") == "4");
  CHECK(database.value("SELECT count(*) FROM call_quality WHERE resolution = '640x480'"
                       " AND audio_level = 0.7 AND video_fps = 29.97")
        == "4");

  // Each double comes back as it was.
  using limits = std::numeric_limits<double>;
  int n = 0;
  for (double figure : {0.1, 1.0 / 3, -0.0, 5e-324, limits::max(), limits::lowest(), 123456789.125,
                        1e15 + 0.3, 99.99999999999999}) {
    auto exact = bare("exact" + std::to_string(n++), "alice", 1);
    exact.rtt_ms = figure;
    CHECK(written(*store, {exact}) == "1");
    CHECK(quality_of(*store, exact.call.str()).whole.rtt_ms == figure);
  }
}

TEMPLATE_TEST_CASE("use is told from the sessions that began in a span of time", "[store][usage]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  constexpr std::int64_t hour = 3'600'000;
  // `at(0)` is 22:13:20.123 UTC.
  const auto empty = usage_of(*store, "alice", 0, hour);
  CHECK(empty.sessions == 0);
  CHECK(empty.total_s == 0);
  CHECK_FALSE(empty.mos.has_value());
  CHECK(empty.from == at(0));
  CHECK(empty.to == at(hour));

  // Two were in; alice was for 60.999 s, and shared.
  auto whole = joined(joined(opened("s1", {"alice", "bob"}, 0), "alice", 1), "bob", 1'000);
  entry(whole, "alice").ever = {true, true, true};
  whole = closed(left(whole, "alice", 61'000), 70'000);
  // Nobody ever was in; begun two hours later, at the same hour as the next one.
  const auto never = of_type(closed(opened("s2", {"bob", "alice", "carol"}, 2 * hour), 2 * hour + 9,
                                    end_reason::no_answer),
                             session_type::therapy);
  // Another one was in, but alone.
  auto alone = joined(opened("s3", {"bob", "alice", "carol"}, 2 * hour + 1), "bob", 2 * hour + 5);
  alone = closed(alone, 2 * hour + 99);
  // Alice was lost, after 1.5 s and 2 s; it goes on.
  auto lost = joined(joined(opened("s4", {"carol", "alice", "bob"}, 25 * hour), "carol", 25 * hour),
                     "alice", 25 * hour);
  lost = joined(left(lost, "alice", 25 * hour + 1'500), "alice", 25 * hour + 5'000);
  lost = left(lost, "alice", 25 * hour + 7'000, true);
  // Waits; and alice has no part in the last one.
  const auto waits = opened("s5", {"alice", "bob"}, 26 * hour);
  const auto foreign = closed(opened("s6", {"bob", "carol"}, 1), 9);
  std::vector<write_op> ops{whole, never, alone, lost, waits, foreign};
  auto good = bare("s1", "alice", 5);
  good.mos = 4.5;
  auto bad = bare("s4", "alice", 5);
  bad.mos = 2;
  auto of_bob = bare("s1", "bob", 5);
  of_bob.mos = 1;
  auto of_other = bare("c1", "alice", 5);
  of_other.mos = 1;
  for (const auto& one : {good, bad, of_bob, of_other, bare("s4", "alice", 6)})
    ops.emplace_back(one);
  REQUIRE(store->write(ops).ok());

  const auto all = usage_of(*store, "alice", 0, 100 * hour);
  CHECK(all.sessions == 5);
  CHECK(all.by_type == std::array<std::int64_t, 3>{2, 2, 1});
  CHECK(all.by_status == std::array<std::int64_t, 3>{1, 1, 3});
  CHECK(all.joined == 2);
  CHECK(all.total_s == 64); // 60.999 and 3.5
  CHECK(all.longest_s == 60);
  std::array<std::int64_t, 24> hours{};
  hours[22] = 1;
  hours[0] = 3; // two of one day, and one of the next
  hours[23] = 1;
  CHECK(all.by_hour == hours);
  CHECK(all.with_video == 1);
  CHECK(all.with_audio == 2);
  CHECK(all.with_sharing == 1);
  CHECK(all.dropped == 1);
  CHECK(all.never_joined == 1);
  CHECK(all.mos == 3.25);

  // From on, and before.
  CHECK(usage_of(*store, "alice", 0, 2 * hour).sessions == 1);
  CHECK(usage_of(*store, "alice", 1, 2 * hour + 1).sessions == 1);
  CHECK(usage_of(*store, "alice", 1, 2 * hour + 1).never_joined == 1);
  CHECK(usage_of(*store, "alice", 0, 1).mos == 4.5);
  CHECK(usage_of(*store, "carol", 0, 100 * hour).sessions == 4);
  CHECK(usage_of(*store, "carol", 0, 100 * hour).never_joined == 2);
  CHECK(usage_of(*store, std::string("alice\0", 6), 0, hour).sessions == 0);
  auto always = store->usage(user_id{"alice"}, time_point::min(), time_point::max());
  REQUIRE(always.ok());
  CHECK(always->sessions == 5);
}

} // namespace carillon::persistence::test
