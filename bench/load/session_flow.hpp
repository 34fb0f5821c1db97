#pragma once

#include "bench/load/http_client.hpp"
#include "bench/load/metrics.hpp"
#include "bench/load/party.hpp"
#include "bench/load/payload.hpp"
#include "bench/load/socket_client.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace carillon::load {

/// What all sessions share. Owned by the driver; outlives them.
struct session_settings {
  std::uint32_t members = 8;
  std::uint32_t candidates = 10; ///< from each member to each other, for each session
  payload offer;
  payload answer;
  payload candidate;
};

/// The members of a session, one session after the other: the first begins it over REST, all join
/// at once, whoever comes in offers to all that are in already and is answered, candidates go both
/// ways between each two, and when each has everything from each all leave at once. Every event is
/// checked against the step the session is in, each list of participants for a version that only
/// grows, and each relayed message for sender, order and content.
class session_flow : public party {
public:
  /// As many as fit into a stamp; servers allow fewer.
  static constexpr std::uint32_t most_members = 16;

  session_flow(std::uint32_t number, poller& events, session_settings& settings, metrics& figures,
               party_observer& owner, const std::string& user_prefix);

  [[nodiscard]] const std::string& user(std::size_t index) const { return members_[index].user; }
  [[nodiscard]] std::uint32_t calls() const noexcept override { return calls_; }
  [[nodiscard]] bool has_failed() const noexcept override { return step_ == step::failed; }
  [[nodiscard]] bool is_calling() const noexcept override {
    return step_ == step::inviting || step_ == step::talking || step_ == step::leaving;
  }

  /// Begins to connect one member.
  void connect(std::size_t index, const endpoint& server, std::string token, unsigned source);

  void start_call(std::int64_t due_ns) override;
  void check_age(std::int64_t oldest) override;
  void close() override;

private:
  enum class step : std::uint8_t { connecting, idle, inviting, talking, leaving, failed };

  /// What one member has from one other.
  struct peer {
    std::uint32_t sent = 0;     ///< relayed messages in this session
    std::uint32_t received = 0; ///< relayed messages in this session
    std::string socket;         ///< its device, while it is on the list
  };

  struct member : socket_client::observer {
    member(session_flow& session, std::size_t member_index, poller& events)
      : owner(session)
      , index(member_index)
      , socket(events, *this) {}
    void on_connected() override { owner.on_connected(); }
    void on_event(std::string_view name, std::string_view data) override {
      owner.on_event(*this, name, data);
    }
    void on_ack(std::uint32_t id, std::string_view data) override { owner.on_ack(*this, id, data); }
    void on_failed(const std::string& why) override { owner.fail(why); }

    session_flow& owner;
    std::size_t index;
    socket_client socket;
    std::string user;
    std::vector<peer> peers;   ///< one for each member, its own unused
    std::uint64_t version = 0; ///< of the list that it has
    std::int64_t asked = 0;    ///< when it joined, or left
    bool joined = false;       ///< call_session_joined came
    bool confirmed = false;    ///< the join was acknowledged
    bool left = false;         ///< the leaving was acknowledged
    bool told_of_end = false;
  };

  /// The request of the first member.
  struct beginning : http_client::observer {
    beginning(session_flow& session, poller& events)
      : owner(session)
      , http(events, *this) {}
    void on_answer(const http_answer& answer) override { owner.on_begun(answer); }
    void on_no_answer(const std::string& why) override { owner.fail(why); }

    session_flow& owner;
    http_client http;
  };

  void on_connected();
  void on_begun(const http_answer& answer);
  void on_event(member& who, std::string_view name, std::string_view data);
  void on_ack(member& who, std::uint32_t id, std::string_view data);
  void on_invited(member& who, std::string_view data);
  void on_joined(member& who, std::string_view data);
  void on_arrival(member& who, std::string_view data);
  void on_departure(member& who, std::string_view data);
  void on_relayed(member& who, std::string_view name, std::string_view data);
  void on_ended(member& who, std::string_view data);
  void join(member& who);
  void send_relay(member& from, std::size_t to, std::string_view event, std::string_view field,
                  payload& what);
  void send_candidates(member& from, std::size_t to);
  void leave_when_complete();
  void finish_when_told();
  void note_session(std::string_view data);
  bool take_version(member& who, std::string_view data);
  [[nodiscard]] std::size_t member_of(std::string_view user) const;
  [[nodiscard]] std::uint32_t direction(std::size_t from, std::size_t to) const;
  bool expect(bool holds, std::string_view what);
  void fail(const std::string& why);

  std::uint32_t number_;
  session_settings& settings_;
  metrics& figures_;
  party_observer& owner_;
  std::string prefix_; ///< of the user ids; behind it stands the member's number
  std::deque<member> members_;
  beginning beginning_;
  endpoint server_;
  std::string token_; ///< of the first member

  step step_ = step::connecting;
  std::uint32_t connected_ = 0;
  std::uint32_t calls_ = 0;
  std::string session_id_;
  bool begun_ = false; ///< the request was answered
  std::int64_t due_ = 0;
  std::int64_t started_ = 0;
};

} // namespace carillon::load
