#include "protocol/quality.hpp"

#include "tests/catch.hpp"
#include "tests/protocol/call_fixture.hpp"
#include "tests/protocol/session_fixture.hpp"

#include <cmath>

using namespace carillon;
using namespace carillon::test;

namespace {

quality_sample sample(double rtt, double jitter, double loss) {
  quality_sample made;
  made.rtt_ms = rtt;
  made.jitter_ms = jitter;
  made.packet_loss = loss;
  return made;
}

} // namespace

// Worked out by hand from the formulas of G.107 and G.113.
TEST_CASE("the rating and the score of a connection", "[quality]") {
  struct row {
    double rtt, jitter, loss, rating, score;
  };
  for (const auto& [rtt, jitter, loss, rating, score] :
       {row{0, 0, 0, 92.72, 4.40}, row{100, 10, 0, 91.04, 4.36}, row{300, 30, 2, 74.87, 3.82},
        row{800, 100, 20, 0, 1}, row{314.6, 0, 0, 88.94, 4.31}}) {
    INFO(rtt << " ms, " << jitter << " ms, " << loss << " %");
    CHECK(std::abs(e_model_rating(rtt, jitter, loss) - rating) < 0.01);
    CHECK(std::abs(*mos_of(sample(rtt, jitter, loss)) - score) < 0.01);
  }
}

TEST_CASE("the score lies between 1 and 4.5 and never improves with more loss", "[quality]") {
  CHECK(mean_opinion_score(0) == 1);
  CHECK(mean_opinion_score(3) == 1); // where the polynomial dips below
  CHECK(std::abs(mean_opinion_score(100) - 4.5) < 1e-9);
  for (double rtt : {0.0, 50.0, 400.0, 5000.0}) {
    auto last = 5.0;
    for (double loss = 0; loss <= 100; loss += 0.5) {
      auto now = *mos_of(sample(rtt, 5, loss));
      CHECK(now <= last);
      CHECK(now >= 1);
      last = now;
    }
  }
}

TEST_CASE("the score needs a round-trip time and a loss", "[quality]") {
  quality_sample made;
  CHECK_FALSE(mos_of(made));
  made.rtt_ms = 10;
  CHECK_FALSE(mos_of(made));
  made.packet_loss = 1;
  CHECK(mos_of(made));
  CHECK(mos_of(made) == mos_of(sample(10, 0, 1)));
  made.rtt_ms.reset();
  CHECK_FALSE(mos_of(made));
}

TEST_CASE("a leg's report is stamped, rated and stored", "[session][quality]") {
  session_line line{"a1", "b1"};
  line.open();
  line.join("a1");
  line.join("b1");
  line.hush();
  auto sent = sample(300, 30, 2);
  sent.user = user_of("z"); // whatever a client wrote
  sent.video_fps = 30;
  sent.resolution = "640x480";
  CHECK(line.report_quality("b1", sent) == "ok");
  const auto& stored = line.last().sample;
  REQUIRE(stored);
  CHECK(stored->call == line.id);
  CHECK(stored->user == user_of("b"));
  CHECK(stored->at == line.now());
  CHECK(stored->mos == mos_of(sent));
  CHECK(stored->video_fps == 30.0);
  CHECK(stored->resolution == "640x480");
  CHECK_FALSE(line.last().record);
  CHECK(line.silent());
}

TEST_CASE("a leg reports at most once in five seconds", "[session][quality]") {
  session_line line{"a1", "b1"};
  line.open();
  line.join("a1");
  line.join("b1");
  CHECK(line.report_quality("b1") == "ok");
  CHECK_FALSE(line.last().sample->mos);
  CHECK(line.report_quality("a1") == "ok"); // each leg for itself
  line.pass(1500ms);
  CHECK(line.report_quality("b1") == "rate_limited");
  CHECK(line.last().reply->error().retry_after_s == 4);
  CHECK_FALSE(line.last().sample);
  line.pass(3499ms);
  CHECK(line.report_quality("bob") == "rate_limited");
  CHECK(line.last().reply->error().retry_after_s == 1);
  line.pass(1ms);
  CHECK(line.report_quality("bob") == "ok");
}

TEST_CASE("only who is in reports, from the device that has the leg", "[session][quality]") {
  session_line line{"a1", "b1", "b2", "c1", "z1"};
  line.open();
  line.join("a1");
  line.join("b1");
  CHECK(line.report_quality("b2") == "not_authorized");
  CHECK(line.report_quality("c1") == "not_authorized");
  CHECK(line.report_quality("z1") == "not_authorized");
  line.leave("b1");
  CHECK(line.report_quality("b1") == "not_authorized");
}

TEST_CASE("a session may be reported of in the words of all calls", "[session][quality]") {
  session_line line{"a1"};
  line.open();
  line.join("a1");
  auto report = [&](std::string_view who) {
    return line.run(command::report_quality{from(who), line.id, sample(1, 1, 1)});
  };
  CHECK(report("b1") == "not_authorized");
  CHECK(report("a1") == "ok");
  CHECK(line.last().sample->call == line.id);
  CHECK(line.report_quality("a1") == "rate_limited"); // it is the same leg
}

TEST_CASE("direct calls take reports, too", "[call][quality]") {
  call_line line{"a1", "a2", "b1"};
  line.initiate("a1");
  auto report = [&](std::string_view who, call_kind family = call_kind::direct) {
    return line.run(command::report_quality{from(who, family), line.id, sample(1, 1, 1)});
  };
  CHECK(report("b1") == "not_authorized"); // not in yet
  CHECK(report("a2") == "not_authorized");
  line.accept("b1");
  CHECK(report("b1", call_kind::session) == "call_not_found");
  CHECK(report("b1") == "ok");
  CHECK(line.last().sample->mos);
  CHECK(report("a1") == "ok");
  line.end("a1");
  CHECK(report("b1") == "call_not_found");
}

TEST_CASE("a leg that was begun over REST reports from any device", "[call][quality]") {
  call_line line{"a1", "a2", "b1"};
  line.initiate("alice");
  line.accept("b1");
  CHECK(line.run(command::report_quality{from("a2"), line.id, {}}) == "ok");
}
