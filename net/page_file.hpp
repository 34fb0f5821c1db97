#pragma once

#include <span>
#include <string_view>

namespace carillon::net {

/// One file of the pages, as it is in the executable. All views have static storage.
struct page_file {
  std::string_view path;         ///< as asked for: `/`, `/ops`, `/assets/3f…/call/main.js`
  std::string_view content_type;
  std::string_view etag;         ///< with its quotes; of the plain bytes
  std::string_view bytes;
  std::string_view gzip;         ///< the same, compressed; empty: not worth it
  bool immutable = false;        ///< its path names its version
};

/// The pages that were built into this executable, by path. Made by `web/CMakeLists.txt`; only the
/// executable itself is linked with them.
[[nodiscard]] std::span<const page_file> embedded_pages() noexcept;

} // namespace carillon::net
