#pragma once

#include "persistence/history_shape.hpp"
#include "protocol/record_store.hpp"

#include <span>
#include <vector>

namespace carillon::persistence {

/// The users whose histories a store looks at after it wrote `ops`, of which those changed
/// something that `changed` says: of one entry in `shape.look` that ended, without repetition.
[[nodiscard]] std::vector<user_id> users_to_look_at(std::span<const write_op> ops,
                                                    const std::vector<bool>& changed,
                                                    const history_shape& shape);

} // namespace carillon::persistence
