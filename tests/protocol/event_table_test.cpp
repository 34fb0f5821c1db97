#include "protocol/dialects/event_table.hpp"

#include "tests/catch.hpp"

using namespace carillon;

namespace {

result<client_command> leave(const json::object& from, origin who, const decode_limits& limits) {
  auto session = from.string("sessionId");
  if (!session || session->size() > limits.sdp_bytes)
    return error_code::session_required;
  return client_command{command::leave{std::move(who), call_id{*session}}};
}

result<client_command> leave_in_other_words(const json::object& from, origin who,
                                            const decode_limits& limits) {
  who.family = call_kind::direct;
  return leave(from, std::move(who), limits);
}

constexpr event_row rows[]{{"leave", leave, true}, {"go", leave_in_other_words, false, true}};
constexpr event_table events{call_kind::session, rows};

const origin alice{user_id{"alice"}, device_id{"d1"}};

} // namespace

TEST_CASE("an event is found by its whole name", "[event_table]") {
  CHECK(events.family() == call_kind::session);
  REQUIRE(events.find("leave"));
  CHECK(events.find("leave")->exempt_from_rate);
  CHECK_FALSE(events.find("leave")->costly);
  CHECK(events.find("go")->costly);
  for (auto name : {"", "leav", "leaves", "Leave", "leave "})
    CHECK_FALSE(events.find(name));
}

TEST_CASE("an event is decoded in the words of its table, unless it knows better",
          "[event_table]") {
  auto left = events.decode("leave", R"({"sessionId":"s1"})", alice, {});
  REQUIRE(left);
  CHECK(std::get<command::leave>(*left).call == call_id{"s1"});
  CHECK(std::get<command::leave>(*left).from
        == origin{alice.user, alice.device, call_kind::session});
  auto went = events.decode("go", R"({"sessionId":"s1"})", alice, {});
  REQUIRE(went);
  CHECK(std::get<command::leave>(*went).from.family == call_kind::direct);
}

TEST_CASE("what is no event or no JSON is refused before it is decoded", "[event_table]") {
  auto code = [](std::string_view name, std::string_view data, decode_limits limits = {}) {
    return events.decode(name, data, alice, limits).error().code;
  };
  CHECK(code("no such event", "{") == error_code::unknown_event);
  CHECK(code("leave", "{") == error_code::invalid_json);
  for (auto data : {"", "7", "[]", "{}"}) // none that has a field
    CHECK(code("leave", data) == error_code::session_required);
  CHECK(code("leave", R"({"sessionId":"s1"})", {1}) == error_code::session_required);
}
