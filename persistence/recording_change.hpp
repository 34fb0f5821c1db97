#pragma once

#include "persistence/video_rows.hpp"
#include "protocol/video.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace carillon::persistence {

/// What a piece of news does to the recordings of its call.
struct recording_change {
  enum class kind : std::uint8_t {
    nothing, ///< it comes too late, or says what is known
    insert,
    update,
  };
  kind what = kind::nothing;
  std::string id;      ///< `stream_recording_id` of the row that it is about
  std::string renames; ///< the id that this row has so far; empty: the same
};

/// What `news` does where the call has the recordings `known`. A row that turns out to be this
/// recording becomes it; a status only moves on; and another file under the id of a recording that
/// is ready, as Stream has it of a long recording that it cut, is a row of its own.
[[nodiscard]] recording_change change_by(const recording_news& news,
                                         std::span<const recording> known);

/// The columns that `read_recording` expects, in their order.
[[nodiscard]] std::string recording_columns(spell_time times);

/// A row with `recording_columns`; nothing, and logged, when it is not readable.
template <class Row>
std::optional<recording> read_recording(const Row& row) {
  const auto number = [&](int column) -> std::optional<std::int64_t> {
    if (row.null(column))
      return std::nullopt;
    return row.number(column);
  };
  recording what;
  what.id = row.text(0);
  what.call = call_id{row.text(1)};
  if (!set_word(what, row.text(2)))
    return std::nullopt;
  what.url = row.text(3);
  what.file_bytes = number(4);
  what.duration_s = number(5);
  what.created_at = time_or(row, 6, {});
  what.updated_at = time_or(row, 7, what.created_at);
  return what;
}

} // namespace carillon::persistence
