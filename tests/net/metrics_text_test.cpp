#include "net/metrics_text.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

using namespace carillon;
using namespace carillon::net;
using namespace std::chrono_literals;

namespace {

/// The text, taken apart: families in order, and the value of each series.
struct parsed {
  std::vector<std::string> families;
  std::map<std::string, std::string> type_of;
  std::map<std::string, std::string> value_of;

  explicit parsed(const std::string& text) {
    REQUIRE(text.ends_with('\n'));
    std::istringstream lines{text};
    std::string helped;
    for (std::string line; std::getline(lines, line);) {
      INFO(line);
      std::istringstream words{line};
      std::string first, kind, name, type;
      words >> first >> kind >> name >> type;
      if (first == "#" && kind == "HELP") {
        CHECK_FALSE(type.empty());
        helped = name;
      } else if (first == "#" && kind == "TYPE") {
        CHECK(helped == name);
        CHECK(type_of.emplace(name, type).second);
        families.push_back(name);
      } else {
        REQUIRE_FALSE(families.empty());
        CHECK(first.starts_with(families.back()));
        CHECK(value_of.emplace(first, kind).second);
      }
    }
  }
};

struct sampled {
  counters counts;
  metrics_inputs more;

  sampled() { more.version = "1.2.3"; }
  [[nodiscard]] parsed read() const { return parsed{metrics_text(counts, more)}; }
};

} // namespace

TEST_CASE("every family has a help, a type and all of its series from the start") {
  sampled s;
  auto text = s.read();
  CHECK(text.families.size() == 29);
  for (auto& name : text.families) {
    INFO(name);
    CHECK(name.starts_with("carillon_"));
    CHECK((text.type_of[name] == "counter") == name.ends_with("_total"));
  }
  for (auto& [series, value] : text.value_of) {
    INFO(series);
    CHECK(value == (series.starts_with("carillon_build_info") ? "1" : "0"));
  }
  CHECK(text.value_of.count(R"(carillon_build_info{version="1.2.3"})") == 1);
  CHECK(text.value_of.count(R"(carillon_calls{kind="session",state="ringing"})") == 1);
  CHECK(text.value_of.count(R"(carillon_calls_ended_total{kind="video",reason="last-left"})") == 1);
}

TEST_CASE("labels are words of this program, never of its users") {
  sampled s;
  const std::set<std::string> words{"version", "result",  "kind", "state",
                                    "reason",  "outcome", "code", "le"};
  for (auto& [series, value] : s.read().value_of) {
    auto brace = series.find('{');
    if (brace == std::string::npos)
      continue;
    std::istringstream labels{series.substr(brace + 1, series.size() - brace - 2)};
    for (std::string one; std::getline(labels, one, ',');) {
      INFO(one);
      CHECK(words.count(one.substr(0, one.find('='))) == 1);
    }
  }
}

TEST_CASE("each error has its counter") {
  sampled s;
  s.counts.refused(error_code::rate_limited);
  s.counts.refused(error_code::rate_limited);
  auto text = s.read();
  for (std::size_t i = 0; i < s.counts.refusals.size(); ++i) {
    std::string code{describe(static_cast<error_code>(i)).code};
    auto found = text.value_of.find("carillon_refusals_total{code=\"" + code + "\"}");
    INFO(code);
    REQUIRE(found != text.value_of.end());
    CHECK(found->second == (code == "rate_limited" ? "2" : "0"));
  }
}

TEST_CASE("gauges and counters show what was counted") {
  sampled s;
  s.counts.connections_opened = 5;
  s.counts.connections_closed = 2;
  s.counts.resumes_failed = 1;
  s.counts.now.devices = 3;
  s.counts.now.calls[1][1] = 4;
  s.counts.now.answered[0] = 6;
  s.counts.now.ended[0][static_cast<std::size_t>(end_reason::hung_up)] = 7;
  s.counts.now.rang_in_vain[static_cast<std::size_t>(end_reason::busy)] = 8;
  s.counts.now.store_away = true;
  s.counts.now.draining = true;
  s.more.store_lag = 1250ms;
  s.more.mirror_queued = 9;
  auto value = s.read().value_of;
  CHECK(value["carillon_connections"] == "3");
  CHECK(value["carillon_connections_opened_total"] == "5");
  CHECK(value["carillon_devices"] == "3");
  CHECK(value[R"(carillon_resumes_total{result="failed"})"] == "1");
  CHECK(value[R"(carillon_calls{kind="session",state="active"})"] == "4");
  CHECK(value[R"(carillon_calls_answered_total{kind="direct"})"] == "6");
  CHECK(value[R"(carillon_calls_ended_total{kind="direct",reason="hangup"})"] == "7");
  CHECK(value[R"(carillon_ring_outcomes_total{outcome="accepted"})"] == "6");
  CHECK(value[R"(carillon_ring_outcomes_total{outcome="busy"})"] == "8");
  CHECK(value["carillon_store_away"] == "1");
  CHECK(value["carillon_draining"] == "1");
  CHECK(value["carillon_store_lag_seconds"] == "1.25");
  CHECK(value["carillon_stream_mirror_queued"] == "9");
}

TEST_CASE("histograms are cumulative, in seconds or in rows") {
  sampled s;
  relay_times times{relay_bounds};
  times.add(20'000);
  times.add(60'000);
  times.add(60'000);
  times.add(1'000'000'000); // above all
  s.more.relays = times.read();
  s.counts.now.batches.add(3);
  s.counts.now.batches.add(1000);
  auto value = s.read().value_of;
  CHECK(value[R"(carillon_relay_latency_seconds_bucket{le="0.000025"})"] == "1");
  CHECK(value[R"(carillon_relay_latency_seconds_bucket{le="0.00005"})"] == "1");
  CHECK(value[R"(carillon_relay_latency_seconds_bucket{le="0.0001"})"] == "3");
  CHECK(value[R"(carillon_relay_latency_seconds_bucket{le="0.25"})"] == "3");
  CHECK(value[R"(carillon_relay_latency_seconds_bucket{le="+Inf"})"] == "4");
  CHECK(value["carillon_relay_latency_seconds_count"] == "4");
  CHECK(value["carillon_relay_latency_seconds_sum"] == "1.00014");
  CHECK(value[R"(carillon_store_batch_rows_bucket{le="2"})"] == "0");
  CHECK(value[R"(carillon_store_batch_rows_bucket{le="5"})"] == "1");
  CHECK(value["carillon_store_batch_rows_sum"] == "1003");
  CHECK(value["carillon_store_batch_rows_count"] == "2");
}

TEST_CASE("the process is told of where the system tells") {
  sampled s;
  auto before = s.read();
  CHECK(before.type_of.count("process_resident_memory_bytes") == 0);
  read_process(s.more);
  auto text = s.read();
  CHECK(text.families.size() == before.families.size() + 3);
  CHECK(std::stod(text.value_of["process_resident_memory_bytes"]) > 1e6);
  CHECK(std::stod(text.value_of["process_cpu_seconds_total"]) >= 0);
  // Begun after this was written, and not in the future.
  auto begun = std::stod(text.value_of["process_start_time_seconds"]);
  auto now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch());
  CHECK(begun > now.count() - 24 * 3600);
  CHECK(begun < now.count() + 5);
}
