#pragma once

#include "tests/actors/world.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace carillon::test {

/// The actors in virtual time, and what clients do in sessions. A device's first letter names its
/// user: `a1` is Alice's, `b2` is Bob's.
class meeting {
public:
  explicit meeting(actors::engine_settings how = {})
    : w(how) {}

  world w;

  device_ptr connect(const std::string& id);
  /// Makes the users known whose letters these are.
  void know(std::string_view letters);

  // -- commands ----------------------------------------------------------------

  /// `by` and `named` are letters of users.
  static command::gather gather(char by, std::string_view named, session_facts facts = {});
  result<reply_value> try_open(char by, std::string_view named, session_facts facts = {});
  call_id open(char by, std::string_view named, session_facts facts = {});

  result<reply_value> join(const device_ptr& who, const call_id& id, std::string peer = {});
  result<reply_value> leave(const device_ptr& who, const call_id& id);
  result<reply_value> end(char who, const call_id& id, bool as_admin = false);
  result<reply_value> relay(const device_ptr& who, const call_id& id, const std::string& device,
                            std::string payload = "{}");

  // -- what came of it -----------------------------------------------------------

  /// The record as REST's `join` answers with it.
  call_record record(char who, const call_id& id);
  session_details details(char who, const call_id& id);
  result<reply_value> sessions(char who);
};

/// The name of the user with this first letter.
std::string user_of(char letter);

/// The device as the sender of commands in the words of sessions.
origin in_session(const device_ptr& who);

/// The word of the refusal, or `ok`.
std::string word_of(const result<reply_value>& what);

/// The names of the events from the `from`th on.
std::vector<std::string> since(const device_ptr& which, std::size_t from);

/// The values of all members `name` in a JSON text, without quotation marks, in order.
std::vector<std::string> values_of(std::string_view text, std::string_view name);

} // namespace carillon::test
