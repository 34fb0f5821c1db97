#pragma once

#include "protocol/commands.hpp"
#include "protocol/fwd.hpp"
#include "protocol/ids.hpp"
#include "protocol/records.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// What the benchmarks work on, of the sizes that clients really send.
namespace carillon::micro {

/// 24 hexadecimal digits, as ids of users and calls mostly are; too long for a string's own buffer.
[[nodiscard]] std::string hex_id(std::uint64_t number);

[[nodiscard]] user_id nth_user(std::uint64_t number);
[[nodiscard]] call_id nth_call(std::uint64_t number);

/// The two sides of the call that most benchmarks are about, each with one device.
[[nodiscard]] origin alice();
[[nodiscard]] origin bob();
[[nodiscard]] call_id the_call();

/// A moment to begin at.
[[nodiscard]] time_point noon();

[[nodiscard]] user_ptr record_of(const user_id& user);

/// A call between two users that is over, as it is written last.
[[nodiscard]] call_record ended_call(std::uint64_t number);

/// An ICE candidate's JSON as browsers send it, 200 bytes.
[[nodiscard]] std::string candidate_json();

/// A session description's JSON, about 2 kB; `type` is `offer` or `answer`.
[[nodiscard]] std::string sdp_json(std::string_view type);

/// The value that a relayed event of this kind carries.
[[nodiscard]] std::string payload_of(relay_kind kind);

/// The data of the client event that sends such a value from Alice to Bob.
[[nodiscard]] std::string relay_data(relay_kind kind);

} // namespace carillon::micro
