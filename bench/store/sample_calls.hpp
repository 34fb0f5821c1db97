#pragma once

#include "protocol/records.hpp"

#include <cstdint>
#include <string>

namespace carillon::store_bench {

/// The `n`th call's id: as the server makes them, the second first and the rest scattered.
[[nodiscard]] call_id nth_id(std::uint64_t n, time_point created);

/// The `n`th call, ringing, version 1, between users of 24 characters.
[[nodiscard]] call_record ringing(std::uint64_t n, const user_id& caller, const user_id& receiver,
                                  time_point created);

[[nodiscard]] call_record active(call_record call);    ///< version 2 of a ringing call
[[nodiscard]] call_record completed(call_record call); ///< version 3 of an active call
[[nodiscard]] call_record missed(call_record call);    ///< version 2 of a ringing call

/// One of many users.
[[nodiscard]] user_id nth_user(std::uint64_t n);

} // namespace carillon::store_bench
