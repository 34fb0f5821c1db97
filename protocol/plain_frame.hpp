#pragma once

#include "protocol/command_sink.hpp"
#include "protocol/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What clients say over plain WebSocket, and how any client names its token and its session. Pure
/// functions: any thread may call them.
namespace carillon {

/// A decoded frame of a client, `{"event":name,"data":…,"id":n}`.
struct plain_frame {
  std::string event;               ///< unescaped, never empty
  std::string_view data;           ///< JSON text inside of the decoded text; empty if there is none
  std::optional<std::uint64_t> id; ///< asks for an acknowledgement; below 2^53
};

/// Decodes the text of one message. What is no JSON object (UTF-8, nesting up to `json::max_depth`)
/// is `invalid_json`. An `event` that is no string, or an empty one, and an `id` that is neither
/// null nor a whole number from 0 that JavaScript counts exactly are `invalid_field` with the
/// member's name. Other members are ignored.
[[nodiscard]] result<plain_frame> decode_plain(std::string_view text);

/// The data of the event `hello`, `{"token":…,"resume":{"pid":…,"offset":…}}`.
struct plain_hello {
  std::string token; ///< not yet checked; empty if there is none
  std::optional<resume_request> resume;
};

/// Decodes the data of a `hello`: `invalid_field` ("data") if it is no JSON object. A token that is
/// no string counts as none, and so does a `resume` that is no object or has no `pid`.
[[nodiscard]] result<plain_hello> decode_hello(std::string_view data);

/// The session that a client names to go on with: `offset` is a decimal number, anything else
/// counts as none got yet. Nothing without a `pid`.
[[nodiscard]] std::optional<resume_request> resume_of(std::string_view pid,
                                                      std::string_view offset);

/// The token in the value of an `Authorization` header, a view into it; empty when that is of
/// another scheme than `Bearer`, which may be written in any case.
[[nodiscard]] std::string_view bearer_of(std::string_view authorization) noexcept;

} // namespace carillon
