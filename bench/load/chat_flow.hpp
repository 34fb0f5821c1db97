#pragma once

#include "bench/load/http_client.hpp"
#include "bench/load/metrics.hpp"
#include "bench/load/party.hpp"
#include "bench/load/socket_client.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace carillon::load {

/// What all chats share. Owned by the driver; outlives them.
struct chat_settings {
  std::uint32_t members = 2;
  bool in_session = false;      ///< else in a direct call of two
  std::size_t text_bytes = 100; ///< of each message
};

/// Those who chat in one call: they call (two by a direct call, more by a session that all join),
/// say what the driver's schedule makes them say, one after the other, and end the call. Every
/// message is checked at every member for sender, content, and order: each sender's messages come
/// in the order in which they were sent and once, and all members see the same order of all.
class chat_flow : public party {
public:
  chat_flow(std::uint32_t number, poller& events, const chat_settings& settings, metrics& figures,
            party_observer& owner, const std::string& user_prefix);

  [[nodiscard]] const std::string& user(std::size_t index) const { return members_[index].user; }
  [[nodiscard]] std::uint32_t calls() const noexcept override { return calls_; }
  [[nodiscard]] bool has_failed() const noexcept override { return step_ == step::failed; }
  [[nodiscard]] bool is_calling() const noexcept override {
    return step_ == step::calling || step_ == step::chatting || step_ == step::ending;
  }

  /// Whether the call is there and its members may say something.
  [[nodiscard]] bool may_chat() const noexcept { return step_ == step::chatting; }

  /// Whether all that was said is confirmed and was heard by all.
  [[nodiscard]] bool is_quiet() const noexcept;

  /// Begins to connect one member.
  void connect(std::size_t index, const endpoint& server, std::string token, unsigned source);

  void start_call(std::int64_t due_ns) override;

  /// The next member says something that was due at `due_ns`; only when they may.
  void say(std::int64_t due_ns);

  /// Checks that all saw one order and ends the call; only when it is quiet.
  void end_call();

  void check_age(std::int64_t oldest) override;
  void close() override;

private:
  enum class step : std::uint8_t { connecting, idle, calling, chatting, ending, failed };

  struct member : socket_client::observer {
    member(chat_flow& chat, std::size_t member_index, poller& events)
      : owner(chat)
      , index(member_index)
      , socket(events, *this) {}
    void on_connected() override { owner.on_connected(); }
    void on_event(std::string_view name, std::string_view data) override {
      owner.on_event(*this, name, data);
    }
    void on_ack(std::uint32_t id, std::string_view data) override { owner.on_ack(*this, id, data); }
    void on_failed(const std::string& why) override { owner.fail(why); }

    chat_flow& owner;
    std::size_t index;
    socket_client socket;
    std::string user;
    std::uint32_t said = 0;
    std::deque<std::int64_t> unconfirmed; ///< when what was said last was due
    std::vector<std::uint32_t> heard;     ///< how much of each member
    std::uint64_t heard_all = 0;
    std::uint64_t order = 0; ///< stands for the order of all that was heard
    bool ready = false;      ///< is in the call
    bool told_of_end = false;
  };

  /// What a session needs to be begun and ended.
  struct request : http_client::observer {
    request(chat_flow& chat, poller& events)
      : owner(chat)
      , http(events, *this) {}
    void on_answer(const http_answer& answer) override { owner.on_answer(answer); }
    void on_no_answer(const std::string& why) override { owner.fail(why); }

    chat_flow& owner;
    http_client http;
  };

  void on_connected();
  void on_answer(const http_answer& answer);
  void on_event(member& who, std::string_view name, std::string_view data);
  void on_ack(member& who, std::uint32_t id, std::string_view data);
  void on_message(member& who, std::string_view data);
  void on_ready(member& who);
  void on_end(member& who);
  void note_call(std::string_view data);
  [[nodiscard]] std::size_t member_of(std::string_view user) const;
  bool expect(bool holds, std::string_view what);
  void fail(const std::string& why);

  const chat_settings& settings_;
  metrics& figures_;
  party_observer& owner_;
  std::string prefix_; ///< of the user ids; behind it stands the member's number
  std::deque<member> members_;
  request request_;
  endpoint server_;
  std::string token_;   ///< of the first member
  std::string padding_; ///< the end of every text

  step step_ = step::connecting;
  std::uint32_t connected_ = 0;
  std::uint32_t calls_ = 0;
  std::string call_id_;
  std::size_t turn_ = 0;        ///< who says the next thing
  std::uint64_t said_ = 0;      ///< by all
  std::uint64_t confirmed_ = 0; ///< of those
  std::int64_t started_ = 0;    ///< the step
};

} // namespace carillon::load
