#include "persistence/history_looks.hpp"

#include "persistence/crc32.hpp"

#include <algorithm>

namespace carillon::persistence {

std::vector<user_id> users_to_look_at(std::span<const write_op> ops,
                                      const std::vector<bool>& changed,
                                      const history_shape& shape) {
  std::vector<user_id> users;
  for (std::size_t i = 0; i < ops.size(); ++i) {
    const auto* call = std::get_if<call_record>(&ops[i]);
    if (!call || call->kind() != call_kind::direct || !changed[i] || !call->ended_at)
      continue;
    // By the entry itself: not by a counter, with whose steps the traffic might be in tune.
    const auto chance = crc32(call->id.str()) * 2654435761u;
    for (const auto* user : {&call->caller, &call->direct().receiver}) {
      if ((chance + crc32(user->str())) / 65536u % shape.look == 0)
        users.push_back(*user);
    }
  }
  std::sort(users.begin(), users.end());
  users.erase(std::unique(users.begin(), users.end()), users.end());
  return users;
}

} // namespace carillon::persistence
