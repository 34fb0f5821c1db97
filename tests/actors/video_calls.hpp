#pragma once

#include "tests/actors/meeting.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace carillon::test {

/// The actors in virtual time, and what clients do in video calls. A device's first letter names
/// its user, as in `meeting`; a letter alone is that user over REST.
class video_calls {
public:
  explicit video_calls(actors::engine_settings how = {})
    : w(std::move(how)) {}

  world w;

  device_ptr connect(const std::string& id);
  void know(std::string_view letters);

  // -- commands ----------------------------------------------------------------

  /// `members` are letters.
  static command::create creates(char by, std::string_view call, std::string_view members = {});
  result<reply_value> try_create(char by, std::string_view call, std::string_view members = {});
  /// The id under which the server has it.
  call_id create(char by, std::string_view call, std::string_view members = {});

  result<reply_value> join(char who, const call_id& id);
  result<reply_value> join(const device_ptr& who, const call_id& id);
  result<reply_value> leave(char who, const call_id& id);
  result<reply_value> set_status(char who, const call_id& id, call_status status);
  result<reply_value> answer(char who, const call_id& id, bool accepts);
  result<reply_value> kick(char who, const call_id& id, char whom);

  // -- what came of it -----------------------------------------------------------

  /// As the store has it behind all that was submitted; wakes nothing.
  call_record stored(const call_id& id);
  /// Whether the store has it as one that a restart brings back.
  bool comes_back(const call_id& id);
  /// Whether it has an actor; `id` is of the only call of its world, in which nobody has a device.
  bool awake() { return w.running_actors() > services_; }
  /// To be called before there are calls or devices.
  void count_services() { services_ = w.running_actors(); }

private:
  std::size_t services_ = 0;
};

/// The user as the sender of commands in the words of video; over REST, or on a device.
origin in_video(char who);
origin in_video(const device_ptr& who);

} // namespace carillon::test
