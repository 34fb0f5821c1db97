#include "net/routes/demo.hpp"

#include "net/exchange.hpp"
#include "net/site.hpp"
#include "protocol/dialects/direct.hpp"
#include "protocol/dialects/ops.hpp"
#include "protocol/json_writer.hpp"

#include <algorithm>
#include <array>

namespace carillon::net::routes {

namespace {

constexpr seconds signed_in_for = std::chrono::hours{12};

struct demo_user {
  std::string_view id;
  std::string_view name;
  std::string_view role{};
};

constexpr demo_user demo_operator{"operator", "Operator", "admin"};
constexpr std::array people{demo_user{"alice", "Alice"}, demo_user{"bob", "Bob"},
                            demo_user{"carol", "Carol"}, demo_user{"dave", "Dave"}};

identity identity_of(const demo_user& who) {
  identity made;
  made.user = user_id{std::string{who.id}};
  made.claims.name = who.name;
  made.claims.role = who.role;
  return made;
}

/// Null when there is none.
const demo_user* find(const user_id& id) noexcept {
  if (id.str() == demo_operator.id)
    return &demo_operator;
  const auto* at = std::find_if(people.begin(), people.end(),
                                [&](const demo_user& one) { return one.id == id.str(); });
  return at != people.end() ? at : nullptr;
}

void write_user(json::writer& out, const demo_user& who) {
  out.begin_object().field("_id", who.id).field("username", who.name).end_object();
}

void list(exchange& x) {
  json::writer answer;
  answer.begin_object().field("success", true).key("data").begin_object();
  answer.key("users").begin_array();
  for (auto& one : people)
    write_user(answer, one);
  answer.end_array().field("operator", demo_operator.id);
  answer.end_object().end_object();
  x.respond(200, std::move(answer).take());
}

void give_token(exchange& x, const demo_user& who) {
  const auto& auth = x.host().settings().auth;
  auto now = x.host().context.time.now();
  auto token = make_token(auth.jwt_secret, identity_of(who), now, signed_in_for, auth.jwt_issuer,
                          auth.jwt_audience);
  json::writer answer;
  answer.begin_object().field("success", true).field("message", "Signed in");
  answer.key("data").begin_object().field("token", std::string_view{token});
  answer.key("user");
  write_user(answer, who);
  answer.field("expiresAt", std::string_view{to_iso8601(now + signed_in_for)});
  answer.end_object().end_object();
  x.respond(200, std::move(answer).take());
}

void sign_in(exchange& x) {
  auto wanted = ops::decode_demo(x.body());
  if (!wanted)
    return x.refuse(wanted.error());
  const auto* who = find(*wanted);
  if (!who)
    return x.refuse(failure{error_code::invalid_field, "user"});
  // Whom somebody sees on the page can be called, also before they were ever here.
  for (auto& one : people)
    if (&one != who)
      x.host().context.sink.seen(identity_of(one), {});
  x.introduce(identity_of(*who), [who](exchange& then, reply_value&) { give_token(then, *who); });
}

} // namespace

bool has_demo(const config::settings& how) noexcept {
  return how.server.development && !how.auth.jwt_secret.empty();
}

void add_demo(route_table& table, const config::settings& how) {
  using verb = route::verb;
  constexpr bool open = true;
  if (!has_demo(how))
    return;
  table.add("/api/demo", direct::encode_rest_error,
            {
                {verb::get, "/api/demo/users", list, false, open},
                {verb::post, "/api/demo/session", sign_in, false, open},
            });
}

} // namespace carillon::net::routes
