#pragma once

#include "protocol/records.hpp"
#include "protocol/timeline.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What operators, and people who look whom they can call, ask for.
namespace carillon {

namespace query {

/// Those of `ids` that are known, in their order, with whether they have a device now. Up to 100.
struct people {
  std::vector<user_id> ids;
};

/// For operators: calls of all kinds, newest first. Without `user` the live ones and those that
/// ended not long ago, from memory; with it that user's ended ones, from the store.
struct calls {
  std::optional<user_id> user;
  int limit = 100; ///< 1 to 500
};

/// For operators: the timeline of a call, live or past.
struct timeline_of {
  call_id call;
};

/// Whether the store can be read now.
struct readiness {};

} // namespace query

/// One call as operators see it in lists.
struct call_card {
  static constexpr std::size_t most_people = 32; ///< of more nobody sees all in a list

  call_id call;
  call_kind kind = call_kind::direct;
  call_state state = call_state::ringing;
  call_status status = call_status::no_answer;
  end_reason reason = end_reason::none;
  std::vector<user_id> people; ///< who began it first, up to `most_people`
  time_point created_at{};
  std::optional<time_point> started_at;
  std::optional<time_point> ended_at;
  std::uint32_t in = 0;   ///< legs that are in
  std::uint32_t away = 0; ///< of those, without a device

  friend bool operator==(const call_card&, const call_card&) = default;
};

/// Of a call's record; `away` is not in it.
[[nodiscard]] call_card card_of(const call_record& record);

/// Answers `query::people`.
struct people_list {
  std::vector<user_view> users;
};

/// Answers `query::calls`; `names` of each in the order of its people (an id where no name is known).
struct card_list {
  struct entry {
    call_card card;
    std::vector<std::string> names;
  };
  std::vector<entry> live;
  std::vector<entry> ended;
  std::size_t live_in_all = 0; ///< there may be more than were asked for
};

/// Answers `query::timeline_of`.
struct timeline_answer {
  timeline_ptr text; ///< never null
  bool live = false;
};

} // namespace carillon
