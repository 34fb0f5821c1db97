#pragma once

#include "protocol/result.hpp"
#include "protocol/time.hpp"
#include "protocol/video.hpp"

#include <optional>
#include <string_view>

namespace carillon {

/// What a webhook came with, besides its body. Empty: the header was absent.
struct webhook_headers {
  std::string_view signature; ///< `X-Signature`: hexadecimal HMAC-SHA256 of the body
  std::string_view id;        ///< `X-Webhook-Id`: the same for every repetition
  std::string_view api_key;   ///< `X-Api-Key`
};

/// Whether `body` was signed with `secret`; compares in constant time. Hexadecimal digits of either
/// case.
[[nodiscard]] bool is_signed(std::string_view body, std::string_view signature,
                             std::string_view secret);

/// What a signed webhook tells of a recording; nothing for events of other kinds. `invalid_json`, or
/// `invalid_field` naming what is missing. The id is that of the header, else one made of the body.
[[nodiscard]] result<std::optional<recording_news>>
read_webhook(std::string_view body, const webhook_headers& headers, time_point now);

} // namespace carillon
