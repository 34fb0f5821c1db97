#pragma once

#include "persistence/write_batch.hpp"
#include "protocol/call.hpp"
#include "protocol/clock.hpp"
#include "protocol/command_sink.hpp"
#include "protocol/counters.hpp"
#include "protocol/event_log.hpp"
#include "protocol/ice_servers.hpp"
#include "protocol/io_threads.hpp"
#include "protocol/judge.hpp"
#include "protocol/mirror_status.hpp"
#include "protocol/record_store.hpp"
#include "protocol/result.hpp"
#include "protocol/stream_token.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace carillon::actors {

/// Where actors run.
enum class scheduling : std::uint8_t {
  io_threads,  ///< on the threads that serve the connections
  caf_workers, ///< on CAF's own workers, to fall back on
  virtual_time ///< nowhere by themselves: a test drives them step by step
};

struct engine_settings {
  call_settings calls;
  ice_settings ice;
  stream_credentials stream;
  resume_limits resume;
  line_policy policy;
  unsigned devices_per_user = 16;
  int retention_days = 0;
  std::size_t readers = 2; ///< threads and connections for reads
  persistence::batch_limits batches;
  scheduling where = scheduling::io_threads;
};

/// What the engine needs from the rest of the program; all of it outlives the engine.
struct engine_parts {
  std::shared_ptr<store_factory> stores;
  std::filesystem::path spool;   ///< file for writes while the store is away
  io_threads* threads = nullptr; ///< running; only for `scheduling::io_threads`
  clock* time = nullptr;
  counters* counts = nullptr;
  mirror_status* mirror = nullptr; ///< null: there is no mirror
};

/// All the actors: users, calls and persistence behind one `command_sink`. Owned by `main`.
class engine {
public:
  engine(const engine_settings& settings, const engine_parts& parts);
  ~engine(); ///< stops

  /// Migrates the store, replays the spool and brings the live calls of the last run back. Blocks;
  /// on failure the store's reason.
  status start();

  /// Where connections submit to; only after `start`.
  [[nodiscard]] command_sink& sink() noexcept;

  /// Writes what waits and ends every actor. Blocks, at most about 8 s, with a store that hangs. Idempotent.
  void stop();

  /// For tests in virtual time, which know what it is: the `caf::actor_system`.
  [[nodiscard]] void* system_for_tests() noexcept;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace carillon::actors
