#include "net/exchange.hpp"

#include "config/log.hpp"
#include "net/engine_door.hpp"
#include "net/engine_io_handshake.hpp"
#include "net/engine_io_session.hpp"
#include "net/site.hpp"
#include "net/url.hpp"
#include "protocol/dialects/direct.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace carillon::net {

namespace {

constexpr std::string_view welcome =
    "Carillon: a calling server.\n"
    "REST is below /api, the real-time protocol is Socket.IO at /socket.io/.\n";

/// Seconds that a refusal without its own figure asks to wait.
constexpr int default_retry_s = 1;

std::string_view text_of(boost::beast::string_view field) noexcept {
  return {field.data(), field.size()};
}

} // namespace

exchange::exchange(std::shared_ptr<site> host, io_executor executor, ip_address peer)
  : site_(std::move(host))
  , executor_(executor)
  , peer_(std::move(peer))
  , errors_(direct::encode_rest_error) {}

ip_address exchange::client_address(const request& from) const {
  std::string chain;
  auto [begin, end] = from.equal_range("X-Forwarded-For");
  for (auto it = begin; it != end; ++it) {
    if (!chain.empty())
      chain += ',';
    chain += std::string_view{it->value().data(), it->value().size()};
  }
  return site_->proxies.client_of(peer_, chain);
}

template <class Step>
void exchange::guarded(Step step) {
  try {
    step();
  } catch (const std::exception& problem) {
    log::error("request_failed", {{"error", problem.what()}});
    waiting_for_ = 0;
    refuse(error_code::internal);
  }
}

void exchange::handle(request what) {
  request_ = std::move(what);
  guarded([this] { route_request(); });
}

void exchange::route_request() {
  user_ = {};
  is_admin_ = false;
  auto target = split_target({request_.target().data(), request_.target().size()});
  query_ = target.query;
  if (auto wire = wire_at(target.path, site_->settings().server.conformance_echo))
    return take_engine_request(*this, *wire);
  auto found = site_->routes.find(request_.method(), target.path);
  errors_ = found.errors;
  parameter_ = found.parameter;

  const auto* page = site_->pages.find(target.path);
  auto is_root = target.path == "/";
  if (page || is_root)
    found.methods = "GET, HEAD, OPTIONS";
  if (found.methods.empty())
    return refuse(error_code::route_not_found);
  if (request_.method() == http::verb::options)
    return options(found, text_of(request_[http::field::origin]));
  if (found.found) {
    if (found.found->errors)
      errors_ = found.found->errors;
    return found.found->without_user ? found.found->handle(*this) : authenticate(*found.found);
  }
  if (request_.method() == http::verb::get || request_.method() == http::verb::head) {
    if (page)
      return finish(page_response(*page, text_of(request_[http::field::accept_encoding]),
                                  text_of(request_[http::field::if_none_match])));
    if (is_root)
      return finish({200, std::string{welcome}, "text/plain; charset=utf-8", {}});
  }

  failure why{error_code::method_not_allowed};
  site_->context.counts.refused(why.code);
  auto text = errors_(why, site_->settings().server.development);
  finish({405, std::move(text), "application/json; charset=utf-8", {{"Allow", found.methods}}});
}

void exchange::options(const route_table::match& found, std::string_view origin) {
  response answer{204, {}, {}, {{"Allow", found.methods}}};
  if (request_.find(http::field::access_control_request_method) != request_.end())
    site_->cors.decorate_preflight(answer.headers, origin, found.methods);
  finish(std::move(answer));
}

void exchange::authenticate(const route& to) {
  auto token = bearer_token(request_);
  if (token.empty())
    return refuse(error_code::unauthorized);
  if (known_ && known_->text == token
      && (!known_->expires_at || site_->context.time.now() < *known_->expires_at)) {
    user_ = known_->user;
    is_admin_ = known_->is_admin;
    return enter(to);
  }
  known_.reset();
  auto verdict = site_->check(token, client_address(request_));
  if (!verdict)
    return refuse(verdict.error());

  user_ = verdict->who.user;
  is_admin_ = is_admin(verdict->who);
  // The token becomes known only when its user is.
  auto remember = [&to, token = std::string{token},
                   expires_at = verdict->expires_at](exchange& self, reply_value&) {
    self.known_ = known_token{token, expires_at, self.user_, self.is_admin_};
    self.enter(to);
  };
  introduce(std::move(verdict->who), std::move(remember));
}

bool exchange::is_admin(const identity& who) const {
  const auto& named = site_->settings().auth.admin_users;
  return who.claims.role == "admin"
         || std::find(named.begin(), named.end(), who.user.str()) != named.end();
}

void exchange::enter(const route& to) {
  if (!to.exempt_from_rate) {
    if (auto wait = site_->limits.rest(user_, clock::monotonic::now()); wait > 0) {
      failure why{error_code::rate_limited};
      why.retry_after_s = wait;
      return refuse(why);
    }
  }
  to.handle(*this);
}

bool exchange::take_costly() {
  auto wait = site_->limits.costly(user_, clock::monotonic::now());
  if (wait == 0)
    return true;
  failure why{error_code::rate_limited};
  why.retry_after_s = wait;
  refuse(why);
  return false;
}

void exchange::introduce(identity who, continuation then) {
  site_->context.sink.seen(std::move(who), await(std::move(then)));
}

reply_to exchange::await(continuation then) {
  then_ = std::move(then);
  otherwise_ = nullptr;
  waiting_for_ = ++last_token_;
  return {shared_from_this(), waiting_for_};
}

void exchange::submit_to(client_command what, reply_to to) {
  site_->context.sink.submit(std::move(what), std::move(to));
}

void exchange::submit_to(client_query what, reply_to to) {
  site_->context.sink.ask(std::move(what), std::move(to));
}

void exchange::submit_to(recording_news what, reply_to to) {
  site_->context.sink.take(std::move(what), std::move(to));
}

void exchange::answer(std::uint64_t token, result<reply_value> what) noexcept {
  try {
    // Posted on its own thread too: the sink may answer before it returns to the route.
    asio::post(executor_, [self = shared_from_this(), token, got = std::move(what)]() mutable {
      self->resume(token, std::move(got));
    });
  } catch (const std::exception& problem) {
    log::error("answer_lost", {{"error", problem.what()}});
  }
}

void exchange::resume(std::uint64_t token, result<reply_value> what) {
  if (token != waiting_for_)
    return;
  waiting_for_ = 0;
  auto then = std::exchange(then_, nullptr);
  auto otherwise = std::exchange(otherwise_, nullptr);
  guarded([&] {
    if (what)
      then(*this, what.value());
    else if (otherwise)
      otherwise(*this, what.error());
    else
      refuse(what.error());
  });
}

void exchange::respond(unsigned status, std::string json) {
  finish({status, std::move(json), "application/json; charset=utf-8", {}});
}

void exchange::refuse(const failure& why) {
  refuse(why, static_cast<unsigned>(describe(why.code).http_status));
}

void exchange::refuse(const failure& why, unsigned status) {
  site_->context.counts.refused(why.code);
  auto development = site_->settings().server.development;
  response answer{status, errors_(why, development), "application/json; charset=utf-8", {}};
  if (status == 401 && why.code != error_code::bad_signature) // for which no token would help
    answer.headers.emplace_back("WWW-Authenticate", "Bearer");
  auto passes = status == 429 || status == 503;
  if (passes && why.code != error_code::stream_not_configured) // that does not pass by waiting
    answer.headers.emplace_back(
        "Retry-After", std::to_string(why.retry_after_s > 0 ? why.retry_after_s : default_retry_s));
  finish(std::move(answer));
}

void exchange::refuse_unread(const failure& why, unsigned status, std::string_view path) {
  request_ = {};
  query_ = parameter_ = {};
  errors_ = site_->routes.find(route::verb::get, path).errors;
  refuse(why, status);
}

void exchange::give_up() {
  if (waiting_for_ == 0)
    return;
  waiting_for_ = 0;
  then_ = nullptr;
  otherwise_ = nullptr;
  refuse(error_code::internal);
}

held_reply exchange::hold(std::shared_ptr<engine_io_session> by) {
  held_by_ = std::move(by);
  waiting_for_ = 0;
  on_held();
  return {shared_from_this(), ++last_token_};
}

void exchange::answer_held(std::uint64_t ticket, response what) {
  asio::dispatch(executor_, [self = shared_from_this(), ticket, got = std::move(what)]() mutable {
    if (!self->held_by_ || ticket != self->last_token_)
      return;
    self->held_by_ = nullptr;
    self->finish(std::move(got));
  });
}

void exchange::let_go() noexcept {
  if (!held_by_)
    return;
  try {
    auto session = std::exchange(held_by_, nullptr);
    auto to = session->executor();
    asio::post(to,
               [session = std::move(session), lost = held_reply{shared_from_this(), last_token_}] {
                 session->on_request_lost(lost);
               });
  } catch (const std::exception& problem) {
    log::error("request_not_let_go", {{"error", problem.what()}});
  }
}

void exchange::finish(response what) {
  site_->cors.decorate(what.headers, text_of(request_[http::field::origin]));
  send(std::move(what));
}

} // namespace carillon::net
