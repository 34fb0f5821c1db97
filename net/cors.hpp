#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon::net {

using header_list = std::vector<std::pair<std::string_view, std::string>>;

/// Which pages of other origins may read answers (`server.cors_origins`). Immutable, thread-safe.
class cors_policy {
public:
  explicit cors_policy(std::vector<std::string> origins);

  /// Adds what an answer to a request with this `Origin` (empty: none) has to carry.
  void decorate(header_list& headers, std::string_view origin) const;

  /// Adds what the answer to a preflight has to carry besides; `methods` are those of the path.
  void decorate_preflight(header_list& headers, std::string_view origin,
                          std::string_view methods) const;

private:
  [[nodiscard]] bool allows(std::string_view origin) const noexcept;

  std::vector<std::string> origins_;
  bool any_ = false;
};

} // namespace carillon::net
