#include "net/routes/ops.hpp"

#include "net/exchange.hpp"
#include "net/site.hpp"
#include "net/url.hpp"
#include "protocol/dialects/direct.hpp"
#include "protocol/dialects/ops.hpp"

#include <charconv>
#include <utility>

namespace carillon::net::routes {

namespace {

/// Runs `Handle` for administrators only.
template <void (*Handle)(exchange&)>
void for_admins(exchange& x) {
  x.is_admin() ? Handle(x) : x.refuse(error_code::not_authorized);
}

/// `?since=<beat>`; 0 without it.
result<std::uint64_t> decode_since(std::string_view query) {
  auto text = query_value(query, "since").value_or("0");
  std::uint64_t beat = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), beat);
  if (problem != std::errc{} || end != text.data() + text.size())
    return failure{error_code::invalid_query, "since"};
  return beat;
}

void overview(exchange& x) {
  auto since = decode_since(x.query());
  if (!since)
    return x.refuse(since.error());
  std::string answer = R"({"success":true,"data":)";
  answer += x.host().beats->since(*since);
  answer += '}';
  x.respond(200, std::move(answer));
}

void calls(exchange& x) {
  auto wanted = ops::decode_calls(x.query());
  if (!wanted)
    return x.refuse(wanted.error());
  x.submit(*std::move(wanted), [](exchange& then, reply_value& value) {
    if (const auto* found = then.expect<card_list>(value))
      then.respond(200, ops::encode_calls(*found));
  });
}

void tell_timeline(exchange& x, reply_value& value) {
  const auto* found = x.expect<timeline_answer>(value);
  if (!found)
    return;
  auto answer = ops::encode_timeline_answer(*found);
  answer ? x.respond(200, *std::move(answer)) : x.refuse(answer.error());
}

void timeline_of(exchange& x) {
  auto id = unescape(x.parameter(), false);
  if (!id || !is_id(*id))
    return x.refuse(error_code::call_not_found);
  x.submit(query::timeline_of{call_id{*std::move(id)}}, tell_timeline);
}

} // namespace

void add_ops(route_table& table) {
  using verb = route::verb;
  table.add("/api/ops", direct::encode_rest_error,
            {
                {verb::get, "/api/ops/overview", for_admins<overview>},
                {verb::get, "/api/ops/calls", for_admins<calls>},
                {verb::get, "/api/ops/calls/:callId/timeline", for_admins<timeline_of>},
            });
}

} // namespace carillon::net::routes
