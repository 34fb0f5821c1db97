#pragma once

#include "protocol/command_sink.hpp"
#include "protocol/commands.hpp"
#include "protocol/dialects/words.hpp"
#include "protocol/json.hpp"
#include "protocol/result.hpp"

#include <span>
#include <string_view>

namespace carillon {

/// One event that clients of a family send.
struct event_row {
  using decoder = result<client_command> (*)(const json::object& from, origin who,
                                             const decode_limits& limits);

  std::string_view name;
  decoder decode; ///< never null
  bool exempt_from_rate = false;
  bool costly = false;
};

/// The events of one family. Immutable; the rows, the most frequent first, have static storage.
class event_table {
public:
  constexpr event_table(call_kind family, std::span<const event_row> rows) noexcept
    : family_(family)
    , rows_(rows) {}

  [[nodiscard]] call_kind family() const noexcept { return family_; }

  /// The event of this name, or null.
  [[nodiscard]] const event_row* find(std::string_view name) const noexcept;

  /// Decodes an event; `data` is the raw JSON of its first argument (empty: none). The family of
  /// `who` becomes the table's, unless the decoder knows better.
  [[nodiscard]] result<client_command> decode(std::string_view name, std::string_view data,
                                              origin who, const decode_limits& limits) const;

private:
  call_kind family_;
  std::span<const event_row> rows_;
};

} // namespace carillon
