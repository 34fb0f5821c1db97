#include "protocol/dialects/video.hpp"

#include <array>
#include <utility>

// Events from clients.

namespace carillon::video {

namespace {

/// `video_call_id` of the call that an event names.
result<call_id> call_in(const json::object& from) {
  auto id = id_in(from, "call_id", error_code::invalid_field, error_code::call_not_found);
  if (!id)
    return id.error().code == error_code::invalid_field ? bad_field({}, "call_id") : id.error();
  return video_call_id(*id);
}

template <class Command>
result<client_command> decode(const json::object& from, origin who, const decode_limits&) {
  auto call = call_in(from);
  if (!call)
    return call.error();
  return client_command{Command{std::move(who), std::move(*call)}};
}

constexpr std::array<event_row, 2> rows{{
    {"call.join", decode<command::enter_call>},
    {"call.leave", decode<command::leave>, true},
}};

} // namespace

const event_table& events() noexcept {
  static constexpr event_table table{call_kind::video, rows};
  return table;
}

bool knows(std::string_view event_name) noexcept { return events().find(event_name) != nullptr; }

result<client_command> decode_event(std::string_view event_name, std::string_view data, origin from,
                                    const decode_limits& limits) {
  return events().decode(event_name, data, std::move(from), limits);
}

} // namespace carillon::video
