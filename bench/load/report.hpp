#pragma once

#include "bench/load/driver.hpp"
#include "bench/load/metrics.hpp"
#include "bench/load/options.hpp"

#include <ostream>
#include <string>

namespace carillon::load {

/// Writes the table for people.
void print_report(std::ostream& out, const options& asked, const metrics& figures,
                  const run_figures& run);

/// The same figures as one JSON object; durations in microseconds.
[[nodiscard]] std::string report_json(const options& asked, const metrics& figures,
                                      const run_figures& run);

} // namespace carillon::load
