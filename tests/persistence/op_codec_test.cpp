#include "persistence/op_codec.hpp"

#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"

#include <random>

namespace carillon::persistence::test {

namespace {

std::vector<write_op> sample() {
  auto call = completed(ringing("c1", "alice", "bob"));
  call.type = media_type::video;
  call.via_rest = true;
  call.missed = true;
  call.call_deadline = at(7);
  call.version = 0xFFFFFFFF;
  call.duration_s = -1;
  return {call, person("alice", std::string("\0\xff \"", 4)),
          hide_op{user_id{"bob"}, call_id{"c1"}}, ringing("c2", "", "")};
}

bool same(const write_op& a, const write_op& b) {
  if (a.index() != b.index())
    return false;
  if (const auto* user = std::get_if<user_ptr>(&a))
    return **user == *std::get<user_ptr>(b);
  if (const auto* call = std::get_if<call_record>(&a))
    return *call == std::get<call_record>(b);
  const auto& x = std::get<hide_op>(a);
  const auto& y = std::get<hide_op>(b);
  return x.user == y.user && x.call == y.call;
}

} // namespace

TEST_CASE("ops come back from their bytes", "[op_codec]") {
  const auto ops = sample();
  const auto back = decode_ops(encode_ops(ops));
  REQUIRE(back.has_value());
  REQUIRE(back->size() == ops.size());
  for (std::size_t i = 0; i < ops.size(); ++i)
    CHECK(same(ops[i], (*back)[i]));

  const auto none = decode_ops(encode_ops({}));
  REQUIRE(none.has_value());
  CHECK(none->empty());
}

TEST_CASE("every enumerator survives", "[op_codec]") {
  for (int i = 0; i <= static_cast<int>(end_reason::timeout); ++i) {
    auto call = ringing("c", "a", "b");
    call.reason = static_cast<end_reason>(i);
    call.status = static_cast<call_status>(i % 6);
    call.type = static_cast<media_type>(i % 2);
    const std::vector<write_op> ops{call};
    const auto back = decode_ops(encode_ops(ops));
    REQUIRE(back.has_value());
    CHECK(same(ops[0], back->at(0)));
  }
}

TEST_CASE("the format is fixed: an old spool must be readable", "[op_codec]") {
  const std::vector<write_op> ops{hide_op{user_id{"bob"}, call_id{"c1"}}};
  CHECK(encode_ops(ops) == std::string("\x01\x03\x03\0\0\0bob\x02\0\0\0c1", 15));
}

TEST_CASE("cut bytes are not ops", "[op_codec]") {
  const auto bytes = encode_ops(sample());
  std::size_t whole = 0; // a cut between two ops leaves fewer ops
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    if (decode_ops(std::string_view{bytes}.substr(0, n)))
      ++whole;
  }
  CHECK(whole == sample().size());
  CHECK_FALSE(decode_ops(bytes + "x").has_value());
  CHECK_FALSE(decode_ops("").has_value());
}

TEST_CASE("damaged bytes are ops or nothing, never a crash", "[op_codec]") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random{seed};
  const auto bytes = encode_ops(sample());
  std::size_t refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto damaged = bytes;
    for (unsigned i = 0; i <= random() % 4; ++i)
      damaged[random() % damaged.size()] = static_cast<char>(random());
    refused += decode_ops(damaged) ? 0 : 1;
  }
  CHECK(refused > 0);
  CHECK_FALSE(decode_ops(std::string("\x01\x01\xff\xff\xff\xff", 6)).has_value());
}

} // namespace carillon::persistence::test
