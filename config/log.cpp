#include "config/log.hpp"

#include "config/log_line.hpp"

#include <atomic>
#include <memory>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace carillon::log {

namespace {

std::atomic<level> lowest_level{level::info};

/// The logger behind the face. Lives until the process ends, so that a line written by a thread
/// that outlives `main` finds it.
spdlog::logger& sink() {
  static auto& instance = *[] {
    auto made = new spdlog::logger("carillon", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_formatter(std::make_unique<spdlog::pattern_formatter>(
        "%Y-%m-%dT%H:%M:%S.%eZ %v", spdlog::pattern_time_type::utc, "\n"));
    made->set_level(spdlog::level::trace);
    return made;
  }();
  return instance;
}

spdlog::level::level_enum to_spdlog(level at) noexcept {
  switch (at) {
  case level::trace:
    return spdlog::level::trace;
  case level::debug:
    return spdlog::level::debug;
  case level::warn:
    return spdlog::level::warn;
  case level::error:
    return spdlog::level::err;
  default:
    return spdlog::level::info;
  }
}

} // namespace

void open(level lowest) {
  set_level(lowest);
  sink();
}

void set_level(level lowest) noexcept { lowest_level.store(lowest, std::memory_order_relaxed); }

bool enabled(level at) noexcept {
  return at >= lowest_level.load(std::memory_order_relaxed) && at != level::off;
}

void write(level at, std::string_view event, std::initializer_list<field> fields) noexcept {
  if (!enabled(at))
    return;
  try {
    sink().log(to_spdlog(at), format_line(at, event, {fields.begin(), fields.size()}));
  } catch (...) {
    // Only memory can run out here, and there is nobody left to tell: the line is lost.
  }
}

} // namespace carillon::log
