#include "tests/protocol/simulated_clients.hpp"

#include "tests/protocol/call_words.hpp"

namespace carillon::test {

simulated_clients::simulated_clients(call_id call, dice& random)
  : call_(std::move(call))
  , random_(random) {
  for (std::size_t i = 0; i < appetite_.size(); ++i) {
    static constexpr std::array<unsigned, 5> least{5, 0, 1, 0, 60};
    static constexpr std::array<unsigned, 5> range{20, 4, 6, 12, 1};
    appetite_[i] = least[i] + static_cast<unsigned>(random_.pick(range[i]));
  }
}

origin simulated_clients::somebody(const simulated_user& user) {
  const auto& here = user.devices();
  if (here.empty() || random_.chance(8))
    return {user.id(), {}};
  return {user.id(), here[random_.chance(60) ? 0 : random_.pick(here.size())]};
}

call_command simulated_clients::invent(const std::vector<simulated_user>& users) {
  auto which = random_.pick(2);
  const auto& peer = users[1 - which].id();
  auto by = somebody(users[which]);
  auto is_stranger = random_.chance(2);
  if (is_stranger)
    by = from("c1");
  switch (random_.by_weight(appetite_)) {
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

void simulated_clients::send(const std::vector<simulated_user>& users) {
  wires_.send(invent(users));
}

} // namespace carillon::test
