#include "persistence/write_groups.hpp"

#include <string_view>
#include <unordered_set>

namespace carillon::persistence {

namespace {

// The rows that the group at hand touches. The views point into the ops.
struct touched_rows {
  std::unordered_set<std::string_view> users;
  std::unordered_set<std::string_view> records;
  std::unordered_set<std::string_view> hides;

  bool takes(const user_ptr& user) { return users.insert(user->id.str()).second; }
  bool takes(const call_record& call) {
    return !hides.contains(call.id.str()) && records.insert(call.id.str()).second;
  }
  bool takes(const hide_op& hide) { return hides.insert(hide.call.str()).second; }
};

} // namespace

std::vector<write_group> split_into_groups(std::span<const write_op> ops) {
  std::vector<write_group> groups;
  touched_rows touched;
  for (std::size_t i = 0; i < ops.size(); ++i) {
    const auto fits = [&] {
      return std::visit([&](const auto& op) { return touched.takes(op); }, ops[i]);
    };
    if (groups.empty())
      groups.emplace_back();
    if (!fits()) {
      groups.emplace_back();
      touched = {};
      fits(); // an empty group takes everything
    }
    auto& group = groups.back();
    (std::holds_alternative<user_ptr>(ops[i])      ? group.users
     : std::holds_alternative<call_record>(ops[i]) ? group.records
                                                   : group.hides)
        .push_back(i);
  }
  return groups;
}

} // namespace carillon::persistence
