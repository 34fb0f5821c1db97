#pragma once

#include "protocol/record_store.hpp"
#include "tests/catch.hpp"

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
class moody_store final : public record_store {
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

  // A writer only writes.
  status migrate() override { return unexpected(); }
  result<std::optional<user_record>> load_user(const user_id&) override { return unexpected(); }
  result<std::vector<user_record>> load_users(std::span<const user_id>) override {
    return unexpected();
  }
  result<std::optional<call_record>> load_call(call_kind, const call_id&) override {
    return unexpected();
  }
  result<record_page> history(const query::history&) override { return unexpected(); }
  result<record_page> sessions(const query::sessions&) override { return unexpected(); }
  result<call_quality> quality(const call_id&) override { return unexpected(); }
  result<usage_report> usage(const user_id&, time_point, time_point) override {
    return unexpected();
  }
  result<video_record_page> video_history(const query::video_history&) override {
    return unexpected();
  }
  result<video_record_page> active_video_calls(const user_id&) override { return unexpected(); }
  result<std::vector<video_invitation>>
  video_invitations(const query::video_invitations&) override {
    return unexpected();
  }
  result<std::vector<recording>> recordings(const call_id&) override { return unexpected(); }
  result<video_stats> stats_of_video(const user_id&) override { return unexpected(); }
  result<std::optional<stored_token>> token_of(const user_id&) override { return unexpected(); }
  result<std::optional<timeline_text>> load_timeline(const call_id&) override {
    return unexpected();
  }
  result<std::vector<call_record>> live_calls() override { return unexpected(); }
  result<std::size_t> erase_old(time_point, std::size_t) override { return unexpected(); }
  result<std::optional<channel_record>> load_channel(const call_id&) override {
    return unexpected();
  }
  result<std::uint64_t> last_seq(const call_id&) override { return unexpected(); }
  result<std::optional<chat_message>> find_message(const call_id&, const std::string&) override {
    return unexpected();
  }
  result<message_page> messages(const query::messages&) override { return unexpected(); }
  result<std::vector<outbox_entry>> outbox(std::uint64_t, std::size_t) override {
    return unexpected();
  }
  result<outbox_backlog> backlog() override { return unexpected(); }

private:
  failure unexpected() {
    CHECK(false);
    return error_code::internal;
  }

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
