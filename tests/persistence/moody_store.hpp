#pragma once

#include "tests/write_only_store.hpp"

#include <atomic>
#include <future>
#include <memory>

namespace carillon::persistence::test {

/// What the test does to a store.
struct mood {
  std::atomic<bool> away{false};
  std::atomic<int> away_after{-1}; ///< writes that still work before it goes away; -1: no matter
  std::atomic<int> opened{0};
  std::atomic<int> writes{0};
  std::shared_future<void> answers; ///< when valid, opening waits for it
};

/// A real store that goes away and comes back.
class moody_store final : public write_only_store {
public:
  moody_store(std::shared_ptr<mood> m, std::unique_ptr<record_store> store)
    : mood_(std::move(m))
    , store_(std::move(store)) {}

  result<std::vector<bool>> write(std::span<const write_op> ops) override {
    if (mood_->away_after == 0)
      mood_->away = true;
    if (mood_->away)
      return error_code::store_unavailable;
    if (mood_->away_after > 0)
      --mood_->away_after;
    ++mood_->writes;
    return store_->write(ops);
  }
  status ping() override {
    if (mood_->away)
      return error_code::store_unavailable;
    return store_->ping();
  }

private:
  std::shared_ptr<mood> mood_;
  std::unique_ptr<record_store> store_;
};

/// Opens moody stores; all of them have one mood.
class moody_factory final : public store_factory {
public:
  moody_factory(std::shared_ptr<mood> m, std::shared_ptr<store_factory> stores)
    : mood_(std::move(m))
    , stores_(std::move(stores)) {}

  result<std::unique_ptr<record_store>> open() override {
    ++mood_->opened;
    if (mood_->answers.valid())
      mood_->answers.wait();
    if (mood_->away)
      return error_code::store_unavailable;
    auto store = stores_->open();
    if (!store)
      return store.error();
    return std::unique_ptr<record_store>{std::make_unique<moody_store>(mood_, std::move(*store))};
  }

private:
  std::shared_ptr<mood> mood_;
  std::shared_ptr<store_factory> stores_;
};

} // namespace carillon::persistence::test
