#include "persistence/channel_codec.hpp"

#include "persistence/op_codec.hpp"
#include "tests/catch.hpp"
#include "tests/persistence/channels.hpp"

#include <random>

namespace carillon::persistence::test {

namespace {

/// A literal with its zeros.
template <std::size_t Size>
std::string bytes(const char (&literal)[Size]) {
  return {literal, Size - 1};
}

constexpr std::int64_t made = 1762853400000;

channel_record channel() {
  channel_record what;
  what.call = call_id{"x1"};
  what.created_by = user_id{"alice"};
  what.call_type = "default";
  what.members = {user_id{"alice"}, user_id{"bob"}};
  what.created_at = from_epoch_ms(made);
  what.closed_at = from_epoch_ms(made + 10'000);
  what.stored = true;
  return what;
}

chat_message message() {
  return {call_id{"x1"}, 3, "m1", user_id{"bob"}, "Hi", "[{}]", from_epoch_ms(made)};
}

outbox_entry entry() { return {258, "cx1", outbox_kind::close, "/p", "{}", from_epoch_ms(made)}; }

outbox_result result_of() { return {258, true, 20, "400", from_epoch_ms(made + 10'000)}; }

std::vector<write_op> sample() {
  auto odd = message();
  odd.text = std::string("\0\xff \"", 4);
  odd.seq = ~std::uint64_t{0};
  return {channel(),       channel_of("y", {"carol"}),           kept(message()), kept(odd),
          entry(),         entry_of(1, "c", outbox_kind::users), result_of(),     done(7),
          channel_record{}};
}

bool same(const write_op& a, const write_op& b) {
  if (const auto* one = std::get_if<chat_message_ptr>(&a))
    return **one == *std::get<chat_message_ptr>(b);
  if (const auto* one = std::get_if<outbox_entry>(&a))
    return *one == std::get<outbox_entry>(b);
  if (const auto* one = std::get_if<outbox_result>(&a))
    return *one == std::get<outbox_result>(b);
  auto one = std::get<channel_record>(a);
  one.stored = true; // what comes back is a row
  return one == std::get<channel_record>(b);
}

struct golden {
  write_op op;
  std::string bytes;
};

// clang-format off
const std::vector<golden>& table() {
  static const std::vector<golden> rows{
    {channel(), bytes(
      "\x0a"                                                 // a channel
      "\x02\0\0\0" "x1" "\x05\0\0\0" "alice"                // call, who made it
      "\x07\0\0\0" "default"                                // type
      "\xc0\x2d\x40\x72\x9a\x01\0\0"                         // made
      "\x01\xd0\x54\x40\x72\x9a\x01\0\0"                     // closed
      "\x02\0\0\0" "\x05\0\0\0" "alice" "\x03\0\0\0" "bob")}, // members
    {kept(message()), bytes(
      "\x0b"                                                 // a message
      "\x02\0\0\0" "x1" "\x03\0\0\0\0\0\0\0"               // call, place
      "\x02\0\0\0" "m1" "\x03\0\0\0" "bob"                  // id, from
      "\x02\0\0\0" "Hi" "\x04\0\0\0" "[{}]"                 // text, attachments
      "\xc0\x2d\x40\x72\x9a\x01\0\0")},                      // at
    {entry(), bytes(
      "\x0c"                                                 // an entry of the outbox
      "\x02\x01\0\0\0\0\0\0"                               // position
      "\x03\0\0\0" "cx1" "\x05\0\0\0" "close"               // lane, kind
      "\x02\0\0\0" "/p" "\x02\0\0\0" "{}"                   // path, body
      "\xc0\x2d\x40\x72\x9a\x01\0\0")},                      // made
    {result_of(), bytes(
      "\x0d"                                                 // what became of it
      "\x02\x01\0\0\0\0\0\0" "\x01"                        // position, dead
      "\x14\0\0\0" "\x03\0\0\0" "400"                       // tries, error
      "\xd0\x54\x40\x72\x9a\x01\0\0")},                      // at
  };
  return rows;
}
// clang-format on

} // namespace

TEST_CASE("ops of channels come back from their bytes", "[op_codec][channels]") {
  const auto ops = sample();
  const auto read = decode_ops(encode_ops(ops));
  REQUIRE(read.has_value());
  REQUIRE(read->size() == ops.size());
  for (std::size_t i = 0; i < ops.size(); ++i) {
    REQUIRE(ops[i].index() == (*read)[i].index());
    CHECK(same(ops[i], (*read)[i]));
  }
  CHECK(encode_ops(std::vector<write_op>{chat_message_ptr{}}) == "\x01");
}

TEST_CASE("the bytes of every op of channels", "[golden][channels]") {
  for (const auto& [op, expected] : table()) {
    CHECK(encode_ops({&op, 1}) == "\x01" + expected);
    const auto read = decode_ops("\x01" + expected);
    REQUIRE(read.has_value());
    REQUIRE(read->size() == 1);
    CHECK(same(op, read->at(0)));
  }
}

TEST_CASE("every kind of entry survives, and no other", "[op_codec][channels]") {
  for (auto kind :
       {outbox_kind::users, outbox_kind::open, outbox_kind::message, outbox_kind::close}) {
    const auto ops = decode_ops(encode_ops(std::vector<write_op>{entry_of(1, "c", kind)}));
    REQUIRE(ops.has_value());
    CHECK(std::get<outbox_entry>(ops->at(0)).kind == kind);
    CHECK(outbox_kind_in(to_string(kind)) == kind);
  }
  auto unknown = "\x01" + table().at(2).bytes;
  unknown.replace(unknown.find("close"), 5, "clone");
  CHECK_FALSE(decode_ops(unknown).has_value());
  CHECK_FALSE(outbox_kind_in("").has_value());
}

TEST_CASE("more members than there are bytes are nobody", "[op_codec][channels]") {
  auto nobody = channel();
  nobody.members.clear();
  auto text = encode_ops(std::vector<write_op>{nobody});
  CHECK(decode_ops(text).has_value());
  text.replace(text.size() - 4, 4, 4, '\xff');
  CHECK_FALSE(decode_ops(text).has_value());
}

TEST_CASE("cut bytes of channels are not ops", "[op_codec][channels]") {
  const auto text = encode_ops(sample());
  std::size_t whole = 0; // a cut between two ops leaves fewer ops
  for (std::size_t n = 0; n < text.size(); ++n)
    whole += decode_ops(std::string_view{text}.substr(0, n)) ? 1 : 0;
  CHECK(whole == sample().size());
}

TEST_CASE("damaged bytes of channels are ops or nothing", "[op_codec][channels]") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random{seed};
  const auto text = encode_ops(sample());
  std::size_t refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto damaged = text;
    for (unsigned i = 0; i <= random() % 4; ++i)
      damaged[random() % damaged.size()] = static_cast<char>(random());
    refused += decode_ops(damaged) ? 0 : 1;
  }
  CHECK(refused > 0);
}

TEST_CASE("members come back from their column", "[channels]") {
  const std::vector<user_id> members{user_id{"alice"}, user_id{R"(b"o\b)"}, user_id{"cår"}};
  CHECK(members_text({}) == "[]");
  CHECK(members_text({user_id{"alice"}, user_id{"bob"}}) == R"(["alice","bob"])");
  CHECK(members_in(members_text(members)) == members);
  CHECK(members_in("[]") == std::vector<user_id>{});
  for (const char* bad : {"", "{}", "[1]", R"(["a",null])", R"(["a"],)", R"(["a)"})
    CHECK_FALSE(members_in(bad).has_value());
}

} // namespace carillon::persistence::test
