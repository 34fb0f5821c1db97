#pragma once

#include <string>
#include <string_view>

namespace carillon::load {

/// The text of the string member `name` in the JSON `data` from `from` on, which holds no escapes
/// in the members asked for; empty: there is none. Leaves `from` behind it.
inline std::string_view next_text_of(std::string_view data, std::string_view name,
                                     std::size_t& from) {
  auto key = "\"" + std::string{name} + "\":\"";
  auto begin = data.find(key, from);
  if (begin == std::string_view::npos)
    return {};
  begin += key.size();
  auto end = data.find('"', begin);
  from = end;
  return data.substr(begin, end - begin);
}

/// The first one of that name.
inline std::string_view text_of(std::string_view data, std::string_view name) {
  std::size_t from = 0;
  return next_text_of(data, name, from);
}

} // namespace carillon::load
