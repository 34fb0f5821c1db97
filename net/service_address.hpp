#pragma once

#include "protocol/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace carillon::net {

/// Where an HTTPS service is. A plain value.
struct service_address {
  std::string host; ///< a name or an address, without brackets
  std::uint16_t port = 443;
  std::string base_path; ///< begins with a slash and does not end with one; or empty

  /// The header `Host`: without the port where it is HTTPS's own.
  [[nodiscard]] std::string host_header() const;
};

/// Reads `https://host[:port][/path]`; `invalid_field` saying what is wrong with it.
[[nodiscard]] result<service_address> parse_service_address(std::string_view url);

} // namespace carillon::net
