#pragma once

#include "protocol/record_store.hpp"
#include "tests/catch.hpp"

namespace carillon {

/// A store for code that only writes: everything else fails the test, unless it is overridden.
class write_only_store : public record_store {
public:
  status ping() override { return unexpected(); }
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
  static failure unexpected() {
    CHECK(false);
    return error_code::internal;
  }
};

} // namespace carillon
