#pragma once

#include "protocol/ids.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace carillon {

/// What a participant measured of its media in some seconds of a call of any kind. Whatever a
/// client did not measure is not there. Stored once: `call`, `user` and `at` tell samples apart.
struct quality_sample {
  call_id call;
  user_id user;
  time_point at{};
  std::optional<double> rtt_ms;
  std::optional<double> jitter_ms;
  std::optional<double> packet_loss; ///< per cent, 0 to 100
  std::optional<double> bitrate_kbps;
  std::optional<double> connection_time_ms; ///< from joining to the first media
  std::optional<double> audio_level;        ///< 0 to 1
  std::optional<double> video_fps;
  std::string resolution;    ///< like `640x480`; empty: not said
  std::optional<double> mos; ///< `mos_of` this

  friend bool operator==(const quality_sample&, const quality_sample&) = default;
};

/// Means over samples; nothing where no sample had the figure.
struct quality_summary {
  std::int64_t samples = 0;
  std::optional<double> rtt_ms;
  std::optional<double> jitter_ms;
  std::optional<double> packet_loss;
  std::optional<double> bitrate_kbps;
  std::optional<double> connection_time_ms;
  std::optional<double> mos;
  std::optional<double> audio_level{};
  std::optional<double> video_fps{};

  friend bool operator==(const quality_summary&, const quality_summary&) = default;
};

/// The quality of one call.
struct call_quality {
  quality_summary whole;
  std::vector<std::pair<user_id, quality_summary>> of_users; ///< those with samples
};

/// The rating R of ITU-T G.107 with its default values, from what WebRTC reports:
///
///   Ta = rtt / 2 + 2 jitter + 20           one-way delay in ms: network, jitter buffer, coder
///   Id = 0.024 Ta + 0.11 (Ta - 177.3) [Ta > 177.3]
///   Ie = 95 loss / (loss + 25.1)           G.113: Ie 0, Bpl 25.1, random loss, concealed
///   R  = 93.2 - Id - Ie                    not below 0
///
/// The delay term is the usual approximation of G.107's Id for an echo that is cancelled.
[[nodiscard]] double e_model_rating(double rtt_ms, double jitter_ms, double packet_loss) noexcept;

/// The mean opinion score of a rating, 1 to 4.5 (ITU-T G.107, annex B):
/// 1 + 0.035 R + 7e-6 R (R - 60) (100 - R), never below 1.
[[nodiscard]] double mean_opinion_score(double rating) noexcept;

/// The score of a sample that has a round-trip time and a loss (no jitter counts as none), else
/// nothing.
[[nodiscard]] std::optional<double> mos_of(const quality_sample& sample) noexcept;

} // namespace carillon
