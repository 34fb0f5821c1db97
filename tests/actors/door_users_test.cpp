#include "tests/actors/world.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

/// Somebody that is seen without waiting for the answer.
device_ptr arrive(world& w, const std::string& user) {
  auto made = std::make_shared<device>(user_id{user}, device_id{user + "-d"});
  w.sink().seen({made->who.user, {user + "'s name", {}, {}, {}}}, {made, 7});
  return made;
}

user_ptr record_of(const device& one) {
  auto found = one.answers.find(7);
  REQUIRE(found != one.answers.end());
  REQUIRE(found->second.ok());
  return std::get<user_ptr>(*found->second);
}

} // namespace

TEST_CASE("all of many who connect at once are answered, each with their own record") {
  world w;
  w.know("user-3"); // is in the store before
  w.restart();
  std::vector<device_ptr> all;
  for (int i = 0; i < 1300; ++i) // more than two reads take
    all.push_back(arrive(w, "user-" + std::to_string(i % 1000)));
  w.run(milliseconds{100}); // each read waits for what the one before it wrote
  for (const auto& one : all) {
    auto user = record_of(*one);
    CHECK(user->id == one->who.user);
    CHECK(user->profile.name == one->who.user.str() + "'s name");
  }
}

TEST_CASE("who connects while the store is away is served, and so is who comes after") {
  world w;
  w.stores->away = true;
  auto first = arrive(w, "ann");
  auto second = arrive(w, "ben");
  w.run();
  CHECK(record_of(*first)->id == user_id{"ann"});
  CHECK(record_of(*second)->id == user_id{"ben"});
  auto third = arrive(w, "cid");
  w.run();
  CHECK(record_of(*third)->id == user_id{"cid"});
  w.stores->away = false;
  auto fourth = arrive(w, "dan");
  w.run();
  CHECK(record_of(*fourth)->id == user_id{"dan"});
}
