// Frames of plain WebSocket: an input is the text of one message, and the value of a header too.

#include "protocol/json.hpp"
#include "protocol/plain_frame.hpp"
#include "tests/fuzz/target.hpp"

namespace carillon::fuzz {

namespace {

std::string canonical(const plain_frame& what) {
  json::writer text;
  text.begin_object().field("event", std::string_view{what.event});
  if (!what.data.empty())
    text.key("data").raw(what.data);
  if (what.id)
    text.field("id", static_cast<std::int64_t>(*what.id));
  text.end_object();
  return std::move(text).take();
}

std::string canonical(const plain_hello& what) {
  json::writer text;
  text.begin_object().field("token", std::string_view{what.token});
  if (what.resume) {
    text.key("resume").begin_object().field("pid", std::string_view{what.resume->pid});
    auto offset = std::to_string(what.resume->offset);
    text.field("offset", std::string_view{offset}).end_object();
  }
  text.end_object();
  return std::move(text).take();
}

void check_hello(std::string_view data) {
  auto hello = decode_hello(data);
  if (!hello) {
    FUZZ_REQUIRE(hello.error().code == error_code::invalid_field);
    return FUZZ_REQUIRE(hello.error().detail == "data" && !json::object::parse(data));
  }
  FUZZ_REQUIRE(!hello->resume || !hello->resume->pid.empty());
  auto back = decode_hello(canonical(*hello));
  FUZZ_REQUIRE(back && back->token == hello->token);
  FUZZ_REQUIRE(back->resume.has_value() == hello->resume.has_value());
  FUZZ_REQUIRE(!back->resume
               || (back->resume->pid == hello->resume->pid
                   && back->resume->offset == hello->resume->offset));
}

void check_bearer(std::string_view header) {
  auto token = bearer_of(header);
  FUZZ_REQUIRE(is_inside(token, header) && !token.starts_with(' '));
  FUZZ_REQUIRE(token.empty() || token.data() + token.size() == header.data() + header.size());
  auto again = "Bearer " + std::string{token};
  FUZZ_REQUIRE(bearer_of(again) == token);
}

} // namespace

void check(std::string_view input) {
  check_bearer(input);
  check_hello(input);
  auto frame = decode_plain(input);
  if (!frame) {
    const auto& why = frame.error();
    if (why.code == error_code::invalid_json)
      return FUZZ_REQUIRE(!json::object::parse(input));
    FUZZ_REQUIRE(why.code == error_code::invalid_field);
    return FUZZ_REQUIRE(why.detail == "event" || why.detail == "id");
  }
  FUZZ_REQUIRE(!frame->event.empty());
  FUZZ_REQUIRE(!frame->id || *frame->id < (std::uint64_t{1} << 53));
  FUZZ_REQUIRE(is_inside(frame->data, input));
  FUZZ_REQUIRE(frame->data.empty() || json::valid(frame->data));
  auto text = canonical(*frame);
  auto back = decode_plain(text);
  FUZZ_REQUIRE(back && back->event == frame->event && back->id == frame->id);
  FUZZ_REQUIRE(back->data == frame->data);
  check_hello(frame->data);
}

} // namespace carillon::fuzz
