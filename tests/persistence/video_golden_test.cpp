// The exact bytes that the spool keeps of the video family; see `golden_test`.

#include "persistence/op_codec.hpp"

#include "tests/catch.hpp"

#include <memory>

namespace carillon::persistence::test {

namespace {

/// A literal with its zeros.
template <std::size_t Size>
std::string bytes(const char (&literal)[Size]) {
  return {literal, Size - 1};
}

constexpr std::int64_t created = 1762853400000;

call_record video_call() {
  video_facts facts;
  facts.call_id = "v1";
  facts.type = video_call_type::livestream;
  facts.name = "Team";
  facts.event_id = "e1";
  facts.seats = 10;
  facts.settings = "{}";
  facts.members = {{user_id{"bob"}, "user"}};
  facts.recording = true;
  facts.sharing = true;
  call_record call;
  call.id = call_id{"i1"};
  call.caller = user_id{"alice"};
  call.status = call_status::active;
  call.version = 3;
  call.created_at = from_epoch_ms(created);
  call.started_at = from_epoch_ms(created + 10'000);
  call.call_deadline = from_epoch_ms(created + 3'610'000);
  call.part = video_part{std::make_shared<const video_facts>(facts),
                         from_epoch_ms(created + 45'000), from_epoch_ms(created + 10'000)};
  participant one;
  one.user = user_id{"alice"};
  one.role = participant_role::admin;
  one.invited = invitation::none;
  one.device = device_id{"d1"};
  one.dropped = true;
  one.present = milliseconds{125'500};
  one.version = 3;
  one.joined_at = from_epoch_ms(created);
  one.entered_at = from_epoch_ms(created + 10'000);
  one.lease_until = from_epoch_ms(created + 135'500);
  call.people = {one};
  return call;
}

recording_news webhook() {
  recording_news news;
  news.webhook = "w1";
  news.adopts = "o1";
  news.what.id = "r1";
  news.what.call = call_id{"i1"};
  news.what.status = recording_status::ready;
  news.what.url = "https://x";
  news.what.duration_s = 125;
  news.what.created_at = from_epoch_ms(created);
  news.what.updated_at = from_epoch_ms(created + 10'000);
  return news;
}

stored_token token() {
  return {user_id{"alice"}, "v1.x", from_epoch_ms(created + 10'000), from_epoch_ms(created)};
}

struct golden {
  write_op op;
  std::string bytes;
};

// clang-format off
const std::vector<golden>& table() {
  static const std::vector<golden> rows{
    {video_call(), bytes(
      "\x06"                                                 // a video call
      "\x02\0\0\0" "i1" "\x05\0\0\0" "alice" "\0\0\0\0"     // id, creator, ended by
      "\x06\0\0\0" "active" "\0\0\0\0"                      // status, reason
      "\x02\0\0\0" "v1" "\x04\0\0\0" "Team"                 // the client's id, name
      "\x02\0\0\0" "e1" "\x02\0\0\0" "{}"                   // event, settings
      "\x0a\0\0\0" "livestream"                             // type
      "\x0a\0\0\0" "\x03"                                  // seats, recording 1 and sharing 2
      "\x01\0\0\0" "\x03\0\0\0" "bob" "\x04\0\0\0" "user" // members
      "\x03\0\0\0" "\0\0\0\0\0\0\0\0"                   // version, duration
      "\xc0\x2d\x40\x72\x9a\x01\0\0"                         // created
      "\xd0\x54\x40\x72\x9a\x01\0\0"                         // updated
      "\x88\xdd\x40\x72\x9a\x01\0\0"                         // invited until
      "\x01\xd0\x54\x40\x72\x9a\x01\0\0" "\0" "\0"         // started, not ended, no first deadline
      "\x01\x50\x43\x77\x72\x9a\x01\0\0"                     // the second
      "\x01\0\0\0"                                          // people
      "\x05\0\0\0" "alice" "\x05\0\0\0" "admin" "\x04\0\0\0" "none"
      "\x02\0\0\0" "d1" "\x01"                             // socket, dropped
      "\x3c\xea\x01\0\0\0\0\0" "\x03\0\0\0"                // present, version
      "\0" "\x01\xc0\x2d\x40\x72\x9a\x01\0\0"              // responded, joined,
      "\x01\xd0\x54\x40\x72\x9a\x01\0\0" "\0"              //   entered, left
      "\x01\x0c\x3f\x42\x72\x9a\x01\0\0")},                 // lease
    {webhook(), bytes(
      "\x07"                                                 // news of a recording
      "\x02\0\0\0" "w1" "\x02\0\0\0" "o1"                   // webhook, whose row it takes
      "\x02\0\0\0" "r1" "\x02\0\0\0" "i1" "\x05\0\0\0" "ready" // id, call, status
      "\x09\0\0\0" "https://x"                              // URL
      "\0" "\x01\x7d\0\0\0\0\0\0\0"                       // no bytes; seconds
      "\xc0\x2d\x40\x72\x9a\x01\0\0"                         // created
      "\xd0\x54\x40\x72\x9a\x01\0\0")},                      // updated
    {token(), bytes(
      "\x08"                                                 // a token
      "\x05\0\0\0" "alice" "\x04\0\0\0" "v1.x"              // user, encrypted
      "\xd0\x54\x40\x72\x9a\x01\0\0"                         // expires
      "\xc0\x2d\x40\x72\x9a\x01\0\0")},                      // updated
  };
  return rows;
}
// clang-format on

} // namespace

TEST_CASE("the bytes of every op of the video family", "[golden][video]") {
  std::vector<write_op> all;
  std::string whole = "\x01"; // the format
  for (const auto& [op, expected] : table()) {
    CHECK(encode_ops({&op, 1}) == "\x01" + expected);
    auto read = decode_ops("\x01" + expected);
    REQUIRE(read.has_value());
    CHECK(encode_ops(*read) == "\x01" + expected);
    all.push_back(op);
    whole += expected;
  }
  CHECK(encode_ops(all) == whole);
}

TEST_CASE("what old bytes of the video family say is understood", "[golden][video]") {
  auto read = [](std::size_t row) { return decode_ops("\x01" + table().at(row).bytes)->at(0); };
  CHECK(std::get<call_record>(read(0)) == video_call());
  const auto news = std::get<recording_news>(read(1));
  CHECK(news.webhook == "w1");
  CHECK(news.adopts == "o1");
  CHECK(news.what == webhook().what);
  CHECK(std::get<stored_token>(read(2)) == token());
}

} // namespace carillon::persistence::test
