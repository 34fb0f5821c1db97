#include "persistence/write_groups.hpp"

#include "tests/catch.hpp"
#include "tests/persistence/channels.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/sessions.hpp"
#include "tests/persistence/videos.hpp"

namespace carillon::persistence::test {

namespace {

// Each group as `users/direct calls/hides`, by op index, and `/sessions/samples` where there are
// any.
std::string shape(const std::vector<write_op>& ops) {
  std::string text;
  for (const auto& group : split_into_groups(ops)) {
    text += text.empty() ? "" : " | ";
    const auto list = [&](const std::vector<std::size_t>& which) {
      for (auto i : which)
        text += std::to_string(i);
    };
    list(group.users);
    text += "/";
    list(group.direct_calls);
    text += "/";
    list(group.hides);
    if (group.sessions.empty() && group.samples.empty())
      continue;
    text += "/";
    list(group.sessions);
    text += "/";
    list(group.samples);
  }
  return text;
}

// Each group as `video calls/recordings/tokens`, by op index.
std::string video_shape(const std::vector<write_op>& ops) {
  std::string text;
  for (const auto& group : split_into_groups(ops)) {
    text += text.empty() ? "" : " | ";
    for (const auto* which : {&group.video_calls, &group.recordings, &group.tokens}) {
      text += which == &group.video_calls ? "" : "/";
      for (auto i : *which)
        text += std::to_string(i);
    }
  }
  return text;
}

// Each group as `channels/messages/entries/results`, by op index.
std::string chat_shape(const std::vector<write_op>& ops) {
  std::string text;
  for (const auto& group : split_into_groups(ops)) {
    text += text.empty() ? "" : " | ";
    for (const auto* which : {&group.channels, &group.messages, &group.entries, &group.results}) {
      text += which == &group.channels ? "" : "/";
      for (auto i : *which)
        text += std::to_string(i);
    }
  }
  return text;
}

hide_op hide(const std::string& user, const std::string& call) {
  return {user_id{user}, call_id{call}};
}

} // namespace

TEST_CASE("what does not touch the same rows is one group", "[write_groups]") {
  CHECK(shape({}).empty());
  CHECK(shape({ringing("a", "x", "y"), person("u"), hide("x", "b"), ringing("c", "x", "y"),
               hide("x", "a"), person("a")})
        == "15/03/24");
}

TEST_CASE("a row is not written twice in a group", "[write_groups]") {
  CHECK(shape({person("u"), person("u"), person("v")}) == "0// | 12//");
  CHECK(shape({ringing("a", "x", "y"), ringing("a", "x", "y")}) == "/0/ | /1/");
  CHECK(shape({hide("x", "a"), hide("y", "a"), hide("x", "b")}) == "//0 | //12");
}

TEST_CASE("a record does not overtake a hide of its call", "[write_groups]") {
  CHECK(shape({hide("x", "a"), ringing("b", "x", "y"), ringing("a", "x", "y"), hide("x", "a")})
        == "/1/0 | /2/3");
}

TEST_CASE("sessions and samples are written beside what is there", "[write_groups]") {
  const std::vector<std::string> people{"x", "y"};
  CHECK(shape({ringing("a", "x", "y"), opened("s", people), measured("s", "x", 1), person("u"),
               measured("s", "y", 1), measured("s", "x", 2), opened("t", people)})
        == "3/0//16/245");
  CHECK(shape({opened("s", people), opened("s", people)}) == "///0/ | ///1/");
  CHECK(shape({measured("s", "x", 1), measured("s", "x", 1)}) == "////0 | ////1");
  // No two of these are the same, however their texts follow each other.
  CHECK(shape({measured("s", "xy", 1), measured("sx", "y", 1), measured("", "sxy", 1)})
        == "////012");
}

TEST_CASE("what belongs to video calls is written beside what is there", "[write_groups]") {
  const auto about = [](const std::string& webhook) {
    return news(webhook, "c", "r", recording_status::ready);
  };
  const std::vector<write_op> ops{created("c", "x"), about("w"),        token("x", "t", 1),
                                  about("w"),        created("d", "x"), token("y", "t", 1)};
  CHECK(video_shape(ops) == "04/13/25");
  CHECK(shape(ops) == "//");
  CHECK(video_shape({created("c", "x"), created("c", "x")}) == "0// | 1//");
  CHECK(video_shape({token("x", "t", 1), token("x", "u", 1)}) == "//0 | //1");
}

TEST_CASE("messages and the outbox are written beside what is there", "[write_groups][channels]") {
  const auto say = [](const char* call, std::uint64_t seq, const char* id) {
    return kept(said(call, seq, id));
  };
  const std::vector<write_op> ops{channel_of("c", {"x"}), say("c", 1, "m"), entry_of(1, "c"),
                                  ringing("c", "x", "y"), say("c", 2, "n"), say("d", 1, "m"),
                                  channel_of("d", {"x"}), entry_of(2, "c"), done(1)};
  CHECK(chat_shape(ops) == "06/145/27/8");
  CHECK(shape(ops) == "/3/");
  CHECK(chat_shape({channel_of("c", {"x"}), channel_of("c", {"y"})}) == "0/// | 1///");
  // By its id, and by its place.
  CHECK(chat_shape({say("c", 1, "m"), say("c", 2, "m")}) == "/0// | /1//");
  CHECK(chat_shape({say("c", 1, "m"), say("c", 1, "n")}) == "/0// | /1//");
  CHECK(chat_shape({entry_of(1, "c"), entry_of(1, "d")}) == "//0/ | //1/");
  CHECK(chat_shape({done(1), buried(1, "x", 1)}) == "///0 | ///1");
  // An entry does not overtake what became of the one before it.
  CHECK(chat_shape({entry_of(1, "c"), done(1)}) == "//0/1");
  CHECK(chat_shape({done(1), entry_of(1, "c")}) == "///0 | //1/");
}

TEST_CASE("timelines are rows like others", "[write_groups]") {
  const auto told = [](const char* call) {
    return std::make_shared<const timeline_text>(timeline_text{call_id{call}, at(1), "x"});
  };
  const std::vector<write_op> ops{told("c1"), ringing("c1", "alice", "bob"), told("c2"),
                                  told("c1")};
  const auto groups = split_into_groups(ops);
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].timelines == std::vector<std::size_t>{0, 2, 3});
  CHECK(groups[0].direct_calls == std::vector<std::size_t>{1});
}

} // namespace carillon::persistence::test
