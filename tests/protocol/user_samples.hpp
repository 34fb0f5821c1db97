#pragma once

#include "protocol/records.hpp"

#include <memory>
#include <string>
#include <utility>

/// Users as others see them, for tests of how things are worded.
namespace carillon::samples {

inline user_view seen(std::string id, user_claims profile, bool online) {
  return {std::make_shared<const user_record>(
              user_record{user_id{std::move(id)}, profile, profile, {}, {}}),
          online};
}

inline const user_id alice{"alice"};
inline const user_id bob{"bob"};

inline const user_view alice_view =
    seen("alice", {"Alice", "alice@x.org", "https://x.org/a.png", ""}, true);

} // namespace carillon::samples
