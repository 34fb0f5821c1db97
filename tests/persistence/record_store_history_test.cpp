// What every store promises of histories, run against each of them.

#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"

#include <algorithm>
#include <random>
#include <set>

namespace carillon::persistence::test {

TEMPLATE_TEST_CASE("histories are newest first, exact at their ends", "[store]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  auto video = completed(ringing("c3", "bob", "alice", 300));
  video.direct().type = media_type::video;
  CHECK(written(*store, {completed(ringing("c1", "alice", "bob", 100)),
                         missed(ringing("c2", "bob", "alice", 200)), video,
                         missed(ringing("c4", "alice", "carol", 400)),
                         ringing("c5", "carol", "alice", 400), ringing("c6", "bob", "carol", 600)})
        == "111111");

  CHECK(page(*store, page_of("alice")) == "c5 c4 c3 c2 c1"); // equal times: by id
  CHECK(page(*store, page_of("alice", 5)) == "c5 c4 c3 c2 c1");
  CHECK(page(*store, page_of("alice", 4)) == "c5 c4 c3 c2 +");
  CHECK(page(*store, page_of("alice", 2, 1)) == "c4 c3 +");
  CHECK(page(*store, page_of("alice", 2, 3)) == "c2 c1");
  CHECK(page(*store, page_of("alice", 2, 5)).empty());
  CHECK(page(*store, page_of("alice", 1, 5000)).empty());
  CHECK(page(*store, page_of("nobody")).empty());
  CHECK(page(*store, page_of("Alice")).empty());

  auto typed = page_of("alice");
  typed.type = media_type::audio;
  CHECK(page(*store, typed) == "c5 c4 c2 c1");
  typed.limit = 1;
  typed.type = media_type::video;
  CHECK(page(*store, typed) == "c3");

  // Only the calls that the asking user missed, not the ones that others missed of it.
  auto lost = page_of("alice");
  lost.missed_only = true;
  CHECK(page(*store, lost) == "c2");
  lost.type = media_type::video;
  CHECK(page(*store, lost).empty());
  lost.user = user_id{"carol"};
  lost.type = media_type::audio;
  CHECK(page(*store, lost) == "c4");
  CHECK(written(*store, {hide_op{user_id{"carol"}, call_id{"c4"}}}) == "1");
  CHECK(page(*store, lost).empty());
}

TEMPLATE_TEST_CASE("histories agree with a plain list, whatever is asked", "[store]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random{seed};
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };

  const std::vector<std::string> users{"a", "b", "c"};
  std::vector<call_record> calls;
  std::set<std::pair<std::string, std::string>> hidden;
  std::vector<write_op> ops;
  for (int i = 0; i < 200; ++i) {
    const auto caller = below(3);
    auto call = ringing("c" + std::to_string(below(100'000)), users[caller],
                        users[(caller + 1 + below(2)) % 3], below(40));
    if (std::any_of(calls.begin(), calls.end(), [&](auto& c) { return c.id == call.id; }))
      continue;
    if (below(2) == 0)
      call = missed(call);
    call.direct().type = below(3) == 0 ? media_type::video : media_type::audio;
    calls.push_back(call);
    ops.emplace_back(call);
    if (below(4) == 0) {
      const auto& user = below(2) == 0 ? call.caller : call.direct().receiver;
      hidden.emplace(user.str(), call.id.str());
      ops.emplace_back(hide_op{user, call.id});
    }
  }
  REQUIRE(store->write(ops).ok());
  std::sort(calls.begin(), calls.end(), [](const auto& x, const auto& y) {
    return std::pair{x.created_at, x.id} > std::pair{y.created_at, y.id};
  });

  for (int asked = 0; asked < 200; ++asked) {
    auto what = page_of(users[below(3)], 1 + below(30), below(150));
    what.missed_only = below(3) == 0;
    if (below(2) == 0)
      what.type = below(2) == 0 ? media_type::video : media_type::audio;
    std::vector<call_record> expected;
    for (const auto& call : calls) {
      if (call.has(what.user) && !hidden.contains({what.user.str(), call.id.str()})
          && (!what.type || call.direct().type == *what.type)
          && (!what.missed_only || (call.direct().missed && call.direct().receiver == what.user)))
        expected.push_back(call);
    }
    const auto begin = std::min<std::size_t>(what.skip, expected.size());
    const auto end = std::min<std::size_t>(begin + what.limit, expected.size());
    auto found = store->history(what);
    REQUIRE(found.ok());
    CHECK(found->has_more == (end < expected.size()));
    CHECK(found->calls
          == std::vector(expected.begin() + static_cast<std::ptrdiff_t>(begin),
                         expected.begin() + static_cast<std::ptrdiff_t>(end)));
  }
}

} // namespace carillon::persistence::test
