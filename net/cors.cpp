#include "net/cors.hpp"

#include <algorithm>

namespace carillon::net {

cors_policy::cors_policy(std::vector<std::string> origins)
  : origins_(std::move(origins)) {
  any_ = std::find(origins_.begin(), origins_.end(), "*") != origins_.end();
}

bool cors_policy::allows(std::string_view origin) const noexcept {
  return !origin.empty()
         && (any_ || std::find(origins_.begin(), origins_.end(), origin) != origins_.end());
}

void cors_policy::decorate(header_list& headers, std::string_view origin) const {
  if (origins_.empty())
    return;
  // Answers differ by origin, so caches must keep them apart, also for requests without one.
  if (!any_)
    headers.emplace_back("Vary", "Origin");
  if (!allows(origin))
    return;
  headers.emplace_back("Access-Control-Allow-Origin", any_ ? "*" : std::string{origin});
  headers.emplace_back("Access-Control-Expose-Headers", "Retry-After");
}

void cors_policy::decorate_preflight(header_list& headers, std::string_view origin,
                                     std::string_view methods) const {
  if (!allows(origin))
    return;
  headers.emplace_back("Access-Control-Allow-Methods", methods);
  headers.emplace_back("Access-Control-Allow-Headers", "Authorization, Content-Type");
  headers.emplace_back("Access-Control-Max-Age", "600");
}

} // namespace carillon::net
