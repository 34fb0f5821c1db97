#include "tests/protocol/session_simulation.hpp"

#include "tests/protocol/call_words.hpp"

#include <memory>

namespace carillon::test {

session_simulation::session_simulation(std::uint64_t seed, std::uint64_t number, tally& count,
                                       std::vector<std::string>* log)
  : judged_world(call_kind::session, seed, number, count, log) {
  constexpr std::string_view names = "abcdefgh";
  for (auto name : names.substr(0, 3 + dice_.pick(6)))
    users_.emplace_back(user_of({&name, 1}));
}

void session_simulation::begin() {
  session_facts facts;
  facts.seats = static_cast<std::uint32_t>(dice_.chance(50) ? users_.size()
                                                            : 2 + dice_.pick(users_.size() - 1));
  facts.type = dice_.chance(50) ? session_type::group : session_type::therapy;
  facts.video = dice_.chance(50);
  facts.audio = dice_.chance(50);
  facts.may_share = dice_.chance(50);
  std::vector<user_view> people;
  for (const auto& who : users_)
    people.push_back(view_of(who.id()));
  apply(command::open{{users_[0].id(), {}, call_kind::session},
                      id_,
                      std::make_shared<const session_facts>(facts),
                      std::move(people)});
}

void session_simulation::judge(const call& before, const call_command& cmd, const outcome& out) {
  judged_world::judge(before, cmd, out);
  if (const auto* joined = std::get_if<command::join>(&cmd); joined && out.record) {
    const auto& was = *before.record().find(joined->from.user);
    count(was.in()        ? was.device == joined->from.device ? "new peer id" : "moved"
          : was.joined_at ? "joined again"
          : was.invited == invitation::expired ? "joined late"
                                               : "joined first");
  }
  if (std::holds_alternative<command::presence>(cmd) && out.record)
    count("moved by itself");
}

void session_simulation::judge_restored(const call_record& stored) {
  laws_.restarted(stored, machine_);
}

} // namespace carillon::test
