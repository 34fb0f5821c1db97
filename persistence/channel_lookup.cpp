#include "persistence/channel_lookup.hpp"

#include "protocol/video.hpp"

#include <utility>

namespace carillon::persistence {

result<std::optional<channel_record>> find_channel(record_store& store, const call_id& call,
                                                   std::optional<channel_record> made) {
  for (auto kind : {call_kind::direct, call_kind::session, call_kind::video}) {
    // A video call has its channel under the id that its clients gave it.
    const auto id = kind == call_kind::video ? video_call_id(call.str()) : call;
    auto found = store.load_call(kind, id);
    if (!found)
      return found.error();
    if (*found)
      return joined_channel(std::move(made), implied_channel(**found));
  }
  return made;
}

result<message_page> page_of(result<std::optional<message_page>> found) {
  if (!found)
    return found.error();
  if (!*found)
    return error_code::message_not_found;
  return std::move(**found);
}

} // namespace carillon::persistence
