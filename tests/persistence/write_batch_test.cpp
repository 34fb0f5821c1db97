#include "persistence/write_batch.hpp"

#include "tests/catch.hpp"
#include "tests/persistence/channels.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/sessions.hpp"
#include "tests/persistence/videos.hpp"

namespace carillon::persistence::test {

TEST_CASE("an empty batch is neither full nor due", "[write_batch]") {
  write_batch batch{{.rows = 0, .bytes = 0, .age = milliseconds{0}}};
  CHECK(batch.empty());
  CHECK(batch.size() == 0);
  CHECK(batch.bytes() == 0);
  CHECK_FALSE(batch.full());
  CHECK_FALSE(batch.due().has_value());
  CHECK(batch.take().empty());
}

TEST_CASE("a batch is due a while after its first op", "[write_batch]") {
  write_batch batch{{.rows = 10, .bytes = 1'000'000, .age = milliseconds{5}}};
  batch.add(person("a"), at(100));
  batch.add(person("b"), at(103));
  CHECK(batch.due() == at(105));
  CHECK(batch.take().size() == 2);
  CHECK_FALSE(batch.due().has_value());
  batch.add(person("a"), at(200));
  CHECK(batch.due() == at(205));
}

TEST_CASE("a batch is full by rows or by bytes", "[write_batch]") {
  write_batch by_rows{{.rows = 2, .bytes = 1'000'000, .age = milliseconds{5}}};
  by_rows.add(person("a"), at(0));
  CHECK_FALSE(by_rows.full());
  by_rows.add(person("b"), at(0));
  CHECK(by_rows.full());

  write_batch by_bytes{{.rows = 1'000, .bytes = 10'000, .age = milliseconds{5}}};
  by_bytes.add(person("a", std::string(4'000, 'x')), at(0));
  CHECK_FALSE(by_bytes.full());
  by_bytes.add(person("b", std::string(8'000, 'x')), at(0));
  CHECK(by_bytes.full());
  CHECK(by_bytes.bytes() > 12'000);
}

TEST_CASE("writes of the same call collapse to the latest version", "[write_batch]") {
  write_batch batch;
  const auto first = ringing("c1", "alice", "bob");
  const auto last = completed(first);
  CHECK(batch.add(first, at(0)) == 0);
  CHECK(batch.add(ringing("c2", "alice", "bob"), at(0)) == 1);
  CHECK(batch.add(last, at(0)) == 0);
  CHECK(batch.add(first, at(0)) == 0); // late: the newer one stays
  REQUIRE(batch.size() == 2);
  CHECK(std::get<call_record>(batch.ops()[0]) == last);
}

TEST_CASE("a record of a video call keeps whom an earlier one names alone", "[write_batch]") {
  const auto first = created("c", "alice", {"bob"});
  const auto alice_in = entered(first, "alice", 10);
  const auto carol_in = entered(alice_in, "carol", 20);
  const auto bob_in = entered(carol_in, "bob", 30);
  const auto carol_out = gone(bob_in, "carol", 40);
  const auto dave_in = entered(carol_out, "dave", 50);
  write_batch batch;
  batch.add(first, at(0));
  // Each was confirmed before the next: it names only who changed.
  for (const auto& each : {alice_in, carol_in, bob_in, carol_out, dave_in})
    CHECK(batch.add(trimmed(each, each.version - 1), at(0)) == 0);
  REQUIRE(batch.size() == 1);
  CHECK(std::get<call_record>(batch.ops()[0]) == dave_in);
  write_batch whole;
  whole.add(dave_in, at(0));
  CHECK(batch.bytes() == whole.bytes());
}

TEST_CASE("writes of the same user collapse to the latest row", "[write_batch]") {
  write_batch batch;
  // A call and a user may have the same id.
  CHECK(batch.add(person("x", "first"), at(0)) == 0);
  CHECK(batch.add(ringing("x", "alice", "bob"), at(0)) == 1);
  CHECK(batch.add(person("x", "second"), at(0)) == 0);
  REQUIRE(batch.size() == 2);
  CHECK(std::get<user_ptr>(batch.ops()[0])->profile.name == "second");
}

TEST_CASE("each hide has an answer of its own", "[write_batch]") {
  write_batch batch;
  const hide_op hide{user_id{"alice"}, call_id{"c1"}};
  CHECK(batch.add(ringing("c1", "alice", "bob"), at(0)) == 0);
  CHECK(batch.add(hide, at(0)) == 1);
  CHECK(batch.add(hide, at(0)) == 2);
  CHECK(batch.size() == 3);
}

TEST_CASE("writes of the same session collapse, and samples do not", "[write_batch]") {
  write_batch batch;
  const auto first = opened("s1", {"alice", "bob"});
  const auto later = joined(joined(first, "alice", 5), "bob", 6);
  CHECK(batch.add(first, at(0)) == 0);
  CHECK(batch.add(measured("s1", "alice", 7), at(0)) == 1);
  CHECK(batch.add(measured("s1", "alice", 7), at(0)) == 2);
  CHECK(batch.add(later, at(0)) == 0);
  CHECK(batch.add(joined(first, "alice", 5), at(0)) == 0); // late: the newer one stays
  REQUIRE(batch.size() == 3);
  CHECK(std::get<call_record>(batch.ops()[0]) == later);
}

TEST_CASE("of a user's tokens the one that lives longest is written, and webhooks do not collapse",
          "[write_batch]") {
  write_batch batch;
  CHECK(batch.add(token("x", "one", 100), at(0)) == 0);
  CHECK(batch.add(person("x"), at(0)) == 1);
  CHECK(batch.add(token("x", "short", 99), at(0)) == 0);
  CHECK(std::get<stored_token>(batch.ops()[0]).sealed == "one");
  CHECK(batch.add(token("x", "as long", 100), at(0)) == 0);
  CHECK(std::get<stored_token>(batch.ops()[0]).sealed == "as long");
  const auto told = news("w", "c", "r", recording_status::ready);
  CHECK(batch.add(told, at(0)) == 2);
  CHECK(batch.add(told, at(0)) == 3);
  CHECK(batch.size() == 4);
}

TEST_CASE("of a channel the first row and the first end are written", "[write_batch][channels]") {
  write_batch batch;
  const auto made = channel_of("x", {"alice", "bob"}, 1);
  CHECK(batch.add(made, at(0)) == 0);
  CHECK(batch.add(ringing("x", "alice", "bob"), at(0)) == 1); // a call may have the same id
  CHECK(batch.add(channel_of("x", {"carol"}, 2), at(0)) == 0);
  CHECK(std::get<channel_record>(batch.ops()[0]) == made);
  CHECK(batch.add(shut(channel_of("x", {"carol"}, 2), 3), at(0)) == 0);
  CHECK(std::get<channel_record>(batch.ops()[0]) == shut(made, 3));
  CHECK(batch.add(made, at(0)) == 0); // an open one does not open it again
  CHECK(batch.add(shut(made, 4), at(0)) == 0);
  CHECK(std::get<channel_record>(batch.ops()[0]) == shut(made, 3));
}

TEST_CASE("messages and what is told of them stand alone", "[write_batch][channels]") {
  write_batch batch;
  const auto message = kept(said("c", 1, "m"));
  for (const auto& op : {message, message, write_op{entry_of(1, "c")}, write_op{entry_of(1, "c")},
                         write_op{done(1)}, write_op{done(1)}, write_op{chat_message_ptr{}}}) {
    const auto place = batch.size();
    CHECK(batch.add(op, at(0)) == place);
  }
  CHECK(batch.size() == 7);
}

TEST_CASE("texts of channels count", "[write_batch][channels]") {
  const auto bytes_of = [](write_op op) {
    write_batch batch;
    batch.add(std::move(op), at(0));
    return batch.bytes();
  };
  auto message = said("c", 1, "m");
  const auto small = bytes_of(kept(message));
  message.text += std::string(5'000, 'x');
  message.attachments = std::string(8'000, ' ');
  CHECK(bytes_of(kept(message)) == small + 13'000);
  auto entry = entry_of(1, "c");
  const auto bare = bytes_of(entry);
  entry.body += std::string(9'000, ' ');
  CHECK(bytes_of(entry) == bare + 9'000);
  CHECK(bytes_of(buried(1, std::string(700, 'x'), 1)) > 700);
  CHECK(bytes_of(channel_of("c", {"alice", std::string(120, 'b')})) > 120);
}

TEST_CASE("a session counts with what its people and its settings take", "[write_batch]") {
  const auto bytes_of = [](write_op op) {
    write_batch batch;
    batch.add(std::move(op), at(0));
    return batch.bytes();
  };
  const auto two = opened("s1", {"alice", "bob"});
  CHECK(bytes_of(opened("s1", {"alice", "bob", std::string(500, 'c')})) > bytes_of(two) + 500);
  auto large = two;
  auto facts = *large.session().facts;
  facts.metadata = std::string(8'000, ' ') + "{}";
  large.session().facts = std::make_shared<const session_facts>(facts);
  CHECK(bytes_of(large) > bytes_of(two) + 7'900);
}

TEST_CASE("bytes follow what a later version replaces", "[write_batch]") {
  write_batch batch;
  batch.add(person("a", std::string(1'000, 'x')), at(0));
  const auto large = batch.bytes();
  batch.add(person("a", "x"), at(0));
  CHECK(batch.bytes() < large - 900);
  CHECK(batch.take().size() == 1);
  CHECK(batch.bytes() == 0);
}

TEST_CASE("a taken batch remembers nothing", "[write_batch]") {
  write_batch batch;
  batch.add(ringing("c1", "alice", "bob"), at(0));
  CHECK(batch.take().size() == 1);
  CHECK(batch.empty());
  CHECK(batch.add(person("u"), at(0)) == 0);
  CHECK(batch.add(ringing("c1", "alice", "bob"), at(0)) == 1);
}

TEST_CASE("a null user does not collapse into another", "[write_batch]") {
  write_batch batch;
  CHECK(batch.add(user_ptr{}, at(0)) == 0);
  CHECK(batch.add(user_ptr{}, at(0)) == 1);
}

} // namespace carillon::persistence::test
