#pragma once

#include "persistence/channel_codec.hpp"
#include "persistence/rows.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What the stores' rows of channels, messages and the outbox have in common. `Row` has `text(i)`,
/// `number(i)` and `null(i)`.
namespace carillon::persistence {

/// The columns that `read_channel`, `read_message` and `read_entry` expect, in their order.
[[nodiscard]] std::string channel_columns(spell_time times);
[[nodiscard]] std::string message_columns(spell_time times);
[[nodiscard]] std::string entry_columns(spell_time times);

/// The one row that `read_backlog` expects; reads the outbox by its indexes.
[[nodiscard]] std::string backlog_columns();

/// Where a page of messages begins.
enum class page_from {
  newest, ///< at the newest one, and goes back
  before, ///< at a message, and goes back
  after,  ///< at a message, and goes on
};

[[nodiscard]] page_from beginning_of(const query::messages& what) noexcept;

/// The messages of a page: its parameters are the call, the number of rows, and the id of the
/// message where it begins. `spell` makes a text out of a parameter's number and type.
[[nodiscard]] std::string page_query(page_from from, spell_time times,
                                     std::string (*spell)(int number, std::string_view type));

/// The page that up to `limit` + 1 rows of `page_query` make.
[[nodiscard]] message_page make_page(std::vector<chat_message> rows, std::size_t limit,
                                     page_from from);

/// A place as a column of a store holds it.
[[nodiscard]] constexpr std::int64_t stored_place(std::uint64_t place) noexcept {
  constexpr auto highest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(place < highest ? place : highest);
}

/// Throws `store_error` when the members are not readable.
template <class Row>
channel_record read_channel(const Row& row) {
  channel_record channel;
  channel.call = call_id{row.text(0)};
  channel.created_by = user_id{row.text(1)};
  channel.call_type = row.text(2);
  auto members = members_in(row.text(3));
  if (!members)
    throw store_error(store_error::cause::data, "a stored channel is not readable");
  channel.members = std::move(*members);
  channel.created_at = from_epoch_ms(row.number(4));
  if (!row.null(5))
    channel.closed_at = from_epoch_ms(row.number(5));
  channel.stored = true;
  return channel;
}

template <class Row>
chat_message read_message(const Row& row) {
  chat_message message;
  message.call = call_id{row.text(0)};
  message.seq = static_cast<std::uint64_t>(row.number(1));
  message.id = row.text(2);
  message.from = user_id{row.text(3)};
  message.text = row.text(4);
  message.attachments = row.text(5);
  message.at = from_epoch_ms(row.number(6));
  return message;
}

/// Nothing, and logged, when its kind is not known to this version.
template <class Row>
std::optional<outbox_entry> read_entry(const Row& row) {
  const auto kind = outbox_kind_in(row.text(2));
  if (!kind)
    return std::nullopt;
  outbox_entry entry;
  entry.position = static_cast<std::uint64_t>(row.number(0));
  entry.lane = row.text(1);
  entry.kind = *kind;
  entry.path = row.text(3);
  entry.body = row.text(4);
  entry.created_at = from_epoch_ms(row.number(5));
  return entry;
}

template <class Row>
outbox_backlog read_backlog(const Row& row) {
  return {static_cast<std::uint64_t>(row.number(0)), static_cast<std::uint64_t>(row.number(1)),
          std::string{row.text(2)}, static_cast<std::uint64_t>(row.number(3))};
}

} // namespace carillon::persistence
