#include "net/rate_limits.hpp"
#include "tests/catch.hpp"

using namespace carillon;
using namespace carillon::net;
using namespace std::chrono_literals;

namespace {

constexpr token_bucket::instant start{1000s};

int take_many(token_bucket& bucket, const rate& at, token_bucket::instant now, int most) {
  int taken = 0;
  while (taken < most && bucket.take(at, now) == 0)
    ++taken;
  return taken;
}

} // namespace

TEST_CASE("a bucket gives its burst, then its rate") {
  token_bucket bucket;
  rate at{10, 40};
  CHECK(take_many(bucket, at, start, 1000) == 40);
  CHECK(take_many(bucket, at, start + 100ms, 1000) == 1);
  CHECK(take_many(bucket, at, start + 1100ms, 1000) == 10);
  CHECK(take_many(bucket, at, start + 1h, 1000) == 40);
}

TEST_CASE("a bucket says in whole seconds when to come again") {
  token_bucket bucket;
  rate at{0.5, 2};
  CHECK(bucket.take(at, start) == 0);
  CHECK(bucket.take(at, start) == 0);
  CHECK(bucket.take(at, start) == 2);
  CHECK(bucket.take(at, start + 1500ms) == 1);
  CHECK(bucket.take(at, start + 2s) == 0);
}

TEST_CASE("a refusal costs nothing, and time that goes back gives nothing") {
  token_bucket bucket;
  rate at{1, 1};
  CHECK(bucket.take(at, start) == 0);
  for (int i = 0; i < 100; ++i)
    CHECK(bucket.take(at, start + 500ms) == 1);
  CHECK(bucket.take(at, start + 1s) == 0);
  CHECK(bucket.take(at, start) == 1);
}

TEST_CASE("a rate of 0 is no limit") {
  token_bucket bucket;
  CHECK(take_many(bucket, {0, 5}, start, 1000) == 1000);
  CHECK(take_many(bucket, {5, 0}, start, 1000) == 1000);
  rate_table table{{0, 0}};
  for (int i = 0; i < 100; ++i)
    CHECK(table.take("alice", start) == 0);
  CHECK(table.size() == 0);
}

TEST_CASE("keys have buckets of their own") {
  rate_table table{{1, 2}};
  CHECK(table.take("alice", start) == 0);
  CHECK(table.take("alice", start) == 0);
  CHECK(table.take("alice", start) == 1);
  CHECK(table.take("bob", start) == 0);
  CHECK(table.size() == 2);
}

TEST_CASE("a table forgets the keys whose buckets are full again") {
  rate_table table{{1, 2}};
  auto now = start;
  for (int i = 0; i < 100'000; ++i)
    REQUIRE(table.take("user" + std::to_string(i), now += 10ms) == 0);
  // One token takes a second to come back, which is 100 keys; each shard keeps a little more.
  CHECK(table.size() < 5'000);
}

TEST_CASE("a table keeps the keys that are short of tokens while it forgets others") {
  rate_table table{{0.001, 1}};
  REQUIRE(table.take("alice", start) == 0);
  for (int i = 0; i < 10'000; ++i)
    REQUIRE(table.take("user" + std::to_string(i), start) == 0);
  CHECK(table.take("alice", start + 1s) > 0);
}

TEST_CASE("limits of users follow the settings") {
  config::limits_settings settings;
  settings.rest_per_second = 5;
  settings.rest_burst = 7;
  settings.costly_per_minute = 3;
  rate_limits limits{settings};
  user_id alice{"alice"};
  for (int i = 0; i < 7; ++i)
    CHECK(limits.rest(alice, start) == 0);
  CHECK(limits.rest(alice, start) == 1);
  for (int i = 0; i < 3; ++i)
    CHECK(limits.costly(alice, start) == 0);
  CHECK(limits.costly(alice, start) == 20);
  CHECK(limits.costly(user_id{"bob"}, start) == 0);
  CHECK(limits.costly(alice, start + 20s) == 0);
}
