#include "protocol/quality.hpp"

#include <algorithm>

namespace carillon {

double e_model_rating(double rtt_ms, double jitter_ms, double packet_loss) noexcept {
  double delay = rtt_ms / 2 + 2 * jitter_ms + 20;
  double for_delay = 0.024 * delay + 0.11 * std::max(0.0, delay - 177.3);
  double for_loss = 95 * packet_loss / (packet_loss + 25.1);
  return std::max(0.0, 93.2 - for_delay - for_loss);
}

double mean_opinion_score(double rating) noexcept {
  return std::max(1.0, 1 + 0.035 * rating + 7e-6 * rating * (rating - 60) * (100 - rating));
}

std::optional<double> mos_of(const quality_sample& sample) noexcept {
  if (!sample.rtt_ms || !sample.packet_loss)
    return std::nullopt;
  return mean_opinion_score(
      e_model_rating(*sample.rtt_ms, sample.jitter_ms.value_or(0), *sample.packet_loss));
}

} // namespace carillon
