#pragma once

#include "net/exchange.hpp"

#include <string>

namespace carillon::net {

/// The status line and header of an answer, with the length of its body.
[[nodiscard]] std::string http_head(const exchange::response& what, bool keep_alive);

} // namespace carillon::net
