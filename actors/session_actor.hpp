#pragma once

#include "actors/context.hpp"
#include "protocol/delivery.hpp"
#include "protocol/user_session.hpp"

#include <cstdint>
#include <optional>
#include <unordered_map>

namespace carillon::actors {

/// The state of a user session actor: the machine, the devices and the handles of its calls.
///
/// Hands every event to the devices it is for, encoded once, and keeps it for a while for those
/// that lose their connection. Lives while the user has a device (a lost one that may come back
/// included) or a call.
class session_shell {
public:
  static constexpr const char* name = "user_session";

  ~session_shell();

  void start(user_session_actor::pointer self, const context* house, const user_id& user,
             std::shared_ptr<delivery> out);

  void on(attach_device& cmd);
  void on(const detach_device& cmd);
  void on(const look_after&);
  void on(deliver& news);

private:
  struct device {
    client_link_ptr link; ///< null while the device is lost
    std::string pid;      ///< with which its client may resume
    time_point lost_until{};
    bool in_call = false;
  };
  using device_map = std::unordered_map<device_id, device>;

  void attach_fresh(attach_device& cmd);
  [[nodiscard]] bool resume(attach_device& cmd);
  [[nodiscard]] wire_event_ptr welcome(const device_id& id);
  void send(const addressed_event& event, const call_id& call);
  [[nodiscard]] wire_event_ptr encode(const call_event& what) const;
  void tell_presence();
  void tell_presence(const call_actor& call);
  void refresh_in_call();
  void look_again_after(seconds wait);
  void quit_if_idle();
  [[nodiscard]] time_point now() const;

  user_session_actor::pointer self_ = nullptr;
  const context* house_ = nullptr;
  user_id user_;
  user_session machine_;
  device_map devices_;
  std::unordered_map<call_id, call_actor> calls_;
  std::shared_ptr<delivery> out_; ///< never null once started
  bool looking_after_ = false;    ///< a `look_after` is on its way
};

/// Spawned by the directory, with its shard locked.
user_session_actor::behavior_type
session_behavior(user_session_actor::stateful_pointer<session_shell> self, const context* house,
                 user_id user, std::shared_ptr<delivery> out);

} // namespace carillon::actors
