#pragma once

#include "protocol/result.hpp"
#include "protocol/stream_token.hpp"

#include <string>

/// The words of `POST /api/v1/stream/token`.
namespace carillon::token {

/// `{success:true, data:{token, userId, expiresAt}, message}`.
[[nodiscard]] std::string encode_token(const stream_token& token, const user_id& user);

/// `{success:false, message, error, code}`: `message` is always the document's own text where the
/// server could not make a token.
[[nodiscard]] std::string encode_rest_error(const failure& why, bool development);

} // namespace carillon::token
