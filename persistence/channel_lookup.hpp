#pragma once

#include "protocol/record_store.hpp"

namespace carillon::persistence {

/// The channel of `call`: its row (`made`), what the call of that id implies, or both joined. Asks
/// the kinds of call one after the other.
[[nodiscard]] result<std::optional<channel_record>>
find_channel(record_store& store, const call_id& call, std::optional<channel_record> made);

/// A page that the store has, or why there is none: `message_not_found`.
[[nodiscard]] result<message_page> page_of(result<std::optional<message_page>> found);

} // namespace carillon::persistence
