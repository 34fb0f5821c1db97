#include "tests/protocol/call_clients.hpp"

#include "tests/protocol/call_words.hpp"

namespace carillon::test {

// For accepting, rejecting, ending, initiating, relaying.
call_clients::call_clients(call_id call, dice& random)
  : simulated_clients(std::move(call), random, {{5, 20}, {0, 4}, {1, 6}, {0, 12}, {60, 1}}) {}

origin call_clients::somebody(const simulated_user& user) {
  const auto& here = user.devices();
  if (here.empty() || random_.chance(8))
    return {user.id(), {}};
  return {user.id(), here[random_.chance(60) ? 0 : random_.pick(here.size())]};
}

call_command call_clients::invent(const std::vector<simulated_user>& users) {
  auto which = random_.pick(2);
  const auto& peer = users[1 - which].id();
  auto by = somebody(users[which]);
  auto is_stranger = random_.chance(2);
  if (is_stranger)
    by = from("c1");
  switch (pick_kind()) {
  case 0:
    return command::accept{by, call_};
  case 1:
    return command::reject{by, call_};
  case 2:
    return command::end{by, call_};
  case 3:
    if (!is_stranger) // whose initiate the directory would not send here
      return command::again{by, peer};
    break;
  default:
    break;
  }
  return command::relay{by,
                        call_,
                        random_.chance(2) ? user_of("c") : peer,
                        static_cast<relay_kind>(random_.pick(3)),
                        {}};
}

} // namespace carillon::test
