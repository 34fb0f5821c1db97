// What every store promises of channels and their messages.

#include "tests/catch.hpp"
#include "tests/persistence/channels.hpp"
#include "tests/persistence/databases.hpp"

#include <type_traits>

namespace carillon::persistence::test {

namespace {

std::uint64_t last_seq_of(record_store& store, const std::string& call) {
  auto found = store.last_seq(call_id{call});
  INFO((found ? "" : found.error().message()));
  REQUIRE(found.ok());
  return *found;
}

std::optional<chat_message> stored_message(record_store& store, const std::string& call,
                                           const std::string& id) {
  auto found = store.find_message(call_id{call}, id);
  INFO((found ? "" : found.error().message()));
  REQUIRE(found.ok());
  return *found;
}

// What a database keeps that had it before there were channels.
std::string old_rows(bool sqlite) {
  const std::string time = sqlite ? "1" : "'epoch'::timestamptz";
  const std::string no = sqlite ? "0" : "false";
  return "INSERT INTO direct_calls (id, caller_id, receiver_id, call_type, status, reason,"
         " missed, via_rest, version, duration_s, ended_by, created_at, started_at,"
         " ended_at, ring_deadline, call_deadline) VALUES ('c1', 'alice', 'bob', 'audio',"
         " 'rejected', 'rejected', "
         + no + ", " + no + ", 2, 0, 'bob', " + time + ", NULL, " + time
         + ", NULL, NULL);"
           "INSERT INTO sessions (id, initiator_id, session_type, therapy_session_id, seats,"
           " call_settings, metadata, status, reason, version, duration_s, ended_by,"
           " created_at, invited_until) VALUES ('s1', 'alice', 'group', '', 8, '{}', '{}',"
           " 'waiting', '', 1, 0, '', "
         + time + ", " + time
         + ");"
           "INSERT INTO users VALUES ('alice', 'Alice', '', '', '', '', '', '', '', "
         + time + ", " + time
         + ");"
           "INSERT INTO video_calls (id, call_id, created_by, created_at, updated_at)"
           " VALUES ('"
         + video_call_id("v1").str() + "', 'v1', 'alice', " + time + ", " + time + ")";
}

} // namespace

TEMPLATE_TEST_CASE("a channel's row is written once, and closed once", "[store][channels]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const auto loaded = [&](const std::string& call) {
    auto found = store->load_channel(call_id{call});
    REQUIRE(found.ok());
    REQUIRE(found->has_value());
    return **found;
  };
  auto channel = channel_of("x", {R"(al"ice\)", "bob", "cår\xF0\x9F\x8E\xB6l"}, 5);
  channel.call_type = R"(a "type")";
  CHECK(written(*store, {channel}) == "1");
  CHECK(loaded("x") == channel);
  CHECK(written(*store, {channel}) == "0");
  CHECK(written(*store, {channel_of("x", {"mallory"}, 9)}) == "0");
  CHECK(loaded("x") == channel);

  const auto closed = shut(channel, 100);
  CHECK(written(*store, {shut(channel_of("x", {"mallory"}), 100)}) == "1");
  CHECK(loaded("x") == closed);
  CHECK(written(*store, {channel}) == "0");            // stays closed
  CHECK(written(*store, {shut(channel, 200)}) == "0"); // since then
  CHECK(loaded("x") == closed);

  // Two rows of one channel in a batch, and others beside it.
  CHECK(written(*store, {channel_of("y", {"a"}), channel_of("z", {"a"}),
                         shut(channel_of("y", {"b"}), 7), shut(channel_of("w", {"a"}), 3)})
        == "1111");
  CHECK(channel_in(*store, "y") == "[a]!");
  CHECK(channel_in(*store, "z") == "[a]");
  CHECK(channel_in(*store, "w") == "[a]!");
  for (const auto& odd :
       {std::string{}, std::string("x\0", 2), std::string{"\xff"}, std::string{"' OR '1'='1"}})
    CHECK(channel_in(*store, odd) == "none");
}

TEMPLATE_TEST_CASE("a message comes back as it was written", "[store][channels]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  auto odd = said("call \"1\" Å", 3, R"(id{"\,})");
  odd.from = user_id{"ålice"};
  odd.text = "a \"text\"\n\\ {x} \xF0\x9F\x98\x80 NULL";
  odd.attachments = R"([{"a" : [1,"\\\""]},{}])";
  auto bare = said("call \"1\" Å", 0x7FFFFFFFFFFFFFFF, "last");
  bare.text.clear();
  bare.at = at(7);
  CHECK(last_seq_of(*store, odd.call.str()) == 0);
  CHECK(written(*store, {kept(odd), kept(bare)}) == "11");
  CHECK(stored_message(*store, odd.call.str(), odd.id) == odd);
  CHECK(stored_message(*store, odd.call.str(), "last") == bare);
  CHECK(last_seq_of(*store, odd.call.str()) == 0x7FFFFFFFFFFFFFFF);
  auto all = store->messages(chat_of(odd.call.str()));
  REQUIRE(all.ok());
  CHECK(all->messages == std::vector{odd, bare});
  CHECK_FALSE(all->has_more);

  CHECK_FALSE(stored_message(*store, odd.call.str(), "none").has_value());
  CHECK_FALSE(stored_message(*store, "other", odd.id).has_value());
  for (const auto& text : {std::string{}, std::string("x\0", 2), std::string{"\xff"}}) {
    CHECK_FALSE(stored_message(*store, odd.call.str(), text).has_value());
    CHECK_FALSE(stored_message(*store, text, odd.id).has_value());
    CHECK(last_seq_of(*store, text) == 0);
  }
}

TEMPLATE_TEST_CASE("a message is written once", "[store][channels]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const auto first = said("c", 1, "m");
  CHECK(written(*store, {kept(first)}) == "1");
  CHECK(written(*store, {kept(first)}) == "0");
  auto later = said("c", 2, "m"); // the same id at another place
  later.text = "other";
  CHECK(written(*store, {kept(later)}) == "0");
  CHECK(written(*store, {kept(said("c", 1, "n"))}) == "0"); // the same place
  CHECK(written(*store, {kept(said("d", 1, "m"))}) == "1"); // another channel
  CHECK(stored_message(*store, "c", "m") == first);
  CHECK_FALSE(stored_message(*store, "c", "n").has_value());

  // In one batch, not in the order of their places, and between other ops.
  CHECK(written(*store,
                {kept(said("c", 9, "z")), ringing("c", "alice", "bob"), kept(said("c", 4, "y")),
                 kept(said("c", 5, "y")), channel_of("e", {"alice"}), kept(first), person("alice"),
                 kept(said("c", 9, "x")), kept(said("d", 4, "y")), entry_of(1, "c")})
        == "1110101011");
  CHECK(page(*store, chat_of("c")) == "m y z");
  CHECK(page(*store, chat_of("d")) == "m y");
  CHECK(last_seq_of(*store, "c") == 9);
}

TEMPLATE_TEST_CASE("a page of a channel goes either way", "[store][channels]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  CHECK(page(*store, chat_of("c")).empty());
  auto ops = chatter("c", 10);
  for (const auto& other : chatter("d", 3))
    ops.push_back(other);
  REQUIRE(store->write(ops).ok());

  // The newest, the oldest of them first.
  CHECK(page(*store, chat_of("c")) == "m1 m2 m3 m4 m5 m6 m7 m8 m9 m10");
  CHECK(page(*store, chat_of("c", 10)) == "m1 m2 m3 m4 m5 m6 m7 m8 m9 m10");
  CHECK(page(*store, chat_of("c", 9)) == "m2 m3 m4 m5 m6 m7 m8 m9 m10+");
  CHECK(page(*store, chat_of("c", 1)) == "m10+");
  CHECK(page(*store, chat_of("c", 0)) == "+");
  // Older ones.
  CHECK(page(*store, chat_of("c", 3, "m6")) == "m3 m4 m5+");
  CHECK(page(*store, chat_of("c", 3, "m4")) == "m1 m2 m3");
  CHECK(page(*store, chat_of("c", 3, "m2")) == "m1");
  CHECK(page(*store, chat_of("c", 3, "m1")).empty());
  // Newer ones.
  CHECK(page(*store, chat_of("c", 3, {}, "m6")) == "m7 m8 m9+");
  CHECK(page(*store, chat_of("c", 3, {}, "m7")) == "m8 m9 m10");
  CHECK(page(*store, chat_of("c", 3, {}, "m9")) == "m10");
  CHECK(page(*store, chat_of("c", 3, {}, "m10")).empty());
  // Those between.
  CHECK(page(*store, chat_of("c", 3, "m8", "m3")) == "m4 m5 m6+");
  CHECK(page(*store, chat_of("c", 4, "m8", "m3")) == "m4 m5 m6 m7");
  CHECK(page(*store, chat_of("c", 3, "m4", "m3")).empty());
  CHECK(page(*store, chat_of("c", 3, "m3", "m8")).empty());

  // Of other channels there is none.
  CHECK(page(*store, chat_of("d", 50, {}, "m1")) == "m2 m3");
  for (const auto& odd : {std::string{"m11"}, std::string("m1\0", 3), std::string{"\xff"},
                          std::string{"' OR '1'='1"}}) {
    CHECK(page(*store, chat_of("c", 3, odd)) == "message_not_found");
    CHECK(page(*store, chat_of("c", 3, {}, odd)) == "message_not_found");
    CHECK(page(*store, chat_of("c", 3, odd, "m3")) == "message_not_found");
    CHECK(page(*store, chat_of("c", 3, "m10", odd)) == "message_not_found");
  }
  CHECK(page(*store, chat_of("d", 3, "m7")) == "message_not_found");
  CHECK(page(*store, chat_of("e", 3, "m1")) == "message_not_found");
}

TEMPLATE_TEST_CASE("what no store could write of a channel is refused", "[store][channels]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  auto no_members = channel_of("c", {"alice"});
  no_members.members.clear();
  for (const write_op& bad : {write_op{no_members}, kept(said("c", 0, "m")),
                              write_op{chat_message_ptr{}}, write_op{entry_of(0, "c")}}) {
    auto refused = store->write(std::vector<write_op>{kept(said("c", 1, "m")), bad});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == error_code::internal);
  }
  CHECK(page(*store, chat_of("c")).empty());
}

TEMPLATE_TEST_CASE("a channel that is not readable is an error", "[store][channels]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  REQUIRE(store->write(std::vector<write_op>{channel_of("c", {"alice"})}).ok());
  for (const char* text : {"", "[", "{}", "[1]", R"(["alice"] x)"}) {
    database.script(std::string{"UPDATE channels SET members = '"} + text + "'");
    CHECK(channel_in(*store, "c") == "internal_error");
  }
}

TEMPLATE_TEST_CASE("a database from before there were channels keeps what it has",
                   "[migrations][channels]", sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  migrate_to(database, 4);
  database.script(old_rows(std::is_same_v<TestType, sqlite_database>));
  auto store = store_at(database.url());
  CHECK(channel_in(*store, "c1") == "[alice bob]!");
  CHECK(channel_in(*store, "v1") == "[alice]");
  CHECK(database.value("SELECT count(*) FROM sessions") == "1");
  CHECK(written(*store, {kept(said("c1", 1, "m")), kept(said("s1", 1, "m"))}) == "11");
  CHECK(page(*store, chat_of("c1")) == "m");
  // Messages go with a call that was there before.
  auto erased = store->erase_old(at(0), 10);
  REQUIRE(erased.ok());
  CHECK(*erased == 1);
  CHECK(page(*store, chat_of("c1")).empty());
  CHECK(page(*store, chat_of("s1")) == "m");
}

} // namespace carillon::persistence::test
