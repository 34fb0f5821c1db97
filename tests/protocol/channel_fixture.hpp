#pragma once

#include "protocol/channel.hpp"
#include "tests/catch.hpp"

#include <string>
#include <vector>

/// A channel of alice and bob, and commands of them and of the stranger eve.
namespace carillon::test {

inline const call_id c1{"c1"};
inline const user_id alice{"alice"};
inline const user_id bob{"bob"};
inline const user_id carol{"carol"};
inline const user_id eve{"eve"};

/// `s` seconds after some beginning.
inline time_point at(int s) { return from_epoch_ms(1762853400000 + std::int64_t{s} * 1000); }

inline origin from(const user_id& who) {
  return {who, device_id{"d-" + who.str()}, call_kind::stream};
}

inline command::send_message said(const user_id& who, std::string text, std::string id = {}) {
  return {from(who), c1, std::move(id), std::move(text), {}};
}

inline channel_record of_a_call() {
  channel_record out;
  out.call = c1;
  out.created_by = alice;
  out.members = {alice, bob};
  out.created_at = at(0);
  out.of_call = true;
  return out;
}

inline channel_record of_a_row() {
  auto out = of_a_call();
  out.of_call = false;
  out.stored = true;
  return out;
}

inline channel_record closed(channel_record what) {
  what.closed_at = at(5);
  return what;
}

/// The only answer of a step, which was refused so.
inline failure refused(const channel_outcome& out, std::uint64_t ticket) {
  REQUIRE(out.answers.size() == 1);
  CHECK(out.answers[0].ticket == ticket);
  CHECK_FALSE(out.write);
  CHECK_FALSE(out.keep);
  CHECK(out.news.empty());
  CHECK(out.lookups.empty());
  REQUIRE_FALSE(out.answers[0].what);
  return out.answers[0].what.error();
}

/// The answer to a ticket, which is a `T`.
template <class T>
T answered(const channel_outcome& out, std::uint64_t ticket) {
  for (const auto& one : out.answers)
    if (one.ticket == ticket) {
      REQUIRE(one.what);
      REQUIRE(std::holds_alternative<T>(*one.what));
      return std::get<T>(*one.what);
    }
  FAIL("no answer to " << ticket);
  return T{};
}

inline failure refusal_of(const channel_outcome& out, std::uint64_t ticket) {
  for (const auto& one : out.answers)
    if (one.ticket == ticket) {
      REQUIRE_FALSE(one.what);
      return one.what.error();
    }
  FAIL("no answer to " << ticket);
  return {};
}

inline bool is_quiet(const channel_outcome& out) {
  return !out.write && !out.keep && !out.closed && out.news.empty() && out.answers.empty()
         && out.lookups.empty();
}

} // namespace carillon::test
