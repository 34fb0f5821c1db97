#include "tests/protocol/video_clients.hpp"

#include "tests/protocol/call_words.hpp"

#include <utility>

namespace carillon::test {

// For joining, leaving, the status, answering, removing, creating again, reporting, the words of
// other calls.
video_clients::video_clients(call_id call, dice& random)
  : simulated_clients(std::move(call), random,
                      {{25, 20}, {4, 20}, {0, 4}, {2, 10}, {0, 5}, {1, 3}, {2, 5}, {1, 3}})
  , over_rest_(static_cast<unsigned>(10 + random.pick(80))) {}

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
  switch (pick_kind()) {
  case 0: {
    auto who = view_of(by.user);
    return command::enter_call{std::move(by), call_, std::move(who), random_.chance(1)};
  }
  case 1:
    return command::leave{std::move(by), call_, random_.chance(2)};
  case 2: {
    static constexpr call_status wanted[] = {call_status::active,  call_status::active,
                                             call_status::active,  call_status::ended,
                                             call_status::created, call_status::cancelled};
    if (random_.chance(80))
      by.user = users.front().id(); // who alone may
    by.device = {};
    return command::set_status{std::move(by), call_, random_.any_of(wanted), random_.chance(2)};
  }
  case 3:
    return command::answer_invitation{std::move(by), call_, random_.chance(60), random_.chance(2)};
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

} // namespace carillon::test
