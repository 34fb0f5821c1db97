#include "persistence/video_codec.hpp"

#include "persistence/op_codec.hpp"
#include "tests/catch.hpp"
#include "tests/persistence/videos.hpp"

#include <functional>
#include <random>

namespace carillon::persistence::test {

namespace {

call_record full() {
  auto call = entered(activated(created("c", "alice", {"bob", "carol"}), 5), "zoe", 6);
  call = gone(answered(call, "bob", invitation::declined, 7), "zoe", 1'000'007);
  call = entered(call, "carol", 1'000'008);
  auto facts = *call.video().facts;
  facts.type = video_call_type::audio_room;
  facts.name = std::string("\0\xff \"", 4);
  facts.event_id = "e";
  facts.seats = 0xFFFFFFFF;
  facts.members[1].role = "admin";
  facts.recording = true;
  facts.sharing = false;
  call.video().facts = std::make_shared<const video_facts>(facts);
  call.ring_deadline = at(1);
  call.version = 0xFFFFFFFF;
  call.duration_s = -1;
  return call;
}

recording_news full_news() {
  auto what = news("w", "c", "r", recording_status::failed, "https://x", 9);
  what.adopts = "c#open";
  what.what.file_bytes = 0x7FFFFFFFFFFFFFFF;
  what.what.duration_s = 0;
  return what;
}

std::vector<write_op> sample() {
  return {full(),
          created("d", "alice"),
          trimmed(full(), 1),
          full_news(),
          news("v", "c", "r", recording_status::processing),
          token("alice", "v1.sealed", 5),
          stored_token{}};
}

bool same(const write_op& a, const write_op& b) {
  if (const auto* call = std::get_if<call_record>(&a))
    return *call == std::get<call_record>(b);
  if (const auto* one = std::get_if<stored_token>(&a))
    return *one == std::get<stored_token>(b);
  const auto& x = std::get<recording_news>(a);
  const auto& y = std::get<recording_news>(b);
  return x.webhook == y.webhook && x.adopts == y.adopts && x.what == y.what;
}

// What comes back of a call.
call_record back(const call_record& call) {
  const auto ops = decode_ops(encode_ops(std::vector<write_op>{call}));
  REQUIRE(ops.has_value());
  return std::get<call_record>(ops->at(0));
}

} // namespace

TEST_CASE("ops of the video family come back from their bytes", "[op_codec][video]") {
  const auto ops = sample();
  const auto read = decode_ops(encode_ops(ops));
  REQUIRE(read.has_value());
  REQUIRE(read->size() == ops.size());
  for (std::size_t i = 0; i < ops.size(); ++i) {
    REQUIRE(ops[i].index() == (*read)[i].index());
    CHECK(same(ops[i], (*read)[i]));
  }
}

TEST_CASE("every enumerator of a video call survives", "[op_codec][video]") {
  for (int i = 0; i <= static_cast<int>(end_reason::last_left); ++i) {
    auto call = full();
    call.reason = static_cast<end_reason>(i);
    call.status = static_cast<call_status>(i % 9);
    auto facts = *call.video().facts;
    facts.type = static_cast<video_call_type>(i % 3);
    facts.recording = i % 2 == 0;
    facts.sharing = i % 4 == 0;
    call.video().facts = std::make_shared<const video_facts>(facts);
    call.people[1].invited = static_cast<invitation>(i % 5);
    call.people[1].role = static_cast<participant_role>(i % 4);
    call.people[1].dropped = i % 2 == 0;
    CHECK(back(call) == call);
  }
  for (auto how :
       {recording_status::processing, recording_status::failed, recording_status::ready}) {
    const auto ops = decode_ops(encode_ops(std::vector<write_op>{news("w", "c", "r", how)}));
    REQUIRE(ops.has_value());
    CHECK(std::get<recording_news>(ops->at(0)).what.status == how);
  }
}

TEST_CASE("a video call without facts is left out", "[op_codec][video]") {
  auto bare = created("c", "alice");
  bare.video().facts.reset();
  CHECK(encode_ops(std::vector<write_op>{bare}) == "\x01");
}

TEST_CASE("more members or people than there are bytes are nobody", "[op_codec][video]") {
  auto call = created("c", "alice");
  call.people.clear();
  const auto bytes = encode_ops(std::vector<write_op>{call});
  CHECK(decode_ops(bytes).has_value());
  auto people = bytes;
  people.replace(people.size() - 4, 4, 4, '\xff');
  CHECK_FALSE(decode_ops(people).has_value());
  // Behind the number of members: version, duration, three times, four that are not there, people.
  auto members = bytes;
  members.replace(members.size() - (4 + 4 + 8 + 3 * 8 + 4 + 4), 4, 4, '\xff');
  CHECK_FALSE(decode_ops(members).has_value());
}

TEST_CASE("cut bytes of the video family are not ops", "[op_codec][video]") {
  const auto bytes = encode_ops(sample());
  std::size_t whole = 0; // a cut between two ops leaves fewer ops
  for (std::size_t n = 0; n < bytes.size(); ++n)
    whole += decode_ops(std::string_view{bytes}.substr(0, n)) ? 1 : 0;
  CHECK(whole == sample().size());
}

TEST_CASE("damaged bytes of the video family are ops or nothing", "[op_codec][video]") {
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
}

} // namespace carillon::persistence::test
