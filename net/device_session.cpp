#include "net/device_session.hpp"

#include "config/log.hpp"
#include "protocol/dialects/families.hpp"
#include "protocol/json.hpp"
#include "protocol/random_id.hpp"

#include <boost/asio/dispatch.hpp>

#include <algorithm>

namespace asio = boost::asio;

namespace carillon::net {

namespace {

/// The longest wait for a token's expiry in one piece; the clock may be corrected in between.
constexpr std::chrono::hours longest_watch{24};

/// What an answer of the sink is to; the low bits of a reply's token. The family in whose words an
/// event is answered is in the two next bits, and the acknowledgement id, which the decoder keeps
/// below 2^53, is above.
enum purpose : std::uint64_t { plain_event = 0, acked_event = 1, seeing = 2, attaching = 3 };
constexpr unsigned family_bit = 2;
constexpr std::uint64_t mask = 3; // of a purpose, and of a family
constexpr unsigned ack_bit = 4;
static_assert(static_cast<std::uint64_t>(call_kind::stream) <= mask);

std::uint64_t token_of(call_kind family, std::optional<std::uint64_t> ack) noexcept {
  auto words = static_cast<std::uint64_t>(family) << family_bit;
  return ack ? *ack << ack_bit | words | acked_event : words | plain_event;
}

call_kind family_in(std::uint64_t token) noexcept {
  return static_cast<call_kind>(token >> family_bit & mask);
}

std::string identify(const user_id& user, const device_id& device, bool as_ack) {
  json::writer out;
  out.begin_object();
  if (as_ack)
    out.field("ok", true);
  out.field("userId", std::string_view{user.str()});
  out.field("socketId", std::string_view{device.str()});
  out.end_object();
  return std::move(out).take();
}

/// Whether what a device misses after such an end is kept for it: its client did not want to leave.
bool is_a_blink(close_reason reason, bool lost) noexcept {
  return lost || reason == close_reason::going_away || reason == close_reason::ping_timeout
         || reason == close_reason::too_slow || reason == close_reason::too_big;
}

} // namespace

device_session::device_session(std::shared_ptr<site> host, io_executor executor, ip_address from)
  : engine_io_session(std::move(host), executor, std::move(from))
  , gate_(engine_io_session::host())
  , deadline_(std::chrono::steady_clock::now()
              + engine_io_session::host().settings().server.connect_timeout) {}

reply_to device_session::reply(std::uint64_t token) {
  return {std::static_pointer_cast<device_session>(shared_from_this()), token};
}

void device_session::enter(std::string_view token, std::optional<resume_request> resume) {
  admit(token, {false, {}, std::move(resume), {}});
}

void device_session::enter_as_guest() {
  stage_ = stage::guest;
  device_ = device_id{random_id()};
  deadline_ = std::chrono::steady_clock::now() + host().waits().guest;
  schedule();
}

void device_session::leave() {
  unshare();
  if (std::exchange(attached_, false))
    host().context.sink.detach(user_->id, device_, this, false);
  log::debug("device_left", {{"device", device_.str()}});
  stage_ = stage::outside;
  device_ = {};
  user_.reset();
  expires_at_.reset();
  held_.clear();
  ways_.clear();
  expired_ = false;
  may_resume_ = false;
  // Only a connection that never entered has to hurry.
  deadline_ = instant::max();
}

void device_session::on_authenticate(std::string_view argument, ack_id ack) {
  auto token = json::as_string(argument);
  if (!token) {
    if (auto object = json::object::parse(argument))
      token = object->string("token");
  }
  admit(token.value_or(std::string{}), {true, ack, {}, {}});
}

void device_session::admit(std::string_view token, admission how) {
  auto verdict = host().check(token, from());
  auto by_event = how.by_event;
  admission_ = std::move(how);
  if (!verdict)
    return refuse_admission(verdict.error());
  if (by_event && user_ && user_->id != verdict->who.user)
    return refuse_admission(error_code::wrong_user);
  admission_->expires_at = verdict->expires_at;
  // Whatever the client sends meanwhile waits in its socket.
  pause(true);
  host().context.sink.seen(std::move(verdict->who), reply(seeing));
}

void device_session::on_seen(result<reply_value> what) {
  if (ending() || !admission_)
    return;
  auto* user = what ? std::get_if<user_ptr>(&what.value()) : nullptr;
  if (!user || !*user)
    return refuse_admission(what ? failure{error_code::internal} : what.error());
  user_ = std::move(*user);
  if (attached_)
    return admit_now({device_, {}, false});
  if (device_.empty())
    device_ = device_id{random_id()};
  attached_ = true;
  host().context.sink.attach(user_, device_, shared_from_this(), std::move(admission_->resume),
                             reply(attaching));
}

void device_session::on_attached(result<reply_value> what) {
  auto* place = what ? std::get_if<attachment>(&what.value()) : nullptr;
  if (ending() || !admission_) {
    // It ended before it knew under which id it was let in; the client will ask for it again.
    if (place && user_ && place->device != device_)
      host().context.sink.detach(user_->id, place->device, this, true);
    return;
  }
  if (place)
    return admit_now(std::move(*place));
  attached_ = false;
  user_.reset();
  held_.clear();
  refuse_admission(what ? failure{error_code::internal} : what.error());
}

void device_session::admit_now(attachment place) {
  auto how = std::move(*admission_);
  admission_.reset();
  stage_ = stage::admitted;
  expires_at_ = how.expires_at;
  expired_ = false;
  device_ = place.device;
  watch_expiry();
  if (how.by_event) {
    push(event_frame("authenticated", identify(user_->id, device_, false)));
    if (how.ack)
      push(ack_frame(*how.ack, identify(user_->id, device_, true)));
  } else {
    may_resume_ = true;
    welcome(user_->id, place);
  }
  log::debug(
      "device_connected",
      {{"user", user_->id.str()}, {"device", device_.str()}, {"recovered", place.recovered}});
  auto held = std::move(held_);
  held_ = {};
  for (auto& event : held)
    push(std::move(event));
  share();
  pause(false);
}

void device_session::refuse_admission(failure why) {
  auto how = std::exchange(admission_, {}).value_or(admission{});
  host().context.counts.refused(why.code);
  if (how.by_event) {
    json::writer data;
    data.begin_object().field("message", std::string_view{why.message()});
    data.field("code", describe(why.code).code).end_object();
    push(event_frame("authentication_error", std::move(data).take()));
    if (how.ack)
      push(ack_frame(*how.ack, families::encode_ack(call_kind::direct, why)));
  } else {
    if (stage_ == stage::outside)
      device_ = {};
    turn_away(why);
  }
  pause(false);
}

void device_session::watch_expiry() {
  deadline_ = instant::max();
  if (expires_at_) {
    auto left = std::min<std::chrono::milliseconds>(*expires_at_ - host().context.time.now(),
                                                    longest_watch);
    deadline_ = std::chrono::steady_clock::now() + left;
  }
  schedule();
}

void device_session::on_deadline(instant now) {
  if (stage_ != stage::admitted)
    return shut(close_reason::auth_timeout);
  if (expired_)
    return shut(close_reason::token_expired);
  if (host().context.time.now() < *expires_at_)
    return watch_expiry();
  expired_ = true;
  deadline_ = now + host().waits().expiry_grace;
  auto grace = std::chrono::ceil<std::chrono::seconds>(host().waits().expiry_grace);
  json::writer data;
  data.begin_object();
  data.field("graceSeconds", grace.count()).end_object();
  push(event_frame("token_expired", std::move(data).take()));
}

frame device_session::on_end(close_reason reason, bool lost) {
  log::debug("device_closed",
             {{"user", user_ ? user_->id.str() : std::string{}},
              {"device", device_.str()},
              {"reason", lost ? "The connection was lost" : describe(reason).sentence}});
  admission_.reset();
  held_.clear();
  ways_.clear();
  if (std::exchange(attached_, false))
    host().context.sink.detach(user_->id, device_, this, may_resume_ && is_a_blink(reason, lost));
  auto final = reason == close_reason::auth_timeout || reason == close_reason::token_expired;
  return final && stage_ != stage::outside ? farewell() : nullptr;
}

void device_session::on_offered(frame what) {
  if (stage_ == stage::admitted)
    return push(std::move(what));
  if (!attached_)
    return;
  auto most = host().settings().limits.outbox_messages;
  if (most != 0 && held_.size() >= most)
    return shut(close_reason::too_slow);
  held_.push_back(std::move(what));
}

void device_session::on_event(std::string_view name, std::string_view data, ack_id ack) {
  counters::add(host().context.counts.events_in);
  auto now = std::chrono::steady_clock::now();
  if (auto pass = std::exchange(paid_, false) ? success() : gate_.take(name, now); !pass)
    return refuse(pass.error(), ack, families::family_of(name, data));
  if (name == "authenticate")
    return on_authenticate(data, ack);
  if (stage_ != stage::admitted)
    return refuse(error_code::not_authenticated, ack, families::family_of(name, data));
  auto command = gate_.decode(name, data, origin{user_->id, device_}, now);
  if (!command)
    return refuse(command.error(), ack, families::family_of(name, data));
  ways_.prepare(*command);
  auto token = token_of(families::family_of(*command), ack);
  host().context.sink.submit(std::move(*command), reply(token));
}

void device_session::answer(std::uint64_t token, result<reply_value> what) noexcept {
  try {
    switch (token & mask) {
    case plain_event:
      if (!what)
        refuse(what.error(), {}, family_in(token));
      return;
    case acked_event:
      if (!what)
        return refuse(what.error(), token >> ack_bit, family_in(token));
      return deliver(std::make_shared<const std::string>(
          ack_frame(token >> ack_bit, families::encode_ack(family_in(token), what))));
    default:
      asio::dispatch(executor(), [self = reply(token), got = std::move(what)]() mutable {
        auto& me = static_cast<device_session&>(*self.who);
        if ((self.token & mask) == seeing)
          me.on_seen(std::move(got));
        else
          me.on_attached(std::move(got));
      });
    }
  } catch (const std::exception& problem) {
    log::error("answer_lost", {{"error", problem.what()}});
  }
}

void device_session::refuse(const failure& why, ack_id ack, call_kind family) {
  // An unknown event is ignored unless it asks.
  auto silent = why.code == error_code::unknown_event;
  if (silent && !ack)
    return;
  host().context.counts.refused(why.code);
  if (auto event = silent ? nullptr : families::encode_error(family, why))
    tell(framed(*event));
  if (ack)
    tell(std::make_shared<const std::string>(ack_frame(*ack, families::encode_ack(family, why))));
}

void device_session::tell(frame what) {
  // Before the actors know the device nothing of theirs can be overtaken.
  if (executor().running_in_this_thread() && stage_ != stage::admitted)
    push(std::move(what));
  else
    deliver(std::move(what));
}

} // namespace carillon::net
