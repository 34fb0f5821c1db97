#pragma once

#include "persistence/store_error.hpp"
#include "protocol/records.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace carillon::persistence {

/// The columns of a direct call that `read_call` expects, in its order. `times` says how the store
/// spells a time column as milliseconds; the columns come from the table or alias `from`.
using spell_time = std::string (*)(std::string_view column);
[[nodiscard]] std::string call_columns(std::string_view from, spell_time times);

/// The columns that `read_user` expects, in its order.
[[nodiscard]] std::string user_columns(spell_time times);

/// The word that stands for a reason in the store: empty while the call has not ended.
[[nodiscard]] std::string_view stored_word(end_reason reason) noexcept;

/// Sets what is stored of a direct call as a word. False, and logged, for a word that this version
/// does not know.
[[nodiscard]] bool set_words(call_record& call, std::string_view type, std::string_view status,
                             std::string_view reason);

/// The direct call in a row with the columns of `call_columns`; nothing, and logged, when it is not
/// readable. `Row` has `text(i)`, `number(i)` and `null(i)`.
template <class Row>
std::optional<call_record> read_call(const Row& row) {
  const auto when = [&](int column) -> std::optional<time_point> {
    if (row.null(column))
      return std::nullopt;
    return from_epoch_ms(row.number(column));
  };
  call_record call;
  call.id = call_id{row.text(0)};
  call.caller = user_id{row.text(1)};
  call.direct().receiver = user_id{row.text(2)};
  if (!set_words(call, row.text(3), row.text(4), row.text(5)))
    return std::nullopt;
  call.direct().missed = row.number(6) != 0;
  call.direct().via_rest = row.number(7) != 0;
  call.version = static_cast<std::uint32_t>(row.number(8));
  call.duration_s = row.number(9);
  call.ended_by = user_id{row.text(10)};
  call.created_at = from_epoch_ms(row.number(11));
  call.started_at = when(12);
  call.ended_at = when(13);
  call.ring_deadline = when(14);
  call.call_deadline = when(15);
  return call;
}

/// The same for a row that cannot be passed over. Throws `store_error` when it is not readable.
template <class Row>
call_record require_call(const Row& row) {
  if (auto call = read_call(row))
    return std::move(*call);
  throw store_error(store_error::cause::data, "a stored call is not readable");
}

/// The user in a row with the columns of `user_columns`.
template <class Row>
user_record read_user(const Row& row) {
  const auto claims = [&](int first) {
    return user_claims{std::string{row.text(first)}, std::string{row.text(first + 1)},
                       std::string{row.text(first + 2)}, std::string{row.text(first + 3)}};
  };
  user_record user;
  user.id = user_id{row.text(0)};
  user.profile = claims(1);
  user.claimed = claims(5);
  user.created_at = from_epoch_ms(row.number(9));
  user.updated_at = from_epoch_ms(row.number(10));
  return user;
}

} // namespace carillon::persistence
