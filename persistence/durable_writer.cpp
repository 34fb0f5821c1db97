#include "persistence/durable_writer.hpp"

#include "config/log.hpp"
#include "persistence/detached.hpp"
#include "persistence/op_check.hpp"
#include "persistence/op_codec.hpp"
#include "persistence/spool.hpp"
#include "persistence/write_batch.hpp"

#include <atomic>
#include <chrono>
#include <future>

namespace carillon::persistence {

namespace {

using std::chrono::steady_clock;

// After a failed write the store is left alone for as long; asking it again costs a client's time.
constexpr std::chrono::milliseconds store_pause{1000};

// How long `replay` waits for the store's answer; the asking itself goes on behind its back.
constexpr std::chrono::milliseconds answer_patience{250};

// How long one `replay` writes before it lets new batches through.
constexpr std::chrono::milliseconds replay_slice{500};

bool is_away(const failure& why) noexcept { return why.code == error_code::store_unavailable; }

// A store that answers, or null.
std::unique_ptr<record_store> answering_store(store_factory& stores) {
  auto opened = stores.open();
  if (!opened || !(*opened)->ping())
    return nullptr;
  return std::move(*opened);
}

} // namespace

struct durable_writer::impl {
  impl(std::shared_ptr<store_factory> from, std::filesystem::path file, counters& count)
    : stores(std::move(from))
    , waiting(std::move(file))
    , counts(count) {
    // A failure is logged, and tried again when the spool is needed.
    spooling = waiting.open() && !waiting.empty();
  }

  result<written> write(std::span<const write_op> ops);
  bool replay();

  bool have_store();
  status write_through(std::span<const write_op> ops, std::span<const std::size_t> which,
                       written& done);
  void refuse(const write_op& op, std::size_t index, const std::string& why, written& done);
  status to_spool(std::span<const write_op> ops, std::span<const std::size_t> which);
  void store_failed() noexcept;

  bool asked_store();
  bool replay_some();
  result<std::vector<write_op>> next_batch();

  std::shared_ptr<store_factory> stores;
  std::unique_ptr<record_store> store;
  std::future<std::unique_ptr<record_store>> asked; ///< a store that is being opened for `replay`
  spool waiting;
  counters& counts;
  steady_clock::time_point next_attempt{};
  std::atomic<bool> spooling{false};
  bool serving = false; ///< somebody has written: others may be waiting
};

void durable_writer::impl::refuse(const write_op& op, std::size_t index, const std::string& why,
                                  written& done) {
  log::error("write_refused", {{"subject", subject_of(op)}, {"error", why}});
  counters::add(counts.write_failures);
  done.changed[index] = false;
  done.refused.push_back(index);
}

void durable_writer::impl::store_failed() noexcept {
  store.reset();
  next_attempt = steady_clock::now() + store_pause;
}

bool durable_writer::impl::have_store() {
  if (store)
    return true;
  if (steady_clock::now() < next_attempt)
    return false;
  if (auto opened = stores->open())
    store = std::move(*opened);
  else
    store_failed();
  return store != nullptr;
}

// Writes the ops that `which` names. A batch that is refused for its data is halved until the bad
// op is alone, in order, so that the others get through. Fails only when the store is away.
status durable_writer::impl::write_through(std::span<const write_op> ops,
                                           std::span<const std::size_t> which, written& done) {
  if (which.empty())
    return success();
  std::vector<write_op> picked;
  if (which.size() != ops.size()) {
    picked.reserve(which.size());
    for (auto i : which)
      picked.push_back(ops[i]);
  }
  const auto batch = picked.empty() ? ops : std::span<const write_op>{picked};
  auto changed = store->write(batch);
  if (changed) {
    for (std::size_t i = 0; i < which.size(); ++i)
      done.changed[which[i]] = (*changed)[i];
    counters::add(counts.batches_written);
    counters::add(counts.rows_written, which.size());
    return success();
  }
  if (is_away(changed.error()))
    return changed.error();
  if (which.size() == 1) {
    refuse(ops[which[0]], which[0], changed.error().message(), done);
    return success();
  }
  const auto half = which.size() / 2;
  if (auto first = write_through(ops, which.first(half), done); !first)
    return first;
  return write_through(ops, which.subspan(half), done);
}

status durable_writer::impl::to_spool(std::span<const write_op> ops,
                                      std::span<const std::size_t> which) {
  std::vector<write_op> picked;
  for (auto i : which)
    picked.push_back(ops[i]);
  auto kept = waiting.append(encode_ops(picked));
  if (!kept) {
    counters::add(counts.write_failures, which.size());
    return kept;
  }
  if (!spooling.exchange(true))
    log::warn("spooling_begins", {{"ops", which.size()}});
  counters::add(counts.batches_spooled);
  return success();
}

result<durable_writer::written> durable_writer::impl::write(std::span<const write_op> ops) {
  serving = true;
  written done;
  done.changed.assign(ops.size(), true);
  std::vector<std::size_t> good;
  good.reserve(ops.size());
  for (std::size_t i = 0; i < ops.size(); ++i) {
    if (const auto why = why_unstorable(ops[i]))
      refuse(ops[i], i, *why, done);
    else
      good.push_back(i);
  }
  if (good.empty())
    return done;
  // Nothing overtakes what waits: while there is a spool every batch goes behind it.
  if (!spooling && have_store()) {
    if (write_through(ops, good, done))
      return done;
    store_failed();
  }
  // Those that were found bad on the way stay refused; the rest is written again later, harmlessly.
  std::erase_if(good, [&](std::size_t i) {
    return std::find(done.refused.begin(), done.refused.end(), i) != done.refused.end();
  });
  if (good.empty())
    return done;
  if (auto kept = to_spool(ops, good); !kept)
    return kept.error();
  for (auto i : good)
    done.changed[i] = true;
  done.spooled = true;
  return done;
}

// Whether there is a store that answers. Asks on a thread of its own: connecting to a host that is
// gone takes seconds, and neither new batches nor the end of the process may wait for that.
bool durable_writer::impl::asked_store() {
  if (store)
    return true;
  if (!asked.valid())
    asked = run_detached([from = stores] { return answering_store(*from); });
  if (serving && asked.wait_for(answer_patience) != std::future_status::ready)
    return false;
  store = asked.get();
  return store != nullptr;
}

// The ops of the next records in the spool, collapsed as in any batch; empty at the end.
result<std::vector<write_op>> durable_writer::impl::next_batch() {
  write_batch batch;
  while (!batch.full()) {
    auto bytes = waiting.next();
    if (!bytes)
      return bytes.error();
    if (!*bytes)
      break;
    auto ops = decode_ops(**bytes);
    if (!ops) {
      log::error("spool_not_understood", {{"bytes", (*bytes)->size()}});
      counters::add(counts.write_failures);
      waiting.put_aside(**bytes);
      continue;
    }
    for (auto& op : *ops)
      batch.add(std::move(op), {});
  }
  return batch.take();
}

// Writes one batch from the spool. False when it has to be tried again later.
bool durable_writer::impl::replay_some() {
  waiting.rewind();
  auto ops = next_batch();
  if (!ops)
    return false;
  written done;
  done.changed.assign(ops->size(), false);
  std::vector<std::size_t> all(ops->size());
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = i;
  if (!write_through(*ops, all, done)) {
    store_failed();
    return false;
  }
  if (!waiting.release())
    return false;
  if (waiting.empty()) {
    spooling = false;
    log::info("spool_written");
  }
  return true;
}

bool durable_writer::impl::replay() {
  if (!spooling)
    return true;
  if (!asked_store())
    return false;
  const auto until = steady_clock::now() + replay_slice;
  while (spooling) {
    if (!replay_some() || (serving && steady_clock::now() > until))
      break;
  }
  return !spooling;
}

durable_writer::durable_writer(std::shared_ptr<store_factory> stores, std::filesystem::path spool,
                               counters& counts)
  : impl_(std::make_unique<impl>(std::move(stores), std::move(spool), counts)) {}

durable_writer::~durable_writer() = default;

result<durable_writer::written> durable_writer::write(std::span<const write_op> ops) {
  try {
    return impl_->write(ops);
  } catch (const std::exception& e) {
    log::error("write_failed", {{"error", e.what()}});
    return failure{error_code::store_unavailable, e.what()};
  }
}

bool durable_writer::replay() {
  try {
    return impl_->replay();
  } catch (const std::exception& e) {
    log::error("replay_failed", {{"error", e.what()}});
    return false;
  }
}

bool durable_writer::spooling() const noexcept { return impl_->spooling; }

} // namespace carillon::persistence
