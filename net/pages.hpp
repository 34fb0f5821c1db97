#pragma once

#include "net/exchange.hpp"
#include "net/page_file.hpp"

#include <span>
#include <string_view>

namespace carillon::net {

/// The pages by their paths. Immutable, thread-safe.
class page_shelf {
public:
  /// `files` sorted by path; they outlive this.
  explicit page_shelf(std::span<const page_file> files) noexcept
    : files_(files) {}

  [[nodiscard]] const page_file* find(std::string_view path) const noexcept;

private:
  std::span<const page_file> files_;
};

/// The answer to a GET of `file`: 200, or 304 when `if_none_match` names it. `accepts` is the
/// request's `Accept-Encoding`. Has the ETag, `Cache-Control` and `Vary`; pages (HTML) have the
/// security headers, too.
[[nodiscard]] exchange::response page_response(const page_file& file, std::string_view accepts,
                                               std::string_view if_none_match);

/// Whether an `Accept-Encoding` takes gzip (RFC 9110, section 12.5.3).
[[nodiscard]] bool takes_gzip(std::string_view accepts) noexcept;

/// Whether an `If-None-Match` names this tag, by weak comparison (RFC 9110, section 13.1.2).
[[nodiscard]] bool names_tag(std::string_view if_none_match, std::string_view etag) noexcept;

} // namespace carillon::net
