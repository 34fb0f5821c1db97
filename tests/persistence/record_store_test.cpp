// What every store promises, run against each of them.

#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"

#include <set>

namespace carillon::persistence::test {

namespace {

call_record loaded(record_store& store, const std::string& id) {
  auto found = store.load_call(call_kind::direct, call_id{id});
  REQUIRE(found.ok());
  REQUIRE(found->has_value());
  return **found;
}

} // namespace

TEMPLATE_TEST_CASE("a call comes back as it was written", "[store]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());

  auto call = ringing("c1", "alice", "bob");
  call.direct().type = media_type::video;
  call.direct().via_rest = true;
  CHECK(written(*store, {call}) == "1");
  CHECK(loaded(*store, "c1") == call);

  call = completed(call);
  call.call_deadline = at(99'999);
  CHECK(written(*store, {call}) == "1");
  CHECK(loaded(*store, "c1") == call);

  auto none = store->load_call(call_kind::direct, call_id{"nobody"});
  REQUIRE(none.ok());
  CHECK_FALSE(none->has_value());
}

TEMPLATE_TEST_CASE("every status, reason and millisecond survives", "[store]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());

  std::vector<call_record> calls;
  for (int i = 0; i <= static_cast<int>(end_reason::timeout); ++i) {
    auto call = ringing("r" + std::to_string(i), "alice", "bob", i * 7'919);
    call.reason = static_cast<end_reason>(i);
    call.status = static_cast<call_status>(i % 6);
    calls.push_back(call);
  }
  // The ends of what can be stored, and milliseconds that binary fractions do not hit.
  for (std::int64_t ms : {0LL, 1LL, 999LL, 1'700'000'000'001LL, 253'402'300'799'999LL}) {
    auto call = ringing("t" + std::to_string(ms), "alice", "bob");
    call.created_at = from_epoch_ms(ms);
    call.started_at = from_epoch_ms(ms);
    calls.push_back(call);
  }
  REQUIRE(store->write(std::vector<write_op>(calls.begin(), calls.end())).ok());
  for (const auto& call : calls)
    CHECK(loaded(*store, call.id.str()) == call);
}

TEMPLATE_TEST_CASE("only a newer version changes a call", "[store]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const auto first = ringing("c1", "alice", "bob");
  const auto last = completed(first);

  CHECK(written(*store, {first}) == "1");
  CHECK(written(*store, {first}) == "0");
  CHECK(written(*store, {last, first}) == "10");
  CHECK(written(*store, {last}) == "0");
  CHECK(loaded(*store, "c1") == last);

  // In one batch, also when it is not collapsed, as if written one after the other.
  CHECK(written(*store, {ringing("c2", "a", "b"), completed(ringing("c2", "a", "b")),
                         ringing("c2", "a", "b")})
        == "110");
  CHECK(loaded(*store, "c2").status == call_status::completed);
}

TEMPLATE_TEST_CASE("a user comes back, and is replaced by what differs", "[store]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());

  const auto alice = person("alice");
  CHECK(written(*store, {alice}) == "1");
  CHECK(written(*store, {alice}) == "0");
  auto found = store->load_user(user_id{"alice"});
  REQUIRE(found.ok());
  REQUIRE(found->has_value());
  CHECK(**found == *alice);

  auto renamed = *alice;
  renamed.profile.name = "\"Ål\\ice\", {NULL} 'x' \u260e";
  renamed.updated_at = at(3);
  CHECK(written(*store, {std::make_shared<const user_record>(renamed)}) == "1");
  found = store->load_user(user_id{"alice"});
  REQUIRE(found.ok());
  REQUIRE(found->has_value());
  CHECK(**found == renamed);

  auto nobody = store->load_user(user_id{"nobody"});
  REQUIRE(nobody.ok());
  CHECK_FALSE(nobody->has_value());
}

TEMPLATE_TEST_CASE("users are found together", "[store]", sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const std::string odd = R"(o"d\d,{}NULL)";
  CHECK(written(*store, {person("a"), person("b"), person(odd)}) == "111");

  const std::vector<user_id> ids{user_id{"b"}, user_id{odd}, user_id{"nobody"}, user_id{"b"}};
  auto found = store->load_users(ids);
  REQUIRE(found.ok());
  std::set<std::string> names;
  for (const auto& user : *found)
    names.insert(user.id.str());
  CHECK(found->size() == 2);
  CHECK(names == std::set<std::string>{"b", odd});

  auto none = store->load_users({});
  REQUIRE(none.ok());
  CHECK(none->empty());
}

TEMPLATE_TEST_CASE("a participant hides a call for itself, once", "[store]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const hide_op by_alice{user_id{"alice"}, call_id{"c1"}};
  const hide_op by_bob{user_id{"bob"}, call_id{"c1"}};
  const hide_op by_eve{user_id{"eve"}, call_id{"c1"}};

  CHECK(written(*store, {by_alice}) == "0"); // no such call yet
  CHECK(written(*store, {ringing("c1", "alice", "bob"), by_eve, by_alice, by_alice}) == "1010");
  CHECK(page(*store, page_of("alice")).empty());
  CHECK(page(*store, page_of("bob")) == "c1");

  // A later version of the record does not bring it back.
  CHECK(written(*store, {missed(ringing("c1", "alice", "bob"))}) == "1");
  CHECK(page(*store, page_of("alice")).empty());
  CHECK(page(*store, page_of("bob")) == "c1");
  CHECK(written(*store, {by_alice, by_bob, by_bob}) == "010");
  CHECK(page(*store, page_of("bob")).empty());
}

TEMPLATE_TEST_CASE("the order of a batch holds", "[store]", sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const auto call = ringing("c1", "alice", "bob");
  const hide_op by_alice{user_id{"alice"}, call_id{"c1"}};
  const hide_op by_bob{user_id{"bob"}, call_id{"c1"}};

  CHECK(written(*store, {by_alice, call, by_alice, by_bob, completed(call), by_bob}) == "011110");
  CHECK(loaded(*store, "c1") == completed(call));
  CHECK(page(*store, page_of("alice")).empty());
  CHECK(page(*store, page_of("bob")).empty());
}

TEMPLATE_TEST_CASE("the restart finds the calls that have not ended", "[store]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  auto active = ringing("c2", "carol", "dave", 2);
  active.started_at = at(3);
  active.status = call_status::active;
  written(*store,
          {ringing("c1", "alice", "bob", 1), active, completed(ringing("c3", "a", "b", 3))});

  auto live = store->live_calls();
  REQUIRE(live.ok());
  CHECK(ids_of(*live) == "c1 c2");
  CHECK(live->back() == active);
}

TEMPLATE_TEST_CASE("the clean-up takes old calls and those that both hid, in bites", "[store]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  std::vector<write_op> ops;
  for (int i = 0; i < 10; ++i)
    ops.emplace_back(completed(ringing("old" + std::to_string(i), "alice", "bob", i)));
  ops.emplace_back(ringing("live", "alice", "bob", 0));
  ops.emplace_back(completed(ringing("new", "alice", "bob", 5'000)));
  ops.emplace_back(completed(ringing("half", "alice", "bob", 5'001)));
  ops.emplace_back(completed(ringing("hidden", "alice", "bob", 5'002)));
  ops.emplace_back(ringing("livehidden", "alice", "bob", 5'003));
  for (const char* id : {"hidden", "livehidden"}) {
    ops.emplace_back(hide_op{user_id{"alice"}, call_id{id}});
    ops.emplace_back(hide_op{user_id{"bob"}, call_id{id}});
  }
  ops.emplace_back(hide_op{user_id{"alice"}, call_id{"half"}});
  REQUIRE(store->write(ops).ok());

  const auto erase = [&](std::size_t limit) {
    auto erased = store->erase_old(at(9), limit); // old9 was made just then, not before
    REQUIRE(erased.ok());
    return *erased;
  };
  CHECK(erase(0) == 0);
  CHECK(erase(4) == 4);
  CHECK(erase(7) == 6); // five that are old, one that is hidden
  CHECK(erase(7) == 0);
  CHECK(page(*store, page_of("bob")) == "half new old9 live");
  CHECK(loaded(*store, "livehidden").id.str() == "livehidden");

  auto nothing = store->erase_old(time_point::min(), 10);
  REQUIRE(nothing.ok());
  CHECK(*nothing == 0);
  auto all = store->erase_old(time_point::max(), 10);
  REQUIRE(all.ok());
  CHECK(*all == 3);
  CHECK(page(*store, page_of("bob")) == "live");
}

TEMPLATE_TEST_CASE("what no store can hold is refused, with its whole batch", "[store]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const auto good = ringing("good", "alice", "bob");
  auto late = ringing("late", "alice", "bob");
  late.ended_at = time_point::max();
  const std::vector<write_op> bad{
      ringing(std::string("nul\0", 4), "alice", "bob"),
      ringing("c", "al\xff\xfe", "bob"),
      ringing("", "alice", "bob"),
      ringing("self", "alice", "alice"),
      late,
      person("eve", "\xc0\x80"),
      user_ptr{},
      hide_op{user_id{std::string("nul\0", 4)}, call_id{"good"}},
  };
  for (const auto& op : bad) {
    auto refused = store->write(std::vector<write_op>{good, op});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == error_code::internal);
    CHECK(refused.error().detail.empty()); // no SQL for clients
    CHECK(page(*store, page_of("alice")).empty());
  }
  CHECK(written(*store, {good}) == "1");
  CHECK(written(*store, {}).empty());
}

TEMPLATE_TEST_CASE("odd questions find nothing", "[store]", sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  written(*store, {ringing("c1", "alice", "bob"), person("alice")});
  for (const auto& odd : {std::string{}, std::string("alice\0", 6), std::string{"\xff"},
                          std::string{"alice' OR '1'='1"}, std::string{"{alice}"}}) {
    auto user = store->load_user(user_id{odd});
    REQUIRE(user.ok());
    CHECK_FALSE(user->has_value());
    auto call = store->load_call(call_kind::direct, call_id{odd});
    REQUIRE(call.ok());
    CHECK_FALSE(call->has_value());
    CHECK(page(*store, page_of(odd)).empty());
  }
  CHECK(page(*store, page_of("alice", 0)) == " +");
  CHECK(page(*store, page_of("alice", -1, -1)) == " +");
}

TEMPLATE_TEST_CASE("a store reads what another one committed", "[store]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto writer = store_at(database.url());
  auto reader = stores_at(database.url())->open();
  REQUIRE(reader.ok());
  REQUIRE((*reader)->ping().ok());
  for (int i = 0; i < 20; ++i) {
    const auto id = "c" + std::to_string(i);
    CHECK(written(*writer, {ringing(id, "alice", "bob", i)}) == "1");
    CHECK(loaded(**reader, id).id.str() == id);
  }
}

} // namespace carillon::persistence::test
