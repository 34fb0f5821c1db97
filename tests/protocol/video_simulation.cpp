#include "tests/protocol/video_simulation.hpp"

#include "tests/protocol/call_words.hpp"

#include <memory>

namespace carillon::test {

video_simulation::video_simulation(std::uint64_t seed, std::uint64_t number, tally& count,
                                   std::vector<std::string>* log)
  : judged_world(call_kind::video, seed, number, count, log)
  , facts_(random_facts()) {
  clients_.know(facts_);
}

// Also makes the users, of whom the members are some.
video_facts_ptr video_simulation::random_facts() {
  constexpr std::string_view names = "abcdef";
  for (auto name : names.substr(0, 3 + dice_.pick(4)))
    users_.emplace_back(user_of({&name, 1}));
  auto facts = std::make_shared<video_facts>();
  facts->call_id = "standup";
  facts->seats = static_cast<std::uint32_t>(1 + dice_.pick(users_.size() + 1));
  facts->type = dice_.chance(60) ? video_call_type::standard : video_call_type::livestream;
  auto members = dice_.chance(25) ? 0 : 1 + dice_.pick(users_.size() - 1);
  for (std::size_t i = 1; i <= members; ++i) {
    static constexpr const char* roles[] = {"user", "call_member", "moderator", "admin"};
    facts->members.push_back({users_[i].id(), dice_.any_of(roles)});
  }
  return facts;
}

void video_simulation::begin() {
  std::vector<user_view> people{view_of(users_[0].id())};
  for (const auto& member : facts_->members)
    people.push_back(view_of(member.user));
  apply(command::create{{users_[0].id(), {}, call_kind::video}, id_, facts_, std::move(people)});
}

void video_simulation::judge(const call& before, const call_command& cmd, const outcome& out) {
  judged_world::judge(before, cmd, out);
  if (const auto* entered = std::get_if<command::enter_call>(&cmd); entered && out.record) {
    const auto* was = before.record().find(entered->from.user);
    count(!was             ? "newcomer"
          : was->in()      ? was->lease_until ? "lease renewed or ended" : "bound to another"
          : was->joined_at ? "entered again"
                           : "entered first");
  }
  if (std::holds_alternative<command::presence>(cmd) && out.record)
    count("kept by a device");
}

} // namespace carillon::test
