#include "net/pulse.hpp"

#include "protocol/json.hpp"
#include "tests/net/rig.hpp"

#include <algorithm>

using namespace carillon;
using namespace carillon::net;
using namespace carillon::net::test;
using namespace std::chrono_literals;

namespace {

struct beating : rig {
  counters counts;
  carillon::clock time;
  std::shared_ptr<pulse> one = std::make_shared<pulse>(counts, time, pool);

  /// A member of `now`, as it stands there.
  [[nodiscard]] std::string now(std::string_view name) const {
    return member(object(one->since(0), "now"), name);
  }
  /// A member of `series`.
  [[nodiscard]] std::string series(std::string_view name, std::uint64_t since = 0) const {
    return member(object(one->since(since), "series"), name);
  }
  [[nodiscard]] std::string beat() const { return member(one->since(0), "beat"); }

  static std::string member(const std::string& text, std::string_view name) {
    auto parsed = json::object::parse(text);
    REQUIRE(parsed.ok());
    const auto* found = parsed->find(name);
    INFO(name);
    REQUIRE(found);
    return std::string{found->raw};
  }
  static std::string object(const std::string& text, std::string_view name) {
    return member(text, name);
  }
};

} // namespace

TEST_CASE("before the first beat there are no rates, but there are levels") {
  beating b;
  b.counts.now.devices = 4;
  b.counts.connections_opened = 9;
  b.counts.connections_closed = 3;
  b.counts.now.calls[0][0] = 1;
  b.counts.now.calls[1][1] = 2;
  b.counts.now.calls[2][1] = 3;
  b.counts.now.store_queue = 8;
  b.counts.relays = 100;
  CHECK(b.beat() == "0");
  CHECK(b.now("devices") == "4");
  CHECK(b.now("connections") == "6");
  CHECK(b.now("ringing") == "1");
  CHECK(b.now("active") == "5");
  CHECK(b.now("storeQueue") == "8");
  CHECK(b.now("relaysPerS") == "0");
  CHECK(b.now("draining") == "false");
  CHECK(b.series("at") == "[]");
  CHECK(b.series("devices") == "[]");
}

TEST_CASE("a beat has what came since the last one, a second") {
  beating b;
  b.counts.relays = 100;
  b.counts.events_in = 30;
  b.counts.events_out = 10;
  b.counts.calls_started = 5;
  b.counts.rows_written = 7;
  b.counts.refused(error_code::call_not_found);
  b.counts.refused(error_code::rate_limited);
  b.one->beat(1000, 2s);
  b.counts.relays = 101;
  b.one->beat(2000, 1s);
  CHECK(b.beat() == "2");
  CHECK(b.series("at") == "[1000,2000]");
  CHECK(b.series("relaysPerS") == "[50,1]");
  CHECK(b.series("eventsPerS") == "[20,0]");
  CHECK(b.series("callsPerS") == "[2.5,0]");
  CHECK(b.series("rowsPerS") == "[3.5,0]");
  CHECK(b.series("refusalsPerS") == "[1,0]");
  CHECK(b.now("relaysPerS") == "1");
}

TEST_CASE("only the beats behind the one that is named are told") {
  beating b;
  for (int i = 1; i <= 5; ++i)
    b.one->beat(i * 1000, 1s);
  CHECK(b.series("at", 3) == "[4000,5000]");
  CHECK(b.series("at", 5) == "[]");
  // It is from before a restart.
  CHECK(b.series("at", 6) == "[1000,2000,3000,4000,5000]");
}

TEST_CASE("the last five minutes are kept") {
  beating b;
  for (int i = 1; i <= 1000; ++i)
    b.one->beat(i, 1s);
  auto at = b.series("at");
  CHECK(at.starts_with("[701,702,"));
  CHECK(at.ends_with(",1000]"));
  CHECK(std::count(at.begin(), at.end(), ',') == 299);
  CHECK(b.series("at", 400).starts_with("[701,"));
  CHECK(b.series("at", 998) == "[999,1000]");
}

TEST_CASE("the latency of a beat is that of the relays in it") {
  beating b;
  auto relay = [&](std::chrono::milliseconds ago) {
    b.run([&] { pump::here()->time_relay(std::chrono::steady_clock::now() - ago); });
  };
  for (int i = 0; i < 10; ++i)
    relay(7ms);
  b.one->beat(1000, 1s);
  b.one->beat(2000, 1s);
  CHECK(b.series("p99Us").ends_with(",0]")); // none in the second one
  auto first = std::stod(b.series("p50Us").substr(1));
  CHECK(first > 5000); // the bounds around 7 ms; slower on a busy machine
  CHECK(std::stod(b.series("p99Us").substr(1)) >= first);
}

TEST_CASE("how far the store lags behind is measured from the oldest change") {
  vitals now;
  CHECK(store_lag(now) == 0ms);
  auto here = std::chrono::floor<std::chrono::milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
  now.oldest_put_ms = (here - 250ms).count();
  CHECK(store_lag(now) >= 250ms);
  now.oldest_put_ms = (here + 1h).count(); // noted by a thread that is ahead
  CHECK(store_lag(now) == 0ms);
}

TEST_CASE("what is over is counted for all kinds and reasons") {
  beating b;
  b.counts.now.answered[0] = 2;
  b.counts.now.answered[1] = 3;
  b.counts.now.ended[0][1] = 4;
  b.counts.now.ended[2][9] = 5;
  b.counts.now.draining = true;
  b.counts.now.store_away = true;
  CHECK(b.now("answered") == "5");
  CHECK(b.now("ended") == "9");
  CHECK(b.now("draining") == "true");
  CHECK(b.now("storeAway") == "true");
  CHECK(b.now("version").size() > 2);
  CHECK(std::stoi(b.now("uptimeS")) >= 0);
}

TEST_CASE("beats that were missed are not made up for") {
  const instant due{10s};
  CHECK(pulse::next_due(due, due + 3ms) == due + 1s);
  CHECK(pulse::next_due(due, due + 999ms) == due + 1s);
  for (auto late : {1000ms, 1001ms, 90'000ms})
    CHECK(pulse::next_due(due, due + late) == due + late + 1s);
}

TEST_CASE("the timer beats until it is stopped, and stopping twice is fine") {
  beating b;
  b.one->start();
  b.run([] {});
  b.one->stop();
  b.one->stop();
  b.run([] {});
  // Nothing holds it any more.
  std::weak_ptr<pulse> gone = b.one;
  b.one = nullptr;
  b.run([] {});
  CHECK(gone.expired());
}
