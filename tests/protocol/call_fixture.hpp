#pragma once

#include "tests/protocol/call_stage.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace carillon::test {

/// A direct call from Alice to Bob.
class call_line : public call_stage {
public:
  explicit call_line(std::initializer_list<std::string_view> devices, call_settings settings = {})
    : call_stage(call_kind::direct, settings) {
    for (auto device : devices)
      attach(device);
    hush();
  }

  // -- commands; each returns "ok" or the error's word -------------------------

  /// Alice calls Bob.
  std::string initiate(std::string_view caller, placement verdict = placement::ring) {
    return run(command::place{from(caller), id, view_of(user_of("a")), view_of(user_of("b")),
                              media_type::video, verdict});
  }
  /// Another initiate between the two while the call lives.
  std::string again(std::string_view who) {
    auto by = from(who);
    auto other = user_of(by.user == user_of("a") ? "b" : "a");
    return run(command::again{by, other});
  }
  std::string accept(std::string_view who) { return run(command::accept{from(who), id}); }
  std::string reject(std::string_view who) { return run(command::reject{from(who), id}); }
  std::string end(std::string_view who) { return run(command::end{from(who), id}); }
  std::string relay(std::string_view who, std::string_view to, std::string payload,
                    relay_kind kind = relay_kind::candidate) {
    return run(command::relay{from(who), id, user_of(to), kind, std::move(payload)});
  }

  const call_id id{"0123456789abcdef01234567"};
};

} // namespace carillon::test
