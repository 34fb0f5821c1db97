#pragma once

#include "protocol/commands.hpp"
#include "protocol/errors.hpp"
#include "protocol/json.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/records.hpp"
#include "protocol/result.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// What the dialects of all families share.
namespace carillon {

/// Limits that decoding applies.
struct decode_limits {
  std::size_t sdp_bytes = 65536; ///< of an offer or an answer, as JSON text; 0: none
};

/// The fields that a client sent; none if it sent no JSON at all or something that has no fields.
[[nodiscard]] result<json::object> fields_of(std::string_view data);

/// The id in field `name`: `missing` when there is no text in it, `unknown` when nothing can have
/// that id.
[[nodiscard]] result<std::string> id_in(const json::object& from, std::string_view name,
                                        error_code missing, error_code unknown);

/// `invalid_field` naming the field, about `call`.
[[nodiscard]] failure bad_field(const call_id& call, std::string_view name);

/// Whether a client's member says nothing: it is not there, or null.
[[nodiscard]] bool is_absent(const json::member* what) noexcept;

/// A text of at most `bytes` without control characters; empty if it is left out, `invalid_field`
/// about `call` if it is anything else.
[[nodiscard]] result<std::string> short_text_in(const json::object& from, const call_id& call,
                                                std::string_view name, std::size_t bytes);

/// Whether a text has a control character (of ASCII).
[[nodiscard]] bool has_controls(std::string_view text) noexcept;

/// The value that a relay carries, as it stands: checked to be there, to be no null where it must
/// not be, and for its size.
[[nodiscard]] result<std::string> payload_in(const json::object& from, const call_id& call,
                                             std::string_view name, relay_kind kind,
                                             const decode_limits& limits);

/// The text without its percent signs; nothing where one is not followed by two hexadecimal digits.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

/// Calls `take(name, value)` for each parameter of a query string, both decoded; the first one that
/// it does not take is `invalid_query` naming it.
template <class Take>
[[nodiscard]] status each_parameter(std::string_view query_string, Take take) {
  while (!query_string.empty()) {
    auto parameter = query_string.substr(0, query_string.find('&'));
    query_string.remove_prefix(std::min(parameter.size() + 1, query_string.size()));
    auto name = percent_decoded(parameter.substr(0, parameter.find('=')));
    auto equals = std::min(parameter.find('='), parameter.size());
    auto value = percent_decoded(parameter.substr(std::min(equals + 1, parameter.size())));
    // A value that cannot be decoded is as bad as one that means nothing.
    if (name && !take(std::string_view{*name}, std::string_view{value ? *value : "%"}))
      return failure{error_code::invalid_query, *name};
  }
  return success();
}

/// The number that `text` is from its first to its last character, if it is within the bounds.
[[nodiscard]] std::optional<int> number_in(std::string_view text, int min, int max);

/// A time as ISO 8601, or null.
void write_time(json::writer& out, std::string_view name, const std::optional<time_point>& at);

/// A text, or null if it is empty.
void write_text(json::writer& out, std::string_view name, std::string_view text);

/// The fields of a user as others see it: `_id`, `username`, `email`, `images`, `isOnline`.
void write_user_fields(json::writer& out, const user_view& who);

/// `streamChannelId`: the channel that a call has by itself, or null.
void write_channel(json::writer& out, const call_record& call);

/// The text of a failure for a client: without the detail where that is for the log only (why a
/// token was refused, what a store said).
[[nodiscard]] std::string text_for_client(const failure& why);

} // namespace carillon
