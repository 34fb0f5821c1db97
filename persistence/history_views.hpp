#pragma once

#include "persistence/history_sql.hpp"
#include "protocol/records.hpp"

#include <array>
#include <cstddef>
#include <optional>

namespace carillon::persistence {

/// The parts of a user's history of direct calls, each with an index of its own.
enum class history_part { made, received, missed };

/// What a page of a history of direct calls is made of. `stream` spells the entries of one part and
/// type.
[[nodiscard]] history_view direct_view(bool missed_only, std::optional<media_type> type,
                                       history_stream (*stream)(history_part, media_type));

/// A place of its own for each view that can be asked for.
[[nodiscard]] constexpr std::size_t view_index(bool missed_only, std::optional<media_type> type) {
  return (missed_only ? 3u : 0u) + (type ? 1u + static_cast<std::size_t>(*type) : 0u);
}

/// `make(missed_only, type)` for all of them, at their places.
template <class Statement>
std::array<Statement, 6> for_each_view(Statement (*make)(bool, std::optional<media_type>)) {
  std::array<Statement, 6> all;
  for (bool missed_only : {false, true}) {
    all[view_index(missed_only, {})] = make(missed_only, {});
    for (auto type : {media_type::audio, media_type::video})
      all[view_index(missed_only, type)] = make(missed_only, type);
  }
  return all;
}

} // namespace carillon::persistence
