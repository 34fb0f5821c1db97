#include "protocol/dialects/samples.hpp"

#include "tests/catch.hpp"

using namespace carillon;

namespace {

const call_id c1{"c1"};

result<quality_sample> read(const std::string& text) {
  auto fields = json::object::parse(text);
  REQUIRE(fields);
  return sample_in(*fields, c1);
}

} // namespace

TEST_CASE("the figures of a sample are read", "[samples]") {
  auto all =
      read(R"({"rttMs":40,"jitterMs":2.5,"packetLoss":100,"bitrateKbps":1e3,)"
           R"("connectionTimeMs":0,"audioLevel":1,"videoFps":29.97,"resolution":"640x480"})");
  REQUIRE(all);
  CHECK(all->call == c1);
  CHECK(all->user.empty());
  CHECK(all->rtt_ms == 40);
  CHECK(all->jitter_ms == 2.5);
  CHECK(all->packet_loss == 100);
  CHECK(all->bitrate_kbps == 1000);
  CHECK(all->connection_time_ms == 0);
  CHECK(all->audio_level == 1);
  CHECK(all->video_fps == 29.97);
  CHECK(all->resolution == "640x480");
  CHECK_FALSE(all->mos);
  auto one = read(R"({"audioLevel":0,"rttMs":null,"x":1})");
  REQUIRE(one);
  CHECK(one->audio_level == 0);
  CHECK_FALSE(one->rtt_ms);
  CHECK(read(R"({"resolution":"a"})"));
}

TEST_CASE("a sample says something, within its bounds", "[samples]") {
  for (std::string name : {"rttMs", "jitterMs", "packetLoss", "bitrateKbps", "connectionTimeMs",
                           "audioLevel", "videoFps"})
    for (std::string value : {"-0.1", "\"40\"", "true", "[1]", "1e10", "1e999"}) {
      INFO(name << value);
      auto out = read("{\"" + name + "\":" + value + "}");
      REQUIRE_FALSE(out);
      CHECK(out.error().code == error_code::invalid_field);
      CHECK(out.error().detail == name);
      CHECK(out.error().call == c1);
    }
  CHECK(read(R"({"packetLoss":100.5})").error().detail == "packetLoss");
  CHECK(read(R"({"audioLevel":1.5})").error().detail == "audioLevel");
  for (const auto& resolution :
       {std::string{"7"}, std::string{R"("a\n")"}, '"' + std::string(33, 'x') + '"'})
    CHECK(read(R"({"resolution":)" + resolution + "}").error().detail == "resolution");
  CHECK(read("{}").error().detail == "rttMs or another figure");
}
