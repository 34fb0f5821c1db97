#include "tests/protocol/session_clients.hpp"

#include "tests/protocol/call_words.hpp"

namespace carillon::test {

// For joining, leaving, media, relaying, asking, ending, reporting, the words of direct calls.
session_clients::session_clients(call_id call, dice& random)
  : simulated_clients(std::move(call), random,
                      {{15, 20}, {0, 8}, {5, 20}, {30, 30}, {1, 4}, {0, 2}, {4, 4}, {2, 4}}) {}

origin session_clients::somebody(const std::vector<simulated_user>& users) {
  if (random_.chance(2))
    return from("z1", call_kind::session);
  const auto& user = random_.any_of(users);
  const auto& here = user.devices();
  if (here.empty() || random_.chance(8))
    return {user.id(), {}, call_kind::session};
  return {user.id(), random_.chance(70) ? here.front() : random_.any_of(here), call_kind::session};
}

std::optional<bool> session_clients::perhaps() {
  return random_.chance(50) ? std::optional{random_.chance(50)} : std::nullopt;
}

command::relay session_clients::relay(origin by, const simulated_user& to) {
  command::relay what{std::move(by), call_, to.id(), static_cast<relay_kind>(random_.pick(3)), {}};
  if (to.devices().empty() || random_.chance(20))
    return what;
  if (random_.chance(80)) // else both, and the device wins
    what.to = random_.chance(50) ? user_id{} : user_of("z");
  what.to_device = random_.any_of(to.devices());
  return what;
}

call_command session_clients::something_of_direct_calls(origin by) {
  auto wrong_family = random_.chance(50);
  if (wrong_family)
    by.family = call_kind::direct;
  if (random_.chance(50))
    return command::accept{std::move(by), call_};
  if (wrong_family)
    return command::end{std::move(by), call_};
  return command::reject{std::move(by), call_};
}

call_command session_clients::invent(const std::vector<simulated_user>& users) {
  auto by = somebody(users);
  switch (pick_kind()) {
  case 0: {
    static constexpr const char* peers[] = {"", "", "p", "q"};
    return command::join{by, call_, random_.any_of(peers)};
  }
  case 1:
    return command::leave{by, call_};
  case 2:
    return command::set_media{by, call_, perhaps(), perhaps(), perhaps()};
  case 3:
    return relay(by, random_.any_of(users));
  case 4:
    return command::ask_to_join{by, call_};
  case 5:
    return command::end{by, call_, random_.chance(5)};
  case 6: {
    command::report_quality what{by, call_, {}};
    what.sample.rtt_ms = static_cast<double>(random_.pick(500));
    what.sample.packet_loss = static_cast<double>(random_.pick(30));
    return what;
  }
  default:
    return something_of_direct_calls(by);
  }
}

} // namespace carillon::test
