#pragma once

#include "protocol/errors.hpp"

#include <boost/beast/http/verb.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace carillon::net {

class exchange;

/// How a family of routes words its errors; in development perhaps with more in it.
using error_encoder = std::string (*)(const failure&, bool development);

/// One REST route. A plain value.
struct route {
  using verb = boost::beast::http::verb;

  verb method;
  std::string_view pattern;  ///< segments; one may be `:name`, which matches any one segment
  void (*handle)(exchange&); ///< called with the user known; answers through the exchange, once
  bool exempt_from_rate = false; ///< ending and rejecting are never refused for rate
  bool without_user = false; ///< `handle` is called with nobody known, whatever token there is
  error_encoder errors = nullptr; ///< in place of the family's; null: the family's
};

/// The REST routes of all families. Filled before the server starts, then immutable.
class route_table {
public:
  /// Adds routes below `prefix`, whose errors, those of unknown paths too, `errors` words.
  void add(std::string_view prefix, error_encoder errors, std::vector<route> routes);

  struct match {
    const route* found = nullptr;
    std::string_view parameter; ///< the segment that `:name` matched, still escaped
    std::string methods;        ///< when the path exists: what it allows, as in the header `Allow`
    error_encoder errors;       ///< of the family that the path belongs to
  };

  /// Looks a path without query up. HEAD is answered by the route of GET.
  [[nodiscard]] match find(route::verb method, std::string_view path) const;

private:
  struct family {
    std::string_view prefix;
    error_encoder errors;
    std::vector<route> routes;
  };
  std::vector<family> families_;
};

} // namespace carillon::net
