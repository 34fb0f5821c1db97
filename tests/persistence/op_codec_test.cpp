#include "persistence/op_codec.hpp"

#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/sessions.hpp"

#include <random>

namespace carillon::persistence::test {

namespace {

call_record full_session() {
  auto call = joined(joined(opened("s1", {"alice", "bob", "carol"}), "carol", 5), "bob", 6);
  entry(call, "bob").media = {true, false, true};
  entry(call, "bob").ever = {true, false, true};
  call = left(call, "bob", 1'000'007, true);
  auto facts = *call.session().facts;
  facts.type = session_type::therapy;
  facts.therapy_session = "t1";
  facts.seats = 3;
  facts.metadata = R"({"title":"x"})";
  call.session().facts = std::make_shared<const session_facts>(facts);
  return closed(call, 2'000'000, end_reason::last_left);
}

std::vector<write_op> sample() {
  auto call = completed(ringing("c1", "alice", "bob"));
  call.direct().type = media_type::video;
  call.direct().via_rest = true;
  call.direct().missed = true;
  call.call_deadline = at(7);
  call.version = 0xFFFFFFFF;
  call.duration_s = -1;
  return {call,
          person("alice", std::string("\0\xff \"", 4)),
          hide_op{user_id{"bob"}, call_id{"c1"}},
          ringing("c2", "", ""),
          full_session(),
          opened("s2", {"alice"}),
          measured("s1", "alice", 5),
          quality_sample{},
          std::make_shared<const timeline_text>(
              timeline_text{call_id{"c1"}, at(9), R"({"steps":[]})"})};
}

bool same(const write_op& a, const write_op& b) {
  if (a.index() != b.index())
    return false;
  if (const auto* user = std::get_if<user_ptr>(&a))
    return **user == *std::get<user_ptr>(b);
  if (const auto* call = std::get_if<call_record>(&a))
    return *call == std::get<call_record>(b);
  if (const auto* quality = std::get_if<quality_sample>(&a))
    return *quality == std::get<quality_sample>(b);
  if (const auto* told = std::get_if<timeline_ptr>(&a))
    return **told == *std::get<timeline_ptr>(b);
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
    call.direct().type = static_cast<media_type>(i % 2);
    const std::vector<write_op> ops{call};
    const auto back = decode_ops(encode_ops(ops));
    REQUIRE(back.has_value());
    CHECK(same(ops[0], back->at(0)));
  }
}

TEST_CASE("every enumerator of a session survives", "[op_codec]") {
  for (int i = 0; i <= static_cast<int>(end_reason::last_left); ++i) {
    auto call = full_session();
    call.reason = static_cast<end_reason>(i);
    call.status = static_cast<call_status>(i % 8);
    auto facts = *call.session().facts;
    facts.type = static_cast<session_type>(i % 3);
    call.session().facts = std::make_shared<const session_facts>(facts);
    call.people[1].invited = static_cast<invitation>(i % 4);
    call.people[1].role = static_cast<participant_role>(i % 2);
    const std::vector<write_op> ops{call};
    const auto back = decode_ops(encode_ops(ops));
    REQUIRE(back.has_value());
    CHECK(same(ops[0], back->at(0)));
  }
}

TEST_CASE("each flag of a session's people is one of its own", "[op_codec]") {
  using flag_of = bool* (*)(participant&);
  for (flag_of flag : {flag_of{[](participant& p) { return &p.dropped; }},
                       flag_of{[](participant& p) { return &p.media.video; }},
                       flag_of{[](participant& p) { return &p.media.audio; }},
                       flag_of{[](participant& p) { return &p.media.sharing; }},
                       flag_of{[](participant& p) { return &p.ever.video; }},
                       flag_of{[](participant& p) { return &p.ever.audio; }},
                       flag_of{[](participant& p) { return &p.ever.sharing; }}}) {
    auto call = opened("s1", {"alice", "bob"});
    *flag(call.people[1]) = true;
    const std::vector<write_op> ops{call};
    const auto back = decode_ops(encode_ops(ops));
    REQUIRE(back.has_value());
    CHECK(same(ops[0], back->at(0)));
  }
}

TEST_CASE("a session without facts is left out", "[op_codec]") {
  auto bare = opened("s1", {"alice", "bob"});
  bare.session().facts.reset();
  CHECK(encode_ops(std::vector<write_op>{bare}) == "\x01");
}

TEST_CASE("no timeline is left out", "[op_codec]") {
  CHECK(encode_ops(std::vector<write_op>{timeline_ptr{}}) == "\x01");
}

TEST_CASE("more people than there are bytes are nobody", "[op_codec]") {
  auto call = opened("s1", {"alice"});
  call.people.clear();
  auto bytes = encode_ops(std::vector<write_op>{call});
  CHECK(decode_ops(bytes).has_value());
  bytes.replace(bytes.size() - 4, 4, 4, '\xff');
  CHECK_FALSE(decode_ops(bytes).has_value());
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
