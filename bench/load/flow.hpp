#pragma once

#include "bench/load/metrics.hpp"
#include "bench/load/party.hpp"
#include "bench/load/payload.hpp"
#include "bench/load/socket_client.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace carillon::load {

/// What all pairs share. Owned by the driver; outlives the pairs.
struct flow_settings {
  std::uint32_t candidates = 10; ///< each way, for each call
  std::uint32_t window = 0;      ///< candidates under way from one side; 0: all leave in one burst
  bool paced = false;            ///< the driver sends each candidate
  bool forwarded = false; ///< the server only forwards: no call control, and every event arrives as
                          ///< it was sent
  payload offer;
  payload answer;
  payload candidate;
};

class pair_flow;

/// What the driver hears from the pairs besides.
class flow_observer : public party_observer {
public:
  /// Side `index` may send its candidates now; only in paced runs.
  virtual void on_may_send(pair_flow& pair, std::size_t index) = 0;
};

/// Two users and the calls between them, one after the other: initiateCall, acceptCall, an offer,
/// an answer, candidates both ways, endCall by one side and the other in turn. Every event is
/// checked against the step the call is in, and each relayed message for order and content.
class pair_flow : public party {
public:
  static constexpr std::size_t caller = 0;
  static constexpr std::size_t callee = 1;

  pair_flow(std::uint32_t number, poller& events, flow_settings& settings, metrics& figures,
            flow_observer& owner, const std::string& user_prefix);

  [[nodiscard]] const std::string& user(std::size_t index) const { return sides_[index].user; }

  [[nodiscard]] std::uint32_t calls() const noexcept override { return calls_; }
  [[nodiscard]] bool has_failed() const noexcept override { return step_ == step::failed; }
  [[nodiscard]] bool is_calling() const noexcept override {
    return step_ == step::ringing || step_ == step::talking || step_ == step::ending;
  }

  /// Whether the side has candidates left to send in the current call.
  [[nodiscard]] bool may_send(std::size_t index) const noexcept {
    return step_ == step::talking && sides_[index].sent != 0
           && sides_[index].sent <= settings_.candidates;
  }

  /// Begins to connect one side; to a server that only forwards, `token` is not needed.
  void connect(std::size_t index, const endpoint& server, std::string token, unsigned source);

  void start_call(std::int64_t due_ns) override;

  /// Sends the next candidate of a side, which may send; true when more of them are left.
  bool send_candidate(std::size_t index, std::int64_t due_ns);

  void check_age(std::int64_t oldest) override;

  void close() override;

private:
  enum class step : std::uint8_t { connecting, idle, ringing, talking, ending, failed };

  struct side : socket_client::observer {
    side(pair_flow& pair, std::size_t side_index, poller& events)
      : owner(pair)
      , index(side_index)
      , socket(events, *this) {}
    void on_connected() override { owner.on_connected(); }
    void on_event(std::string_view name, std::string_view data) override {
      owner.on_event(index, name, data);
    }
    void on_failed(const std::string& why) override { owner.fail(why); }

    pair_flow& owner;
    std::size_t index;
    socket_client socket;
    std::string user;
    std::uint32_t sent = 0;     ///< relayed messages in this call
    std::uint32_t received = 0; ///< relayed messages in this call
    bool told_of_end = false;
  };

  void on_connected();
  void on_event(std::size_t index, std::string_view name, std::string_view data);
  void on_forwarded(std::size_t index, std::string_view name, std::string_view data);
  void on_caller_event(std::string_view name, std::string_view data);
  void on_callee_event(std::string_view name, std::string_view data);
  void on_offer(std::string_view data);
  void on_candidate(std::size_t index, std::string_view data);
  void on_relayed(std::size_t index, payload& expected, std::string_view data);
  void on_end_event(std::size_t index, std::string_view name);
  void send_relay(std::size_t index, std::string_view event, std::string_view field, payload& what,
                  std::int64_t due_ns);
  void send_candidates(std::size_t index);
  void end_when_complete();
  void finish_when_told();
  void finish();
  bool names_this_call(std::string_view data) const;
  bool expect(bool holds, std::string_view what);
  void fail(const std::string& why);

  std::uint32_t number_;
  flow_settings& settings_;
  metrics& figures_;
  flow_observer& owner_;
  std::array<side, 2> sides_;

  step step_ = step::connecting;
  int connected_ = 0;
  std::uint32_t calls_ = 0;
  std::string call_id_;
  std::string call_member_; ///< `"callId":"…"`, as it stands in every event of the call
  bool initiated_ = false;  ///< callInitiated came
  bool confirmed_ = false;  ///< callAcceptedConfirm came
  bool end_confirmed_ = false;
  std::int64_t due_ = 0;
  std::int64_t started_ = 0;
  std::int64_t ended_ = 0;
};

} // namespace carillon::load
