#pragma once

#include "actors/interfaces.hpp"
#include "persistence/write_batch.hpp"
#include "protocol/clock.hpp"
#include "protocol/counters.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace carillon::actors {

/// What the persistence actor is made of.
struct persistence_parts {
  persistence::batch_limits limits;
  counters* counts = nullptr;
  writer_actor writer;
  std::vector<reader_actor> readers;      ///< at least one
  std::function<void()> store_is_back;    ///< called when reads work again after the store was away
  std::uint64_t outbox_top = 0;           ///< the highest position in the store
};

/// The state of the persistence actor: collects writes into batches, has one batch at the writer,
/// and lets a read go only when everything that was put before it is committed.
class persistence_shell {
public:
  static constexpr const char* name = "persistence";

  void start(persistence_actor::pointer self, persistence_parts parts);

  void on(put& what);
  void on(const read& what);
  void on(const flush& what);
  void on(const sweep& what);
  void on(const batch_tick&);
  void on(const spare_tick&);
  void on(const batch_done& what);
  void on(const replayed& what);

private:
  /// Who hears that an op is durable.
  struct waiter {
    std::size_t op = 0;
    call_actor who;
    std::uint32_t version = 0;
    reply_to reply;
    std::optional<error_code> unless_changed{}; ///< the refusal when it changed nothing
  };

  struct parked_read {
    std::uint64_t after; ///< goes when this many puts are committed
    read_job_ptr job;
  };

  std::size_t add(write_op op);
  void send_batch();
  void write_next();
  void send_spare();
  [[nodiscard]] bool spare_is_late() const noexcept;
  void order(std::vector<write_op> ops);
  void measure();
  void arm();
  void confirm(const waiter& who, bool changed, bool spooled);
  void refuse(const waiter& who);
  void release_reads();
  void run(const read_job_ptr& job);
  void fulfil_flushes();
  [[nodiscard]] time_point now() const;

  persistence_actor::pointer self_ = nullptr;
  persistence_parts parts_;
  persistence::write_batch open_;
  std::vector<waiter> open_waiters_;
  std::deque<write_op> spare_; ///< what may wait; written between batches, some rows at a time
  bool spare_due_ = false;     ///< a second has passed, or it all has to be written
  batch_ptr sent_; ///< at the writer, or waiting to be tried again; null: none
  bool sent_spare_ = false;                ///< it has what may wait
  clock::monotonic::time_point sent_at_{}; ///< when it went to the writer
  std::optional<time_point> sent_oldest_;  ///< when its first op was put
  std::vector<waiter> sent_waiters_;
  std::uint64_t put_ = 0;       ///< puts so far
  std::uint64_t sent_upto_ = 0; ///< `put_` when the sent batch was closed
  std::uint64_t committed_ = 0; ///< puts that are durable
  std::uint64_t position_ = 0;  ///< of the last entry of the outbox
  std::deque<parked_read> parked_;
  std::vector<shutdown_actor> flushes_;
  std::size_t next_reader_ = 0;
  bool away_ = false;     ///< the store is away or behind its spool: reads are refused
  bool replaying_ = false;           ///< the writer was told to replay the spool until it is empty
  bool retrying_ = false; ///< the last batch was written nowhere and waits for its next try
  bool armed_ = false;    ///< a batch_tick is on its way
};

persistence_actor::behavior_type
persistence_behavior(persistence_actor::stateful_pointer<persistence_shell> self,
                     persistence_parts parts);

} // namespace carillon::actors
