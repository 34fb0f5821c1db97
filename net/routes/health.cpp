#include "net/routes/health.hpp"

#include "config/command_line.hpp"
#include "net/exchange.hpp"
#include "net/metrics_text.hpp"
#include "net/site.hpp"
#include "protocol/dialects/direct.hpp"

namespace carillon::net::routes {

namespace {

constexpr std::string_view as_metrics = "text/plain; version=0.0.4; charset=utf-8";
constexpr std::string_view as_json = "application/json; charset=utf-8";

void metrics(exchange& x) {
  auto& host = x.host();
  const auto& counts = host.context.counts;
  metrics_inputs more;
  more.version = config::version();
  more.relays = host.pool.relay_latency();
  more.store_lag = store_lag(counts.now);
  if (const auto* mirror = host.context.mirror) {
    more.mirror_queued = static_cast<std::int64_t>(mirror->queued());
    more.mirror_failed = static_cast<std::int64_t>(mirror->failed());
  }
  read_process(more);
  x.finish({200, metrics_text(counts, more), as_metrics, {}});
}

void alive(exchange& x) { x.respond(200, R"({"status":"ok"})"); }

void is_ready(exchange& x) { x.respond(200, R"({"status":"ready"})"); }

void is_not(exchange& x, std::string_view why) {
  std::string body = R"({"status":")";
  body += why;
  body += "\"}";
  x.finish({503, std::move(body), as_json, {{"Retry-After", "1"}}});
}

void ready(exchange& x) {
  const auto& now = x.host().context.counts.now;
  if (now.draining)
    return is_not(x, "draining");
  if (now.store_away)
    return is_not(x, "store_away");
  if (auto known = x.host().ready.known(std::chrono::steady_clock::now()))
    return *known ? is_ready(x) : is_not(x, "store_away");
  x.submit(
      query::readiness{},
      [](exchange& then, reply_value&) {
        then.host().ready.tell(true);
        is_ready(then);
      },
      [](exchange& then, const failure& why) {
        then.host().ready.tell(false);
        is_not(then, why.code == error_code::shutting_down ? "draining" : "store_away");
      });
}

} // namespace

void add_health(route_table& table) {
  using verb = route::verb;
  constexpr bool open = true; // to anybody: nobody's rate is charged
  constexpr auto words = direct::encode_rest_error;
  table.add("/metrics", words, {{verb::get, "/metrics", metrics, false, open}});
  table.add("/healthz", words, {{verb::get, "/healthz", alive, false, open}});
  table.add("/readyz", words, {{verb::get, "/readyz", ready, false, open}});
}

} // namespace carillon::net::routes
