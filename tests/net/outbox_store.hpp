#pragma once

#include "protocol/record_store.hpp"
#include "tests/catch.hpp"
#include "tests/net/fake_sink.hpp"
#include "tests/write_only_store.hpp"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace carillon::net::test {

/// An outbox as the store keeps it, and what a test does to it. Thread-safe.
class outbox_shelf {
public:
  void put(outbox_entry entry) {
    note([&] { waiting_[entry.position] = std::move(entry); });
  }
  void set_away(bool away) {
    note([&] { away_ = away; });
  }
  /// What `backlog` says in place of what there is.
  void pretend_queued(std::uint64_t n) {
    note([&] { pretended_ = n; });
  }

  result<std::vector<outbox_entry>> read(std::uint64_t after, std::size_t limit) {
    std::lock_guard guard{lock_};
    if (away_)
      return error_code::store_unavailable;
    std::vector<outbox_entry> out;
    for (auto at = waiting_.upper_bound(after); at != waiting_.end() && out.size() < limit; ++at)
      out.push_back(at->second);
    return out;
  }
  result<std::vector<bool>> write(std::span<const write_op> ops) {
    std::lock_guard guard{lock_};
    ++writes_;
    if (away_)
      return error_code::store_unavailable;
    for (const auto& op : ops) {
      const auto& over = std::get<outbox_result>(op);
      if (over.dead)
        dead_.push_back(over);
      done_.push_back(over.position);
      waiting_.erase(over.position);
    }
    changed_.notify_all();
    return std::vector<bool>(ops.size(), true);
  }
  result<outbox_backlog> backlog() {
    std::lock_guard guard{lock_};
    if (away_)
      return error_code::store_unavailable;
    outbox_backlog out;
    out.queued = pretended_ != 0 ? pretended_ : waiting_.size();
    return out;
  }

  [[nodiscard]] std::vector<std::uint64_t> done() const { return read(done_); }
  [[nodiscard]] std::vector<outbox_result> dead() const { return read(dead_); }
  [[nodiscard]] int writes() const { return read(writes_); }
  [[nodiscard]] bool away() const { return read(away_); }

  /// Waits until so many entries are over.
  [[nodiscard]] bool wait_done(std::size_t count) const {
    std::unique_lock guard{lock_};
    return changed_.wait_for(guard, patience, [&] { return done_.size() >= count; });
  }

private:
  template <class Change>
  void note(Change change) {
    std::lock_guard guard{lock_};
    change();
  }
  template <class T>
  T read(const T& what) const {
    std::lock_guard guard{lock_};
    return what;
  }

  mutable std::mutex lock_;
  mutable std::condition_variable changed_;
  std::map<std::uint64_t, outbox_entry> waiting_;
  std::vector<std::uint64_t> done_;
  std::vector<outbox_result> dead_;
  std::uint64_t pretended_ = 0;
  int writes_ = 0;
  bool away_ = false;
};

/// A connection to that outbox, which is asked for nothing else.
class outbox_store final : public write_only_store {
public:
  explicit outbox_store(std::shared_ptr<outbox_shelf> shelf)
    : shelf_(std::move(shelf)) {}

  result<std::vector<bool>> write(std::span<const write_op> ops) override {
    return shelf_->write(ops);
  }
  result<std::vector<outbox_entry>> outbox(std::uint64_t after, std::size_t limit) override {
    return shelf_->read(after, limit);
  }
  result<outbox_backlog> backlog() override { return shelf_->backlog(); }

private:
  std::shared_ptr<outbox_shelf> shelf_;
};

/// Opens connections to an outbox, unless it is away.
class outbox_stores final : public store_factory {
public:
  explicit outbox_stores(std::shared_ptr<outbox_shelf> shelf)
    : shelf_(std::move(shelf)) {}

  result<std::unique_ptr<record_store>> open() override {
    if (shelf_->away())
      return error_code::store_unavailable;
    return std::unique_ptr<record_store>{std::make_unique<outbox_store>(shelf_)};
  }

private:
  std::shared_ptr<outbox_shelf> shelf_;
};

/// The entry of this position, in the lane of a call.
inline outbox_entry message_in(const std::string& lane, std::uint64_t position) {
  outbox_entry made;
  made.position = position;
  made.lane = lane;
  made.kind = outbox_kind::message;
  made.path = "/channels/messaging/call-x/message";
  made.body = R"({"message":{"id":")" + std::to_string(position) + "\"}}";
  return made;
}

} // namespace carillon::net::test
