#include "net/routes/token.hpp"

#include "net/exchange.hpp"
#include "net/site.hpp"
#include "protocol/dialects/token.hpp"

namespace carillon::net::routes {

namespace {

void make_token(exchange& x) {
  if (!x.take_costly())
    return;
  if (x.host().settings().stream.api_secret.empty())
    return x.refuse(failure{error_code::stream_not_configured, "stream.api_secret is not set"});
  x.submit(query::stream_token{x.user(), short_token_ttl}, [](exchange& then, reply_value& value) {
    if (auto* made = then.expect<stream_token>(value))
      then.respond(200, token::encode_token(*made, then.user()));
  });
}

} // namespace

void add_token(route_table& table) {
  using verb = route::verb;
  table.add("/api/v1/stream", token::encode_rest_error,
            {
                {verb::post, "/api/v1/stream/token", make_token},
            });
}

} // namespace carillon::net::routes
