#pragma once

#include "protocol/client_link.hpp"
#include "protocol/dialects/relays.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/relay_permit.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

/// What the families share that encode events; for nobody else.
namespace carillon {

inline wire_event_ptr make_event(std::string_view name, json::writer&& data,
                                 std::uint64_t offset = 0) {
  return std::make_shared<const wire_event>(name, std::move(data).take(), offset);
}

/// The event of one kind of relay, and the member that has the client's own JSON.
struct relay_row {
  std::string_view name; ///< static storage
  std::string_view field;
};

/// Those of one family, in the order of `relay_kind`.
using relay_rows = std::array<relay_row, 3>;

[[nodiscard]] constexpr const relay_row& row_of(const relay_rows& rows, relay_kind kind) noexcept {
  return rows[static_cast<std::size_t>(kind)];
}

/// What relays of one sender look like; `write(out, field, payload)` writes the members of one.
template <class Write>
[[nodiscard]] relay_words words_around(call_kind family, const relay_rows& rows, Write write) {
  relay_words words;
  words.family = family;
  for (std::size_t kind = 0; kind < rows.size(); ++kind) {
    json::writer around;
    around.begin_object();
    write(around, rows[kind].field, std::string_view{"0"});
    around.end_object();
    words.by_kind[kind] = frame_around(rows[kind].name, rows[kind].field, around.text());
  }
  return words;
}

} // namespace carillon
