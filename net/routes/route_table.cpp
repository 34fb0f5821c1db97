#include "net/routes/route_table.hpp"

#include "protocol/dialects/direct.hpp"

#include <boost/beast/http/verb.hpp>

#include <algorithm>
#include <optional>

namespace http = boost::beast::http;

namespace carillon::net {

namespace {

bool below(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix)
         && (path.size() == prefix.size() || path[prefix.size()] == '/' || prefix.ends_with('/'));
}

/// The parameter (empty for patterns without one) when `path` matches.
std::optional<std::string_view> fit(std::string_view pattern, std::string_view path) {
  auto colon = pattern.find(':');
  if (colon == std::string_view::npos)
    return path == pattern ? std::optional{std::string_view{}} : std::nullopt;
  auto tail = pattern.substr(std::min(pattern.find('/', colon), pattern.size()));
  if (!path.starts_with(pattern.substr(0, colon)) || path.size() < colon + tail.size()
      || !path.ends_with(tail))
    return std::nullopt;
  auto segment = path.substr(colon, path.size() - colon - tail.size());
  if (segment.empty() || segment.find('/') != std::string_view::npos)
    return std::nullopt;
  return segment;
}

/// Adds a method to the header's list; several patterns may match one path.
void allow(std::string& methods, std::string_view one) {
  for (auto rest = std::string_view{methods}; !rest.empty();) {
    auto named = rest.substr(0, rest.find(", "));
    if (named == one)
      return;
    rest.remove_prefix(std::min(named.size() + 2, rest.size()));
  }
  if (!methods.empty())
    methods += ", ";
  methods += one;
}

} // namespace

void route_table::add(std::string_view prefix, error_encoder errors, std::vector<route> routes) {
  families_.push_back({prefix, errors, std::move(routes)});
}

route_table::match route_table::find(route::verb method, std::string_view path) const {
  auto wanted = method == http::verb::head ? http::verb::get : method;
  match found;
  found.errors = direct::encode_rest_error;
  for (auto& part : families_) {
    if (!below(path, part.prefix))
      continue;
    found.errors = part.errors;
    for (auto& candidate : part.routes) {
      auto parameter = fit(candidate.pattern, path);
      if (!parameter)
        continue;
      allow(found.methods, http::to_string(candidate.method));
      if (candidate.method == http::verb::get)
        allow(found.methods, "HEAD");
      if (candidate.method == wanted && !found.found) {
        found.found = &candidate;
        found.parameter = *parameter;
      }
    }
  }
  if (!found.methods.empty())
    allow(found.methods, "OPTIONS");
  return found;
}

} // namespace carillon::net
