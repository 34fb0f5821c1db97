// The exact bytes that the spool keeps. They may be read by a later version of the program than
// wrote them: a change here needs a new format number, and the old one still read.

#include "persistence/op_codec.hpp"
#include "persistence/spool.hpp"

#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"

#include <fstream>
#include <iterator>

namespace carillon::persistence::test {

namespace {

/// A literal with its zeros.
template <std::size_t Size>
std::string bytes(const char (&literal)[Size]) {
  return {literal, Size - 1};
}

constexpr std::int64_t created = 1762853400000;

call_record ringing_call() {
  call_record call;
  call.id = call_id{"c1"};
  call.caller = user_id{"alice"};
  call.direct().receiver = user_id{"bob"};
  call.version = 1;
  call.created_at = from_epoch_ms(created);
  call.ring_deadline = from_epoch_ms(created + 45'000);
  return call;
}

call_record active_call() {
  auto call = ringing_call();
  call.direct().type = media_type::video;
  call.status = call_status::active;
  call.direct().via_rest = true;
  call.version = 2;
  call.started_at = from_epoch_ms(created + 10'000);
  call.ring_deadline.reset();
  call.call_deadline = from_epoch_ms(created + 3'610'000);
  return call;
}

call_record completed_call() {
  auto call = active_call();
  call.status = call_status::completed;
  call.reason = end_reason::hung_up;
  call.direct().missed = true;
  call.version = 0x01020304;
  call.duration_s = 125;
  call.ended_by = user_id{"bob"};
  call.ended_at = from_epoch_ms(created + 135'500);
  call.call_deadline.reset();
  return call;
}

user_ptr alice() {
  return std::make_shared<const user_record>(
      user_record{user_id{"alice"},
                  {"Alice", "a@x", "https://x/a.png", "admin"},
                  {"Al", "", "", "user"},
                  from_epoch_ms(created),
                  from_epoch_ms(created + 10'000)});
}

call_record session() {
  session_facts facts;
  facts.type = session_type::therapy;
  facts.therapy_session = "t1";
  facts.seats = 8;
  facts.settings = R"({"isVideoEnabled":false})";
  facts.metadata = "{}";
  read_flags(facts);
  call_record call;
  call.id = call_id{"s1"};
  call.caller = user_id{"alice"};
  call.status = call_status::ended;
  call.reason = end_reason::last_left;
  call.version = 7;
  call.ended_by = user_id{"bob"};
  call.created_at = from_epoch_ms(created);
  call.ended_at = from_epoch_ms(created + 135'500);
  call.part =
      session_part{std::make_shared<const session_facts>(facts), from_epoch_ms(created + 45'000)};
  participant one;
  one.user = user_id{"alice"};
  one.role = participant_role::initiator;
  one.invited = invitation::none;
  one.device = device_id{"d1"};
  one.peer_id = "p1";
  one.present = milliseconds{125'500};
  one.version = 7;
  one.joined_at = from_epoch_ms(created + 10'000);
  one.left_at = from_epoch_ms(created + 135'500);
  one.ever = {true, false, true};
  participant other;
  other.user = user_id{"bob"};
  other.version = 1;
  call.people = {one, other};
  return call;
}

quality_sample sample() {
  quality_sample sample;
  sample.call = call_id{"s1"};
  sample.user = user_id{"bob"};
  sample.at = from_epoch_ms(created);
  sample.rtt_ms = 1.5;
  sample.mos = -0.0;
  sample.resolution = "1x1";
  return sample;
}

struct golden {
  write_op op;
  std::string bytes;
};

// clang-format off
const std::vector<golden>& table() {
  static const std::vector<golden> rows{
    {alice(), bytes(
      "\x01"                                                 // a user
      "\x05\0\0\0" "alice"                                   // id
      "\x05\0\0\0" "Alice" "\x03\0\0\0" "a@x"                // as shown: name, email,
      "\x0f\0\0\0" "https://x/a.png" "\x05\0\0\0" "admin"    //   image, role
      "\x02\0\0\0" "Al" "\0\0\0\0" "\0\0\0\0" "\x04\0\0\0" "user" // the same of the last claims
      "\xc0\x2d\x40\x72\x9a\x01\0\0"                         // created
      "\xd0\x54\x40\x72\x9a\x01\0\0")},                      // updated
    {ringing_call(), bytes(
      "\x02"                                                 // a call
      "\x05\0\0\0" "alice" "\x03\0\0\0" "bob" "\0\0\0\0"     // caller, receiver, ended by
      "\x02\0\0\0" "c1"                                      // id
      "\x05\0\0\0" "audio" "\x09\0\0\0" "no-answer" "\0\0\0\0" // type, status, reason
      "\0"                                                   // flags: missed 1, over REST 2
      "\x01\0\0\0"                                           // version
      "\0\0\0\0\0\0\0\0"                                     // duration
      "\xc0\x2d\x40\x72\x9a\x01\0\0"                         // created
      "\0" "\0"                                              // not started, not ended
      "\x01\x88\xdd\x40\x72\x9a\x01\0\0"                     // ring deadline
      "\0")},                                                // no call deadline
    {active_call(), bytes(
      "\x02" "\x05\0\0\0" "alice" "\x03\0\0\0" "bob" "\0\0\0\0" "\x02\0\0\0" "c1"
      "\x05\0\0\0" "video" "\x06\0\0\0" "active" "\0\0\0\0"
      "\x02" "\x02\0\0\0" "\0\0\0\0\0\0\0\0"
      "\xc0\x2d\x40\x72\x9a\x01\0\0" "\x01\xd0\x54\x40\x72\x9a\x01\0\0" "\0" "\0"
      "\x01\x50\x43\x77\x72\x9a\x01\0\0")},
    {completed_call(), bytes(
      "\x02" "\x05\0\0\0" "alice" "\x03\0\0\0" "bob" "\x03\0\0\0" "bob" "\x02\0\0\0" "c1"
      "\x05\0\0\0" "video" "\x09\0\0\0" "completed" "\x06\0\0\0" "hangup"
      "\x03" "\x04\x03\x02\x01" "\x7d\0\0\0\0\0\0\0"
      "\xc0\x2d\x40\x72\x9a\x01\0\0" "\x01\xd0\x54\x40\x72\x9a\x01\0\0"
      "\x01\x0c\x3f\x42\x72\x9a\x01\0\0" "\0" "\0")},
    {hide_op{user_id{"bob"}, call_id{"c1"}}, bytes(
      "\x03" "\x03\0\0\0" "bob" "\x02\0\0\0" "c1")},
    {session(), bytes(
      "\x04"                                                 // a session
      "\x02\0\0\0" "s1" "\x05\0\0\0" "alice" "\x03\0\0\0" "bob" // id, initiator, ended by
      "\x07\0\0\0" "therapy" "\x05\0\0\0" "ended" "\x09\0\0\0" "last-left"
      "\x02\0\0\0" "t1"                                      // therapy session
      "\x18\0\0\0" "{\"isVideoEnabled\":false}" "\x02\0\0\0" "{}" // settings, metadata
      "\x08\0\0\0" "\x07\0\0\0"                            // seats, version
      "\0\0\0\0\0\0\0\0"                                     // duration
      "\xc0\x2d\x40\x72\x9a\x01\0\0"                         // created
      "\x88\xdd\x40\x72\x9a\x01\0\0"                         // invited until
      "\0" "\x01\x0c\x3f\x42\x72\x9a\x01\0\0" "\0" "\0"     // started, ended, deadlines
      "\x02\0\0\0"                                          // people
      "\x05\0\0\0" "alice" "\x09\0\0\0" "initiator" "\x04\0\0\0" "none"
      "\x02\0\0\0" "d1" "\x02\0\0\0" "p1"                  // socket, peer
      "\x50"                                                 // used: video 16, sharing 64
      "\x3c\xea\x01\0\0\0\0\0" "\x07\0\0\0"                // present, version
      "\0" "\x01\xd0\x54\x40\x72\x9a\x01\0\0"               // responded, joined,
      "\0" "\x01\x0c\x3f\x42\x72\x9a\x01\0\0"               //   entered, left
      "\x03\0\0\0" "bob" "\x0b\0\0\0" "participant" "\x07\0\0\0" "pending"
      "\0\0\0\0" "\0\0\0\0" "\0"
      "\0\0\0\0\0\0\0\0" "\x01\0\0\0" "\0\0\0\0")},
    {sample(), bytes(
      "\x05"                                                 // a quality sample
      "\x02\0\0\0" "s1" "\x03\0\0\0" "bob"
      "\xc0\x2d\x40\x72\x9a\x01\0\0"                         // at
      "\x01\0\0\0\0\0\0\xf8\x3f"                            // round trip
      "\0\0\0\0\0\0"                                         // jitter … frame rate
      "\x01\0\0\0\0\0\0\0\x80"                              // score
      "\x03\0\0\0" "1x1")},                                 // resolution
  };
  return rows;
}
// clang-format on

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

TEST_CASE("the bytes of every op", "[golden]") {
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

TEST_CASE("what old bytes say is understood", "[golden]") {
  auto read = [](std::size_t row) { return decode_ops("\x01" + table().at(row).bytes)->at(0); };
  CHECK(*std::get<user_ptr>(read(0)) == *alice());
  CHECK(std::get<call_record>(read(1)) == ringing_call());
  CHECK(std::get<call_record>(read(2)) == active_call());
  CHECK(std::get<call_record>(read(3)) == completed_call());
  CHECK(std::get<hide_op>(read(4)).user == user_id{"bob"});
  CHECK(std::get<hide_op>(read(4)).call == call_id{"c1"});
  CHECK(std::get<call_record>(read(5)) == session());
  CHECK(std::get<quality_sample>(read(6)) == sample());
}

TEST_CASE("the words that the spool keeps", "[golden]") {
  auto words = [](auto set, int last) {
    std::string all;
    for (int i = 0; i <= last; ++i) {
      auto call = ringing_call();
      set(call, i);
      const write_op op = call;
      // Behind the type of op, five texts and their lengths, and the id.
      auto rest = encode_ops({&op, 1}).substr(1 + 1 + 4 + 5 + 4 + 3 + 4 + 4 + 2);
      for (int field = 0; field < 3; ++field) {
        auto length = static_cast<unsigned char>(rest.at(0));
        all += (field == 0 ? "" : "/") + rest.substr(4, length);
        rest.erase(0, 4u + length);
      }
      all += ' ';
    }
    return all;
  };
  CHECK(words([](call_record& c, int i) { c.direct().type = static_cast<media_type>(i); }, 1)
        == "audio/no-answer/ video/no-answer/ ");
  CHECK(words([](call_record& c, int i) { c.status = static_cast<call_status>(i); },
              static_cast<int>(call_status::cancelled))
        == "audio/no-answer/ audio/active/ audio/completed/ audio/missed/ audio/rejected/ "
           "audio/cancelled/ ");
  CHECK(words([](call_record& c, int i) { c.reason = static_cast<end_reason>(i); },
              static_cast<int>(end_reason::timeout))
        == "audio/no-answer/ audio/no-answer/hangup audio/no-answer/no-answer "
           "audio/no-answer/rejected audio/no-answer/cancelled audio/no-answer/busy "
           "audio/no-answer/offline audio/no-answer/connection-lost audio/no-answer/timeout ");
}

TEST_CASE("the bytes of a spool file", "[golden]") {
  temporary_directory directory;
  const auto file = directory / "spool";
  // Length, CRC-32, bytes.
  const auto golden = bytes("\x0f\0\0\0"
                            "\xb6\x4e\x32\x9a"
                            "\x01\x03\x03\0\0\0"
                            "bob"
                            "\x02\0\0\0"
                            "c1"
                            "\x01\0\0\0"
                            "\x1b\xdf\x05\xa5"
                            "\x01");
  {
    spool out{file};
    REQUIRE(out.append(bytes("\x01\x03\x03\0\0\0"
                             "bob"
                             "\x02\0\0\0"
                             "c1")));
    REQUIRE(out.append("\x01"));
  }
  CHECK(content_of(file) == golden);
  const auto old = directory / "old";
  std::ofstream{old, std::ios::binary} << golden;
  spool in{old};
  REQUIRE(in.open());
  CHECK(in.next()->value()
        == bytes("\x01\x03\x03\0\0\0"
                 "bob"
                 "\x02\0\0\0"
                 "c1"));
  CHECK(in.next()->value() == "\x01");
  CHECK_FALSE(in.next()->has_value());
}

} // namespace carillon::persistence::test
