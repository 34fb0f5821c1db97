#pragma once

#include "tests/actors/meeting.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace carillon::test {

/// The actors in virtual time, and what clients do in channels. A device's first letter names its
/// user, as in `meeting`; a letter alone is that user over REST.
class chats {
public:
  explicit chats(actors::engine_settings how = {}, bool mirrored = false)
    : w(std::move(how), mirrored) {}

  world w;

  device_ptr connect(const std::string& id);
  void know(std::string_view letters);

  // -- commands ----------------------------------------------------------------

  static command::send_message says(char who, const call_id& call, std::string text,
                                    std::string id = {});
  result<reply_value> say(char who, const call_id& call, std::string text, std::string id = {});
  result<reply_value> say(const device_ptr& who, const call_id& call, std::string text,
                          std::string id = {});
  result<reply_value> read(const device_ptr& who, const call_id& call, std::string id);
  result<reply_value> open(char who, const std::string& call, std::string_view members = {});
  result<reply_value> close(char who, const call_id& call, bool as_admin = false);
  /// A session; `by` and `named` are letters.
  call_id gather(char by, std::string_view named);

  // -- what came of it -----------------------------------------------------------

  result<reply_value> page(char who, const call_id& call, int limit = 50);
  /// The texts of the channel's messages, oldest first, with commas between; or the word of the
  /// refusal.
  std::string told(char who, const call_id& call);
  /// The channel as the store has it behind all that was submitted.
  std::optional<channel_record> stored(const call_id& call);
  /// What waits for Stream, oldest first: `kind lane`, each.
  std::vector<std::string> outbox();
  /// The figures of the entries that wait.
  std::vector<std::uint64_t> positions();

  /// Whether a channel has an actor, in a world with nothing else that comes and goes.
  bool in_use() { return w.running_actors() > others_; }
  /// To be called when no channel is in use.
  void count_others() { others_ = w.running_actors(); }

private:
  std::size_t others_ = 0;
};

/// The user as the sender of commands in the words of chat.
origin in_chat(char who);
origin in_chat(const device_ptr& who);

/// The message of a successful answer.
chat_message said(const result<reply_value>& what);

/// The texts of the messages that a device heard, in order.
std::vector<std::string> heard(const device_ptr& who);

} // namespace carillon::test
