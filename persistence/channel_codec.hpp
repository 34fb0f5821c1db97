#pragma once

#include "persistence/op_bytes.hpp"
#include "protocol/record_store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon::persistence {

/// The ops of channels and of the outbox in the spool, without their first byte.
void put_channel(byte_writer& out, const channel_record& what);
void put_message(byte_writer& out, const chat_message& what);
void put_entry(byte_writer& out, const outbox_entry& what);
void put_result(byte_writer& out, const outbox_result& what);
[[nodiscard]] channel_record get_channel(byte_reader& in);
[[nodiscard]] chat_message_ptr get_message(byte_reader& in);
[[nodiscard]] std::optional<outbox_entry> get_entry(byte_reader& in);
[[nodiscard]] outbox_result get_result(byte_reader& in);

/// The word of an entry's kind, as it is stored; nothing, and logged, for one that this version
/// does not know.
[[nodiscard]] std::optional<outbox_kind> outbox_kind_in(std::string_view word);

/// Members as the column holds them: a JSON array of ids.
[[nodiscard]] std::string members_text(const std::vector<user_id>& members);
[[nodiscard]] std::optional<std::vector<user_id>> members_in(std::string_view text);

} // namespace carillon::persistence
