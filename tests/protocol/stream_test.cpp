#include "protocol/dialects/stream.hpp"

#include "protocol/json.hpp"
#include "tests/catch.hpp"

using namespace carillon;

namespace {

const origin alice{user_id{"alice"}, device_id{"d1"}};
const call_id c1{"c1"};

command::send_message sent(std::string_view data) {
  auto out = stream::decode_event("sendMessage", data, alice);
  INFO(data.substr(0, 200));
  REQUIRE(out);
  REQUIRE(std::holds_alternative<command::send_message>(*out));
  auto cmd = std::get<command::send_message>(*out);
  CHECK(cmd.from == origin{alice.user, alice.device, call_kind::stream});
  CHECK(cmd.call == c1);
  return cmd;
}

failure refused(std::string_view name, std::string_view data) {
  auto out = stream::decode_event(name, data, alice);
  INFO(name << ' ' << data.substr(0, 200));
  REQUIRE_FALSE(out);
  return out.error();
}

/// Refused, about the channel of `c1`.
failure refused_there(std::string_view data) {
  auto why = refused("sendMessage", data);
  CHECK(why.call == c1);
  return why;
}

/// A message to that channel with these members more.
std::string with(const std::string& members) {
  return R"({"channelId":"messaging:call-c1")" + (members.empty() ? "" : "," + members) + "}";
}

std::string with_text(const std::string& text) { return with(R"("text":")" + text + '"'); }

std::string repeated(std::string_view what, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i)
    out += what;
  return out;
}

} // namespace

TEST_CASE("the stream dialect knows its events", "[stream]") {
  CHECK(stream::knows("sendMessage"));
  CHECK(stream::knows("message.read"));
  for (auto name : {"", "sendmessage", "message.new", "message.error", "messageXread", "sendOffer"})
    CHECK_FALSE(stream::knows(name));
  CHECK(refused("message.new", "{}").code == error_code::unknown_event);
}

TEST_CASE("what concerns a channel names it", "[stream]") {
  for (auto name : {"sendMessage", "message.read"}) {
    for (auto data : {"", "{}", "[]", "7", R"({"channelId":null})", R"({"channelId":""})",
                      R"({"channelId":7})", R"({"channelid":"messaging:call-c1"})"})
      CHECK(refused(name, data).code == error_code::channel_required);
    for (auto data : {R"({"channelId":"c1"})", R"({"channelId":"messaging:call-"})",
                      R"({"channelId":"messaging:call-c 1"})", R"({"channelId":" "})"}) {
      auto why = refused(name, data);
      CHECK(why.code == error_code::channel_not_found);
      CHECK(why.call.empty());
    }
    for (auto data : {"{", R"({"channelId":"c1"}})", "{\"channelId\":\"\xff\"}"})
      CHECK(refused(name, data).code == error_code::invalid_json);
  }
}

TEST_CASE("a message is decoded", "[stream]") {
  auto usual = sent(with_text("hello"));
  CHECK(usual.text == "hello");
  CHECK(usual.id.empty());
  CHECK(usual.attachments.empty());
  auto all =
      sent(with(R"("text":"a\n\"b\" \u00e9","id":"m-1","attachments": [ {"a" : 1.50} ],"x":1)"));
  CHECK(all.text == "a\n\"b\" \xC3\xA9");
  CHECK(all.id == "m-1");
  CHECK(all.attachments == R"([ {"a" : 1.50} ])");
  auto nulls = sent(with(R"("text":" ","id":null,"attachments":null)"));
  CHECK(nulls.text == " ");
  CHECK(nulls.id.empty());
}

TEST_CASE("a message has a text", "[stream]") {
  for (auto members : {"", R"("text":null)", R"("text":"")", R"("text":"","attachments":[])"})
    CHECK(refused_there(with(members)).code == error_code::text_required);
  for (auto text : {"7", "{}", "[\"a\"]", "true", R"("a\u0000b")"}) {
    auto why = refused_there(with(std::string{R"("text":)"} + text));
    CHECK(why.code == error_code::invalid_field);
    CHECK(why.detail == "text");
  }
  // Half a pair is no character.
  CHECK(refused("sendMessage", with_text(R"(\ud83d)")).code == error_code::invalid_json);
  CHECK(refused("sendMessage", with_text("\xED\xA0\xBD")).code == error_code::invalid_json);
  CHECK(sent(with_text(R"(\ud83d\ude00)")).text == "\xF0\x9F\x98\x80");
}

TEST_CASE("a text has up to 5,000 characters, however many bytes those are", "[stream]") {
  for (std::string_view one : {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"}) {
    CHECK(sent(with_text(repeated(one, 4999))).text.size() == 4999 * one.size());
    CHECK(sent(with_text(repeated(one, 5000))).text.size() == 5000 * one.size());
    CHECK(refused_there(with_text(repeated(one, 5001))).code == error_code::text_too_long);
  }
  CHECK(sent(with_text(repeated(R"(\ud83d\ude00)", 5000))).text.size() == 20000);
  CHECK(refused_there(with_text(repeated("\\n", 5001))).code == error_code::text_too_long);
}

TEST_CASE("a message may have an id of its client", "[stream]") {
  auto longest = std::string(128, 'x');
  CHECK(sent(with(R"("text":"t","id":")" + longest + '"')).id == longest);
  for (const auto& id : {std::string{"7"}, std::string{"\"\""}, std::string{"\"m 1\""},
                         std::string{"{}"}, std::string{R"("\u0000")"}, '"' + longest + "x\""}) {
    auto why = refused_there(with(R"("text":"t","id":)" + id));
    CHECK(why.code == error_code::invalid_field);
    CHECK(why.detail == "id");
  }
}

TEST_CASE("attachments are up to ten objects of 8 KiB in all", "[stream]") {
  auto attached = [](const std::string& list) { return with(R"("attachments":)" + list); };
  // Then a text is not needed.
  CHECK(sent(attached(R"([{"type":"image"}])")).text.empty());
  CHECK(sent(with(R"("text":"","attachments":[{}])")).attachments == "[{}]");
  CHECK(sent(with(R"("text":"t","attachments":[ ])")).attachments.empty());
  CHECK(sent(attached("[" + repeated("{},", 9) + "{}]")).attachments.size() == 31);
  auto sized = [](std::size_t bytes) {
    return R"([{"a":")" + std::string(bytes - 10, 'x') + "\"}]";
  };
  CHECK(sent(attached(sized(8192))).attachments.size() == 8192);
  for (const auto& list : {std::string{"7"}, std::string{"{}"}, std::string{"\"\""},
                           std::string{"[7]"}, std::string{"[null]"}, std::string{"[{},[]]"},
                           "[" + repeated("{},", 10) + "{}]", sized(8193)}) {
    auto why = refused_there(attached(list));
    CHECK(why.code == error_code::invalid_field);
    CHECK(why.detail == "attachments");
  }
}

TEST_CASE("how far somebody has read is decoded", "[stream]") {
  auto out = stream::decode_event("message.read", with(R"("id":"m1")"), alice);
  REQUIRE(out);
  const auto& cmd = std::get<command::mark_read>(*out);
  CHECK(cmd.from == origin{alice.user, alice.device, call_kind::stream});
  CHECK(cmd.call == c1);
  CHECK(cmd.id == "m1");
  for (auto members : {"", R"("id":null)", R"("id":"")", R"("id":7)"}) {
    auto why = refused("message.read", with(members));
    CHECK(why.code == error_code::message_required);
    CHECK(why.call == c1);
  }
  auto none = refused("message.read", with(R"("id":"m 1")"));
  CHECK(none.code == error_code::message_not_found);
  CHECK(none.call == c1);
}

TEST_CASE("a message over REST is decoded as one of a socket", "[stream]") {
  auto out = stream::decode_send(with(R"("text":"t","id":"m1")"), alice.user);
  REQUIRE(out);
  const auto& cmd = std::get<command::send_message>(*out);
  CHECK(cmd.from == origin{alice.user, {}, call_kind::stream});
  CHECK(cmd.call == c1);
  CHECK(cmd.id == "m1");
  CHECK(stream::decode_send("", alice.user).error().code == error_code::channel_required);
  CHECK(stream::decode_send("{", alice.user).error().code == error_code::invalid_json);
}
