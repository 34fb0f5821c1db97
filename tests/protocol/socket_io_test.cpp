#include "protocol/socket_io.hpp"

#include "tests/catch.hpp"

using namespace carillon;
using namespace carillon::socket_io;

namespace {

packet decoded(std::string_view text) {
  auto out = decode(text);
  INFO(text);
  REQUIRE(out);
  return *out;
}

} // namespace

TEST_CASE("events are decoded with namespace, id and payload", "[socket_io]") {
  auto plain = decoded(R"(2["a",1])");
  CHECK(plain.type == packet_type::event);
  CHECK(plain.nsp == "/");
  CHECK_FALSE(plain.id);
  CHECK(plain.payload == R"(["a",1])");

  auto full = decoded(R"(2/admin,456["a"])");
  CHECK(full.nsp == "/admin");
  CHECK(full.id == 456);
  CHECK(full.payload == R"(["a"])");

  CHECK(decoded(R"(20["a"])").id == 0);
  CHECK(decoded(R"(2007["a"])").id == 7);
  CHECK(decoded("29007199254740991[\"a\"]").id == 9007199254740991u);
  // The query stays in the name, so that such a namespace is another one.
  CHECK(decoded(R"(2/admin?x=1,7["a"])").nsp == "/admin?x=1");
  CHECK(decoded(R"(2/,["a"])").nsp == "/");
  CHECK(decoded(R"(3/a,12[1])").type == packet_type::ack);
}

TEST_CASE("connects and disconnects are decoded", "[socket_io]") {
  auto bare = decoded("0");
  CHECK(bare.type == packet_type::connect);
  CHECK(bare.nsp == "/");
  CHECK(bare.payload.empty());
  CHECK(decoded(R"(0{"token":"t"})").payload == R"({"token":"t"})");
  auto named = decoded(R"(0/admin,{"token":"t"})");
  CHECK(named.nsp == "/admin");
  CHECK(named.payload == R"({"token":"t"})");
  CHECK(decoded("0/admin").nsp == "/admin");
  CHECK(decoded("0/admin,").nsp == "/admin");
  CHECK(decoded("1").type == packet_type::disconnect);
  CHECK(decoded("1/admin,").nsp == "/admin");
  CHECK(decoded(R"(4{"message":"m"})").type == packet_type::connect_error);
  CHECK(decoded(R"(4"m")").type == packet_type::connect_error);
}

TEST_CASE("binary packets carry how many attachments follow", "[socket_io]") {
  auto event = decoded(R"(51-["a",{"_placeholder":true,"num":0}])");
  CHECK(event.type == packet_type::binary_event);
  CHECK(event.attachments == 1);
  CHECK(event.payload == R"(["a",{"_placeholder":true,"num":0}])");
  auto ack = decoded("610-/admin,456[]");
  CHECK(ack.type == packet_type::binary_ack);
  CHECK(ack.attachments == 10);
  CHECK(ack.nsp == "/admin");
  CHECK(ack.id == 456);
  CHECK(decoded("50-[1]").attachments == 0);
}

TEST_CASE("every packet may come without a payload", "[socket_io]") {
  for (auto text : {"0", "1", "2", "21", "2/a,", "2/a", "3", "31", "4", "51-", "62-/a,7"}) {
    auto what = decoded(text);
    CHECK(static_cast<int>(what.type) == text[0] - '0');
    CHECK(what.payload.empty());
  }
  CHECK(decoded("21").id == 1);
  CHECK(decoded("2/a").nsp == "/a");
  CHECK(decoded("62-/a,7").attachments == 2);
  auto nothing = split_event("");
  REQUIRE(nothing);
  CHECK(nothing->name.empty());
  CHECK(nothing->first.empty());
  CHECK(nothing->count == 0);
}

TEST_CASE("malformed packets are refused", "[socket_io]") {
  for (auto bad : {
           "",
           "7",
           "9[\"a\"]",
           "-",
           "x",
           " 2[\"a\"]", // type
           "5",
           "5[\"a\"]",
           "51",
           "51[\"a\"]",
           "5-[\"a\"]",
           "5x-[\"a\"]",
           "5-1-[\"a\"]",
           "51.5-[\"a\"]",
           "599999999999999999999-[\"a\"]",
           "54294967296-[\"a\"]", // attachments
           "29007199254740992[\"a\"]",
           "299999999999999999999999999[\"a\"]", // id
           "2{}",
           "2\"a\"",
           "2null",
           "2 ",
           "2x[\"a\"]",
           "2-1[\"a\"]",
           "31{}", // payload
           "0[]",
           "0\"t\"",
           "0null",
           "0 ",
           "0x",
           "1{}",
           "1[]",
           "1null",
           "1x",
           "4[]",
       }) {
    INFO(bad);
    auto out = decode(bad);
    REQUIRE_FALSE(out);
    CHECK(out.error().code == error_code::invalid_field);
    CHECK_FALSE(out.error().detail.empty());
  }
}

TEST_CASE("an event's payload is split", "[socket_io]") {
  auto one = split_event(R"(["acceptCall", {"callId" : "c1"} ])");
  REQUIRE(one);
  CHECK(one->name == "acceptCall");
  CHECK(one->first == R"({"callId" : "c1"})");
  CHECK(one->count == 1);

  auto none = split_event(R"(["a"])");
  REQUIRE(none);
  CHECK(none->first.empty());
  CHECK(none->count == 0);

  auto many = split_event(R"( [ "\u0061\"\n" , [1, "]" ] , 2,null ] )");
  REQUIRE(many);
  CHECK(many->name == "a\"\n");
  CHECK(many->first == R"([1, "]" ])");
  CHECK(many->count == 3);

  auto number = split_event("[7,true]");
  REQUIRE(number);
  CHECK(number->name == "7");
  CHECK(number->first == "true");
}

TEST_CASE("payloads of no event are refused", "[socket_io]") {
  for (auto bad : {" ", "[", "[\"a\"", "[\"a\",]", "[\"a\"]x", "[\"a\"][]", "[\"a\",{\"b\":}]",
                   "[\"a\",\"\xFF\"]", "{}", "\"a\"", "null"}) {
    INFO(bad);
    auto out = split_event(bad);
    REQUIRE_FALSE(out);
    CHECK(out.error().code == error_code::invalid_json);
  }
  for (auto bad : {"[]", "[null]", "[true,1]", "[[\"a\"]]", "[{}]", "[\"connect\"]",
                   "[\"connect_error\"]", "[\"disconnect\",1]", "[\"disconnecting\"]",
                   "[\"newListener\"]", "[\"removeListener\"]", "[\"\\u0064isconnect\"]"}) {
    INFO(bad);
    auto out = split_event(bad);
    REQUIRE_FALSE(out);
    CHECK(out.error().code == error_code::invalid_field);
  }
  std::string deep = "[\"a\"," + std::string(40, '[') + "1" + std::string(40, ']') + "]";
  CHECK_FALSE(split_event(deep));
}

TEST_CASE("packets are encoded whole", "[socket_io]") {
  CHECK(encode_connect("/", "abc") == R"(40{"sid":"abc"})");
  CHECK(encode_connect("/admin", "abc") == R"(40/admin,{"sid":"abc"})");
  CHECK(encode_connect_error("/", "Not \"you\"") == R"(44{"message":"Not \"you\""})");
  CHECK(encode_connect_error("/x", "m") == R"(44/x,{"message":"m"})");
  CHECK(encode_connect_error("/", "m", "c") == R"(44{"message":"m","data":{"code":"c"}})");
  CHECK(encode_disconnect("/") == "41");
  CHECK(encode_disconnect("/x") == "41/x,");
  CHECK(encode_event("a", R"({"b":1})") == R"(42["a",{"b":1}])");
  CHECK(encode_event("q\"", "") == R"(42["q\""])");
  CHECK(encode_ack(0, R"({"ok":true})") == R"(430[{"ok":true}])");
  CHECK(encode_ack(12, "") == "4312[]");
}

TEST_CASE("what is encoded can be decoded", "[socket_io]") {
  auto text = encode_event("callEnded", R"({"callId":"c1"})");
  auto packet = decoded(std::string_view{text}.substr(1));
  auto args = split_event(packet.payload);
  REQUIRE(args);
  CHECK(args->name == "callEnded");
  CHECK(args->first == R"({"callId":"c1"})");
  auto ack_text = encode_ack(9007199254740991, "null");
  auto ack = decoded(std::string_view{ack_text}.substr(1));
  CHECK(ack.type == packet_type::ack);
  CHECK(ack.id == 9007199254740991u);
  CHECK(ack.payload == "[null]");
}
