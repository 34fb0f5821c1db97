#include "tests/actors/meeting.hpp"

#include <algorithm>
#include <map>
#include <random>

using namespace carillon;
using namespace carillon::test;

namespace {

/// A list of participants as one client keeps it, from what it was sent.
struct replayed_list {
  std::map<std::string, std::string> sockets; ///< by user
  unsigned long version = 0;
  bool went_back = false;

  void take(const std::string& text) {
    auto name = text.substr(0, text.find('{'));
    if (name != "call_session_joined" && name != "user_joined_call" && name != "user_left_call")
      return;
    auto next = std::stoul(values_of(text, "version").at(0));
    went_back = went_back || next < version || (next == version && name != "call_session_joined");
    version = next;
    auto users = values_of(text, "userId");
    auto devices = values_of(text, "socketId");
    if (name == "call_session_joined")
      sockets.clear();
    for (std::size_t i = 0; i < users.size(); ++i)
      if (name == "user_left_call")
        sockets.erase(users[i]);
      else
        sockets[users[i]] = devices[i];
  }
};

replayed_list list_of(const device_ptr& who) {
  replayed_list list;
  for (const auto& text : who->texts)
    list.take(text);
  return list;
}

} // namespace

TEST_CASE("eight join in one moment, and leave one by one", "[session_crowd]") {
  meeting m;
  auto at_rest = m.w.running_actors();
  std::vector<device_ptr> crowd;
  for (auto letter : std::string{"abcdefgh"})
    crowd.push_back(m.connect(std::string{letter} + "1"));
  auto id = m.open('a', "bcdefgh");
  CHECK(m.w.running_actors() == at_rest + 9);
  for (const auto& one : crowd)
    m.w.submit(one, command::join{in_session(one), id, {}});
  m.w.run();
  CHECK(m.record('a', id).count_in() == 8);
  for (const auto& one : crowd) {
    CHECK(one->answers.at(1).ok());
    CHECK(list_of(one).sockets.size() == 8);
  }
  while (!crowd.empty()) {
    auto gone = crowd.back();
    crowd.pop_back();
    REQUIRE(m.leave(gone, id).ok());
    m.w.disconnect(gone);
    for (const auto& one : crowd)
      CHECK(list_of(one).sockets.size() == crowd.size());
  }
  CHECK(m.w.running_actors() == at_rest);
}

TEST_CASE("lists never go back, whoever joins, leaves and moves at once", "[session_crowd]") {
  auto seed = GENERATE(1U, 2U, 3U, 4U, 5U, 6U);
  CAPTURE(seed);
  std::mt19937 dice{seed};
  auto roll = [&](unsigned sides) { return dice() % sides; };
  meeting m;
  std::vector<device_ptr> crowd;
  for (auto letter : std::string{"abcdefgh"})
    for (auto number : std::string{"12"})
      crowd.push_back(m.connect(std::string{letter, number}));
  auto id = m.open('a', "bcdefgh");
  auto keeper = crowd.front(); // stays in, so that the session does
  REQUIRE(m.join(keeper, id).ok());
  for (int step = 0; step < 400; ++step) {
    const auto& one = crowd[2 + roll(14)];
    if (roll(3) == 0)
      m.w.submit(one, command::leave{in_session(one), id});
    else
      m.w.submit(one, command::join{in_session(one), id, {}});
    for (auto turns = roll(8); turns > 0 && m.w.scheduler().try_run_once();)
      --turns;
  }
  m.w.run();

  auto truth = m.record('a', id);
  std::map<std::string, std::string> in;
  for (const auto& person : truth.people)
    if (person.in())
      in[person.user.str()] = person.device.str();
  CHECK(in.size() > 1);
  for (const auto& one : crowd) {
    CAPTURE(one->who.device.str());
    auto list = list_of(one);
    CHECK_FALSE(list.went_back);
    auto mine = in.find(one->who.user.str());
    auto has_leg = mine != in.end() && mine->second == one->who.device.str();
    CHECK(one->in_call == has_leg);
    if (has_leg)
      CHECK(list.sockets == in);
  }
  REQUIRE(m.end('a', id).ok());
  for (const auto& one : crowd)
    CHECK(one->names.back() == "call_session_ended");
}
