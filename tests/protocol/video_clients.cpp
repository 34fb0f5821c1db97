#include "tests/protocol/video_clients.hpp"

#include "tests/protocol/call_words.hpp"

#include <utility>

namespace carillon::test {

video_clients::video_clients(call_id call, video_facts_ptr facts, dice& random)
  : call_(std::move(call))
  , facts_(std::move(facts))
  , random_(random)
  , over_rest_(static_cast<unsigned>(10 + random.pick(80))) {
  static constexpr std::array<unsigned, 8> least{25, 4, 0, 2, 0, 1, 2, 1};
  static constexpr std::array<unsigned, 8> range{20, 20, 4, 10, 5, 3, 5, 3};
  for (std::size_t i = 0; i < appetite_.size(); ++i)
    appetite_[i] = least[i] + static_cast<unsigned>(random_.pick(range[i]));
}

origin video_clients::somebody(const std::vector<simulated_user>& users) {
  const auto& user = random_.any_of(users);
  const auto& here = user.devices();
  if (here.empty() || random_.chance(over_rest_))
    return {user.id(), {}, call_kind::video};
  return {user.id(), random_.chance(70) ? here.front() : random_.any_of(here), call_kind::video};
}

call_command video_clients::something_of_others(origin by) {
  if (random_.chance(50)) {
    by.family = random_.chance(50) ? call_kind::direct : call_kind::session;
    return command::leave{std::move(by), call_};
  }
  if (random_.chance(50))
    return command::end{std::move(by), call_, true};
  return command::join{std::move(by), call_, {}};
}

call_command video_clients::invent(const std::vector<simulated_user>& users) {
  auto by = somebody(users);
  switch (random_.by_weight(appetite_)) {
  case 0: {
    auto who = view_of(by.user);
    return command::enter_call{std::move(by), call_, std::move(who), random_.chance(1)};
  }
  case 1:
    return command::leave{std::move(by), call_};
  case 2: {
    static constexpr call_status wanted[] = {call_status::active,  call_status::active,
                                             call_status::active,  call_status::ended,
                                             call_status::created, call_status::cancelled};
    if (random_.chance(80))
      by.user = users.front().id(); // who alone may
    by.device = {};
    return command::set_status{std::move(by), call_, random_.any_of(wanted)};
  }
  case 3:
    return command::answer_invitation{std::move(by), call_, random_.chance(60)};
  case 4: {
    auto whom = random_.chance(5) ? user_of("z") : random_.any_of(users).id();
    return command::kick{std::move(by), call_, std::move(whom), random_.chance(5)};
  }
  case 5: {
    std::vector<user_view> people{view_of(by.user)};
    for (const auto& member : facts_->members)
      people.push_back(view_of(member.user));
    return command::create{std::move(by), call_, facts_, std::move(people)};
  }
  case 6: {
    command::report_quality what{std::move(by), call_, {}};
    what.sample.rtt_ms = static_cast<double>(random_.pick(500));
    what.sample.packet_loss = static_cast<double>(random_.pick(30));
    return what;
  }
  default:
    return something_of_others(std::move(by));
  }
}

void video_clients::send(const std::vector<simulated_user>& users) { wires_.send(invent(users)); }

} // namespace carillon::test
