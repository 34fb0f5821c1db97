#include "persistence/op_check.hpp"

#include "tests/catch.hpp"
#include "tests/persistence/channels.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/sessions.hpp"
#include "tests/persistence/videos.hpp"

#include <limits>

namespace carillon::persistence::test {

TEST_CASE("only UTF-8 without NUL can be stored", "[op_check]") {
  for (const char* good : {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                           "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
                           "z\xc3\xa5\xe2\x98\x8e\xf0\x9f\x93\x9e!"}) {
    INFO(good);
    CHECK(storable_text(good));
  }
  // Lone and missing continuations, overlong forms, surrogates, beyond U+10FFFF.
  for (const char* bad :
       {"\x80", "a\xbf", "\xc2", "\xc2z", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xe2\x98",
        "\xe2\x98z", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf0\x9f\x93",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
    CHECK_FALSE(storable_text(bad));
  }
  CHECK_FALSE(storable_text(std::string_view("a\0b", 3)));
  CHECK_FALSE(storable_text(std::string_view("\xc2\x80", 1)));
}

TEST_CASE("ops that no store could write are told apart", "[op_check]") {
  CHECK_FALSE(why_unstorable(ringing("c1", "alice", "bob")).has_value());
  CHECK_FALSE(why_unstorable(person("alice")).has_value());
  CHECK_FALSE(why_unstorable(hide_op{user_id{"alice"}, call_id{"c1"}}).has_value());

  CHECK(why_unstorable(ringing("", "alice", "bob")).has_value());
  CHECK(why_unstorable(ringing("c1", "", "bob")).has_value());
  CHECK(why_unstorable(ringing("c1", "alice", "b\xff")).has_value());
  CHECK(why_unstorable(person("")).has_value());
  CHECK(why_unstorable(person("alice", "\xff")).has_value());
  CHECK(why_unstorable(user_ptr{}).has_value());
  CHECK(why_unstorable(hide_op{user_id{"\xff"}, call_id{"c1"}}).has_value());

  auto call = ringing("c1", "alice", "bob");
  call.ring_deadline = time_point::max();
  CHECK(why_unstorable(call).has_value());
  call.ring_deadline = from_epoch_ms(-1);
  CHECK(why_unstorable(call).has_value());
  call.ring_deadline = from_epoch_ms(0);
  CHECK_FALSE(why_unstorable(call).has_value());
  auto user = *person("alice");
  user.updated_at = time_point::min();
  CHECK(why_unstorable(std::make_shared<const user_record>(user)).has_value());
}

TEST_CASE("sessions that no store could write are told apart", "[op_check]") {
  const auto good = joined(opened("s1", {"alice", "bob", "carol"}), "alice", 5);
  CHECK_FALSE(why_unstorable(good).has_value());
  const auto with = [&](auto change) {
    auto call = good;
    change(call);
    return why_unstorable(call).value_or("");
  };
  const auto with_facts = [&](auto change) {
    return with([&](call_record& c) {
      auto facts = *c.session().facts;
      change(facts);
      c.session().facts = std::make_shared<const session_facts>(facts);
    });
  };
  CHECK(with([](call_record& c) { c.id = call_id{}; }) == "empty id");
  CHECK(with([](call_record& c) { c.people[1].user = user_id{}; }) == "empty id");
  CHECK(with([](call_record& c) { c.session().facts.reset(); }) == "no facts");
  CHECK(with([](call_record& c) { c.people.clear(); })
        == "initiator is not the first of its people");
  CHECK(with([](call_record& c) { std::swap(c.people[0], c.people[1]); })
        == "initiator is not the first of its people");
  CHECK(with([](call_record& c) { c.people[2].user = user_id{"bob"}; })
        == "user is twice among its people");
  CHECK(with([](call_record& c) { c.session().invited_until = time_point::max(); })
        == "time out of range");
  for (auto time : {&participant::responded_at, &participant::joined_at, &participant::entered_at,
                    &participant::left_at})
    CHECK(with([&](call_record& c) { c.people[1].*time = from_epoch_ms(-1); })
          == "time out of range");
  const std::string not_text = "text is not UTF-8 without NUL";
  CHECK(with([](call_record& c) { c.people[1].peer_id = "\xff"; }) == not_text);
  CHECK(with([](call_record& c) { c.people[1].device = device_id{std::string(1, '\0')}; })
        == not_text);
  CHECK(with_facts([](session_facts& f) { f.metadata = "\xff"; }) == not_text);
  CHECK(with_facts([](session_facts& f) { f.settings = "\xff"; }) == not_text);
  CHECK(with_facts([](session_facts& f) { f.therapy_session = "\xff"; }) == not_text);

  auto mixed = ringing("c1", "alice", "bob");
  mixed.people.resize(1);
  CHECK(why_unstorable(mixed) == "people in a direct call");
}

TEST_CASE("samples that no store could write are told apart", "[op_check]") {
  const auto good = measured("s1", "alice", 5);
  CHECK_FALSE(why_unstorable(good).has_value());
  const auto with = [&](auto change) {
    auto sample = good;
    change(sample);
    return why_unstorable(sample).value_or("");
  };
  CHECK(with([](quality_sample& s) { s.call = call_id{}; }) == "empty id");
  CHECK(with([](quality_sample& s) { s.user = user_id{}; }) == "empty id");
  CHECK(with([](quality_sample& s) { s.at = time_point::min(); }) == "time out of range");
  CHECK(with([](quality_sample& s) { s.resolution = "\xff"; }) == "text is not UTF-8 without NUL");
  using limits = std::numeric_limits<double>;
  for (auto figure :
       {&quality_sample::rtt_ms, &quality_sample::jitter_ms, &quality_sample::packet_loss,
        &quality_sample::bitrate_kbps, &quality_sample::connection_time_ms,
        &quality_sample::audio_level, &quality_sample::video_fps, &quality_sample::mos}) {
    for (double bad : {limits::quiet_NaN(), limits::infinity(), -limits::infinity()})
      CHECK(with([&](quality_sample& s) { s.*figure = bad; }) == "number is not finite");
    CHECK(with([&](quality_sample& s) { s.*figure = limits::denorm_min(); }).empty());
  }
}

TEST_CASE("video calls that no store could write are told apart", "[op_check]") {
  const auto good = entered(created("c", "alice", {"bob"}), "zoe", 5);
  CHECK_FALSE(why_unstorable(good).has_value());
  // A record may name only some of the people, and not its creator.
  CHECK_FALSE(why_unstorable(trimmed(good, 1)).has_value());
  CHECK_FALSE(why_unstorable(trimmed(good, 2)).has_value());
  const auto with = [&](auto change) {
    auto call = good;
    change(call);
    return why_unstorable(call).value_or("");
  };
  const auto with_facts = [&](auto change) {
    return with([&](call_record& c) {
      auto facts = *c.video().facts;
      change(facts);
      c.video().facts = std::make_shared<const video_facts>(facts);
    });
  };
  CHECK(with([](call_record& c) { c.id = call_id{}; }) == "empty id");
  CHECK(with([](call_record& c) { c.id = call_id{"c"}; }) == "id is no UUID");
  CHECK(with_facts([](video_facts& f) { f.call_id.clear(); }) == "empty id");
  CHECK(with([](call_record& c) { c.people[1].user = user_id{}; }) == "empty id");
  CHECK(with([](call_record& c) { c.video().facts.reset(); }) == "no facts");
  CHECK(with([](call_record& c) { c.people[2].user = user_id{"bob"}; })
        == "user is twice among its people");
  for (auto time : {&video_part::invited_until, &video_part::updated_at})
    CHECK(with([&](call_record& c) { c.video().*time = time_point::max(); })
          == "time out of range");
  CHECK(with([](call_record& c) { c.people[2].lease_until = from_epoch_ms(-1); })
        == "time out of range");
  CHECK(with([](call_record& c) { c.duration_s = 0x80000000; }) == "number out of range");
  CHECK(with_facts([](video_facts& f) { f.seats = 0x80000000; }) == "number out of range");
  const std::string not_text = "text is not UTF-8 without NUL";
  for (auto text :
       {&video_facts::call_id, &video_facts::name, &video_facts::event_id, &video_facts::settings})
    CHECK(with_facts([&](video_facts& f) { f.*text = "\xff"; }) == not_text);
  CHECK(with_facts([](video_facts& f) { f.members[0].role = "\xff"; }) == not_text);
  CHECK(with_facts([](video_facts& f) { f.members[0].user = user_id{"\xff"}; }) == not_text);
}

TEST_CASE("recordings and tokens that no store could write are told apart", "[op_check]") {
  const auto with = [&](auto change) {
    auto one = news("w", "c", "r", recording_status::ready, "https://x");
    change(one);
    return why_unstorable(one).value_or("");
  };
  const std::string not_text = "text is not UTF-8 without NUL";
  CHECK(with([](recording_news&) {}).empty());
  CHECK(with([](recording_news& n) { n.webhook.clear(); }) == "empty id");
  CHECK(with([](recording_news& n) { n.what.id.clear(); }) == "empty id");
  CHECK(with([](recording_news& n) { n.what.call = call_id{}; }) == "empty id");
  for (auto text : {&recording_news::webhook, &recording_news::adopts})
    CHECK(with([&](recording_news& n) { n.*text = "\xff"; }) == not_text);
  CHECK(with([](recording_news& n) { n.what.url = std::string("a\0", 2); }) == not_text);
  CHECK(with([](recording_news& n) { n.what.created_at = time_point::min(); })
        == "time out of range");
  CHECK(with([](recording_news& n) { n.what.duration_s = 1LL << 31; }) == "number out of range");
  CHECK(with([](recording_news& n) { n.what.file_bytes = -1; }) == "number out of range");

  CHECK_FALSE(why_unstorable(token("alice", "v1.x", 5)).has_value());
  CHECK(why_unstorable(token("", "v1.x", 5)) == "empty id");
  CHECK(why_unstorable(token("alice", "\xff", 5)) == not_text);
  auto late = token("alice", "v1.x", 5);
  late.expires_at = time_point::max();
  CHECK(why_unstorable(late) == "time out of range");
}

TEST_CASE("channels and messages that no store could write are told apart", "[op_check]") {
  const std::string not_text = "text is not UTF-8 without NUL";
  const auto channel = [](auto change) {
    auto one = channel_of("c", {"alice", "bob"});
    change(one);
    return why_unstorable(one).value_or("");
  };
  CHECK(channel([](channel_record&) {}).empty());
  CHECK(channel([](channel_record& c) { c.call = call_id{}; }) == "empty id");
  CHECK(channel([](channel_record& c) { c.created_by = user_id{}; }) == "empty id");
  CHECK(channel([](channel_record& c) { c.call_type = "\xff"; }) == not_text);
  CHECK(channel([](channel_record& c) { c.members[1] = user_id{std::string(1, '\0')}; })
        == not_text);
  CHECK(channel([](channel_record& c) { c.closed_at = time_point::max(); }) == "time out of range");
  for (auto members : {std::vector<user_id>{}, std::vector{user_id{"bob"}, user_id{"alice"}}})
    CHECK(channel([&](channel_record& c) { c.members = members; })
          == "who made it is not the first of its members");

  const auto message = [](auto change) {
    auto one = said("c", 1, "m");
    change(one);
    return why_unstorable(kept(one)).value_or("");
  };
  CHECK(message([](chat_message&) {}).empty());
  CHECK(message([](chat_message& m) { m.text.clear(); }).empty());
  CHECK(message([](chat_message& m) { m.seq = 0x7FFFFFFFFFFFFFFF; }).empty());
  CHECK(message([](chat_message& m) { m.seq = 0; }) == "number out of range");
  CHECK(message([](chat_message& m) { m.seq = 0x8000000000000000; }) == "number out of range");
  CHECK(message([](chat_message& m) { m.call = call_id{}; }) == "empty id");
  CHECK(message([](chat_message& m) { m.id.clear(); }) == "empty id");
  CHECK(message([](chat_message& m) { m.from = user_id{}; }) == "empty id");
  CHECK(message([](chat_message& m) { m.at = from_epoch_ms(-1); }) == "time out of range");
  for (auto text : {&chat_message::id, &chat_message::text, &chat_message::attachments})
    CHECK(message([&](chat_message& m) { m.*text = std::string("a\0", 2); }) == not_text);
  CHECK(why_unstorable(chat_message_ptr{}) == "no message");
}

TEST_CASE("what no outbox could hold is told apart", "[op_check]") {
  const std::string not_text = "text is not UTF-8 without NUL";
  const auto entry = [](auto change) {
    auto one = entry_of(1, "c");
    change(one);
    return why_unstorable(one).value_or("");
  };
  CHECK(entry([](outbox_entry&) {}).empty());
  CHECK(entry([](outbox_entry& e) { e.position = 0; }) == "number out of range");
  CHECK(entry([](outbox_entry& e) { e.lane.clear(); }) == "empty id");
  CHECK(entry([](outbox_entry& e) { e.created_at = time_point::max(); }) == "time out of range");
  for (auto text : {&outbox_entry::lane, &outbox_entry::path, &outbox_entry::body})
    CHECK(entry([&](outbox_entry& e) { e.*text = "\xff"; }) == not_text);

  CHECK_FALSE(why_unstorable(done(1)).has_value());
  CHECK_FALSE(why_unstorable(buried(0x7FFFFFFFFFFFFFFF, "400", 5)).has_value());
  CHECK(why_unstorable(done(0)) == "number out of range");
  CHECK(why_unstorable(done(0x8000000000000000)) == "number out of range");
  CHECK(why_unstorable(buried(1, "\xff", 5)) == not_text);
  CHECK(why_unstorable(outbox_result{1, true, 1, "", time_point::max()}) == "time out of range");
}

TEST_CASE("timelines that no store could write are told apart", "[op_check]") {
  const auto told = [](const char* call, std::string json, time_point ended = at(5)) {
    return std::make_shared<const timeline_text>(
        timeline_text{call_id{call}, ended, std::move(json)});
  };
  CHECK_FALSE(why_unstorable(told("c1", "{}")).has_value());
  CHECK_FALSE(why_unstorable(told("c1", std::string(256 * 1024, ' '))).has_value());
  CHECK(why_unstorable(told("c1", std::string(256 * 1024 + 1, ' '))) == "timeline is too long");
  CHECK(why_unstorable(timeline_ptr{}) == "no timeline");
  CHECK(why_unstorable(told("", "{}")) == "empty id");
  CHECK(why_unstorable(told("\xff", "{}")) == "text is not UTF-8 without NUL");
  CHECK(why_unstorable(told("c1", "\xff")) == "text is not UTF-8 without NUL");
  CHECK(why_unstorable(told("c1", "{}", time_point::max())) == "time out of range");
  CHECK(subject_of(told("c1", "{}")) == "call c1");
  CHECK(subject_of(timeline_ptr{}) == "call ");
}

TEST_CASE("a UUID is told from everything else", "[op_check]") {
  CHECK(storable_uuid("0123abcd-0000-5fff-8abc-def012345678"));
  for (const char* bad :
       {"", "0123abcd-0000-5fff-8abc-def01234567", "0123ABCD-0000-5fff-8abc-def012345678",
        "0123abcd00000-5fff-8abc-def012345678", "0123abcd-0000-5fff-8abc-def01234567g",
        "0123abcd-0000-5fff-8abc-def0123456789", "{123abcd-0000-5fff-8abc-def012345678"})
    CHECK_FALSE(storable_uuid(bad));
}

TEST_CASE("times are cut to what can be stored", "[op_check]") {
  CHECK(storable_time(at(5)) == at(5));
  CHECK(storable_time(time_point::min()) == from_epoch_ms(0));
  CHECK(to_iso8601(storable_time(time_point::max())) == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("the log names an op without harm", "[op_check]") {
  CHECK(subject_of(ringing("c1", "alice", "bob")) == "call c1");
  CHECK(subject_of(person("alice")) == "user alice");
  CHECK(subject_of(hide_op{user_id{"alice"}, call_id{"c2"}}) == "call c2");
  CHECK(subject_of(opened("s1", {"alice", "bob"})) == "call s1");
  CHECK(subject_of(measured("s1", "alice", 5)) == "call s1");
  CHECK(subject_of(news("w", "c", "r", recording_status::ready, "https://secret"))
        == "call " + video_call_id("c").str());
  CHECK(subject_of(token("alice", "sealed", 5)) == "user alice"); // and nothing of the token
  CHECK(subject_of(channel_of("c3", {"alice"})) == "call c3");
  CHECK(subject_of(kept(said("c4", 1, "m"))) == "call c4"); // and nothing of what is said
  CHECK(subject_of(chat_message_ptr{}) == "call ");
  CHECK(subject_of(entry_of(7, "c5")) == "request to /channels/messaging/call-c5");
  CHECK(subject_of(buried(7, "why", 1)) == "request 7");
  CHECK(subject_of(person("a\n\xff" + std::string(1'000, 'x'))).size() == 160);
  CHECK(subject_of(person("a\n\xff")) == "user a??");
}

} // namespace carillon::persistence::test
