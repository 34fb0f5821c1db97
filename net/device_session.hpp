#pragma once

#include "net/engine_io_session.hpp"
#include "net/event_gate.hpp"
#include "net/relay_ways.hpp"
#include "protocol/command_sink.hpp"

#include <optional>
#include <string>
#include <vector>

namespace carillon::net {

/// One device of a user, whatever its wire: its authentication, its place in the user's session,
/// its events and their answers. How they are framed is up to the class derived from it. On the
/// session's own thread, but for `answer`.
class device_session : public engine_io_session, public responder {
public:
  void answer(std::uint64_t token, result<reply_value> what) noexcept override;
  void grant(relay_permit_ptr permit) noexcept override;

protected:
  using ack_id = std::optional<std::uint64_t>;

  device_session(std::shared_ptr<site> host, io_executor executor, ip_address from);

  /// The wire's frames; from any thread.
  [[nodiscard]] virtual std::string event_frame(std::string_view name,
                                                std::string_view data) const = 0;
  [[nodiscard]] virtual std::string ack_frame(std::uint64_t id, std::string_view data) const = 0;

  /// Answers `enter`: the device has its place; or a refusal, after which the client may try again.
  virtual void welcome(const user_id& user, const attachment& place) = 0;
  virtual void turn_away(const failure& why) = 0;

  /// What a client is told last when it must not come back by itself; null: nothing.
  [[nodiscard]] virtual frame farewell() const { return nullptr; }

  /// A token came that asks for a place, with the session to go on with, if any.
  void enter(std::string_view token, std::optional<resume_request> resume);
  /// There is no token yet: the client has a while to `authenticate`.
  void enter_as_guest();
  /// The client gives its place up.
  void leave();
  /// An event came; `data` is raw JSON, empty: none.
  void on_event(std::string_view name, std::string_view data, ack_id ack);

  /// Whether relays may be sent straight at all just now.
  [[nodiscard]] bool may_relay_straight() const noexcept { return !ways_.empty(); }
  /// Sends an event straight to its receiver if it is a relay and may go there; `data` begins with
  /// the JSON of its first argument. False: nothing was done.
  [[nodiscard]] bool relay_straight(std::string_view name, std::string_view data, ack_id ack);

  /// Tells the client of a refusal in the words of a family: as an event unless it has its own, and
  /// when asked as an ack. From any thread.
  void refuse(const failure& why, ack_id ack, call_kind family = call_kind::direct);

  [[nodiscard]] bool outside() const noexcept { return stage_ == stage::outside; }
  [[nodiscard]] bool admitted() const noexcept { return stage_ == stage::admitted; }
  [[nodiscard]] const device_id& device() const noexcept { return device_; }

private:
  /// What a verified token leads to, while the sink is asked.
  struct admission {
    bool by_event = false; ///< asked for by `authenticate`
    ack_id ack;
    std::optional<resume_request> resume;
    std::optional<time_point> expires_at;
  };

  void on_offered(frame what) override;
  frame on_end(close_reason reason, bool lost) override;
  instant next_deadline() const noexcept override { return deadline_; }
  void on_deadline(instant now) override;

  void on_authenticate(std::string_view argument, ack_id ack);
  void admit(std::string_view token, admission how);
  void on_seen(result<reply_value> what);
  void on_attached(result<reply_value> what);
  void admit_now(attachment place);
  void refuse_admission(failure why);
  void watch_expiry();
  void tell(frame what);
  [[nodiscard]] reply_to reply(std::uint64_t token);

  event_gate gate_;
  relay_ways ways_;
  bool paid_ = false;      ///< the event under way was counted for its rate
  device_id device_; ///< set with the place, or for a guest
  user_ptr user_;
  std::optional<admission> admission_;
  std::optional<time_point> expires_at_;
  std::vector<frame> held_; ///< events that must not overtake the welcome
  instant deadline_;        ///< to enter, then to authenticate, then of the token
  bool attached_ = false;
  bool may_resume_ = false; ///< the client knows with what
  bool expired_ = false;    ///< `token_expired` was sent
  enum class stage : std::uint8_t { outside, guest, admitted } stage_ = stage::outside;
};

} // namespace carillon::net
