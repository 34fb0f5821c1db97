#include "protocol/dialects/event_table.hpp"

#include <algorithm>
#include <utility>

namespace carillon {

const event_row* event_table::find(std::string_view name) const noexcept {
  auto at = std::find_if(rows_.begin(), rows_.end(),
                         [&](const event_row& row) { return row.name == name; });
  return at == rows_.end() ? nullptr : &*at;
}

result<client_command> event_table::decode(std::string_view name, std::string_view data, origin who,
                                           const decode_limits& limits) const {
  const auto* row = find(name);
  if (row == nullptr)
    return error_code::unknown_event;
  auto fields = fields_of(data);
  if (!fields)
    return fields.error();
  who.family = family_;
  return row->decode(*fields, std::move(who), limits);
}

} // namespace carillon
