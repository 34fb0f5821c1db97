#pragma once

#include "actors/context.hpp"
#include "protocol/user_session.hpp"

#include <unordered_map>

namespace carillon::actors {

/// The state of a user session actor: the machine, the links to its devices and the handles of its
/// calls.
///
/// Hands every event to the devices it is for, encoded once. Lives while the user has a device or a
/// call.
class session_shell {
public:
  static constexpr const char* name = "user_session";

  ~session_shell();

  void start(user_session_actor::pointer self, const context* house, const user_id& user);

  void on(attach_device& cmd);
  void on(const detach_device& cmd);
  void on(deliver& news);

private:
  struct device {
    client_link_ptr link;
    bool in_call = false;
  };

  void send(const addressed_event& event, const call_id& call);
  void tell_presence(const call_actor& call);
  void refresh_in_call();
  void quit_if_idle();

  user_session_actor::pointer self_ = nullptr;
  const context* house_ = nullptr;
  user_id user_;
  user_session machine_;
  std::unordered_map<device_id, device> devices_;
  std::unordered_map<call_id, call_actor> calls_;
};

/// Spawned by the directory, with its shard locked.
user_session_actor::behavior_type
session_behavior(user_session_actor::stateful_pointer<session_shell> self, const context* house,
                 user_id user);

} // namespace carillon::actors
