#pragma once

#include "protocol/json.hpp"
#include "protocol/quality.hpp"
#include "protocol/result.hpp"

namespace carillon {

/// The figures of a quality sample that a client sent, each checked for its range; at least one of
/// them. `invalid_field` naming the first bad one, about `call`. REST and sockets of all families
/// read the same figures.
[[nodiscard]] result<quality_sample> sample_in(const json::object& from, const call_id& call);

} // namespace carillon
