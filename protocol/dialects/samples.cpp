#include "protocol/dialects/samples.hpp"

#include "protocol/dialects/words.hpp"

#include <array>
#include <utility>

namespace carillon {

namespace {

constexpr std::size_t resolution_bytes = 32;

// Beyond any figure that a client can measure.
constexpr double most = 1e9;

struct figure {
  std::string_view name;
  std::optional<double> quality_sample::*value;
  double max;
};

constexpr std::array<figure, 7> figures{{
    {"rttMs", &quality_sample::rtt_ms, most},
    {"jitterMs", &quality_sample::jitter_ms, most},
    {"packetLoss", &quality_sample::packet_loss, 100},
    {"bitrateKbps", &quality_sample::bitrate_kbps, most},
    {"connectionTimeMs", &quality_sample::connection_time_ms, most},
    {"audioLevel", &quality_sample::audio_level, 1},
    {"videoFps", &quality_sample::video_fps, most},
}};

} // namespace

result<quality_sample> sample_in(const json::object& from, const call_id& call) {
  quality_sample sample;
  sample.call = call;
  bool any = false;
  for (const auto& one : figures) {
    if (is_absent(from.find(one.name)))
      continue;
    auto number = from.number(one.name);
    if (!number || *number < 0 || *number > one.max)
      return bad_field(call, one.name);
    sample.*one.value = number;
    any = true;
  }
  auto resolution = short_text_in(from, call, "resolution", resolution_bytes);
  if (!resolution)
    return resolution.error();
  sample.resolution = *std::move(resolution);
  if (!any && sample.resolution.empty())
    return bad_field(call, "rttMs or another figure");
  return sample;
}

} // namespace carillon
