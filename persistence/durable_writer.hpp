#pragma once

#include "protocol/counters.hpp"
#include "protocol/record_store.hpp"
#include "protocol/result.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace carillon::persistence {

/// Writes batches so that what it confirmed survives: into the store, or while the store is away
/// into a spool file (fsync'd) that is replayed in order, once the store is back, before anything
/// newer.
///
/// Used by one thread at a time (the writer actor's own); blocks. A torn record at the end of a
/// spool (the machine died while it was written) was never confirmed and is dropped with a warning.
class durable_writer {
public:
  /// What became of a batch.
  struct written {
    bool spooled = false;      ///< it waits on disk; nothing is known of `changed` then (all true)
    std::vector<bool> changed; ///< as `record_store::write`; false for a refused op
    /// The ops, by index, that the store refused for what is in them (logged and counted as write
    /// failures). They are not written and never will be; all the others are. Empty but for bugs.
    std::vector<std::size_t> refused;
  };

  /// `spool` is the spool file's path; its directory is made. Opens no connection yet.
  durable_writer(std::shared_ptr<store_factory> stores, std::filesystem::path spool,
                 counters& counts);
  ~durable_writer();

  /// Writes or spools. Fails only when neither worked (`store_unavailable`; disk full, for
  /// example).
  result<written> write(std::span<const write_op> ops);

  /// Replays the spool if the store answers. Returns whether nothing is left in it.
  ///
  /// Before the first `write`, at the start, it takes the time it needs. After that it waits a
  /// quarter of a second for the store's answer and works for about half a second, so that new
  /// batches need not wait behind an hour's worth; to be called again, once a second or so, while
  /// it returns false.
  bool replay();

  /// Whether something waits in the spool; reads would not see it. Any thread may ask.
  [[nodiscard]] bool spooling() const noexcept;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace carillon::persistence
