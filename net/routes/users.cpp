#include "net/routes/users.hpp"

#include "net/exchange.hpp"
#include "protocol/dialects/direct.hpp"
#include "protocol/dialects/ops.hpp"

#include <utility>

namespace carillon::net::routes {

namespace {

void list(exchange& x) {
  auto wanted = ops::decode_people(x.query());
  if (!wanted)
    return x.refuse(wanted.error());
  x.submit(*std::move(wanted), [](exchange& then, reply_value& value) {
    if (const auto* found = then.expect<people_list>(value))
      then.respond(200, ops::encode_people(*found));
  });
}

} // namespace

void add_users(route_table& table) {
  using verb = route::verb;
  table.add("/api/users", direct::encode_rest_error,
            {
                {verb::get, "/api/users", list},
            });
}

} // namespace carillon::net::routes
