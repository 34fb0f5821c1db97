#include "net/socket_io_session.hpp"

#include "config/log.hpp"
#include "net/random_id.hpp"
#include "protocol/dialects/direct.hpp"
#include "protocol/json.hpp"

#include <boost/asio/dispatch.hpp>

#include <algorithm>

namespace asio = boost::asio;

namespace carillon::net {

namespace {

/// The longest wait for a token's expiry in one piece; the clock may be corrected in between.
constexpr std::chrono::hours longest_watch{24};

/// What an answer of the sink is to; the low bits of a reply's token. The acknowledgement id, which
/// the decoder keeps below 2^53, is above.
enum purpose : std::uint64_t { plain_event = 0, acked_event = 1, seeing = 2, attaching = 3 };
constexpr unsigned purpose_bits = 2;
constexpr std::uint64_t purpose_mask = 3;

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

} // namespace

socket_io_session::socket_io_session(std::shared_ptr<site> host, io_executor executor,
                                     ip_address from, std::string token)
  : engine_io_session(std::move(host), executor, std::move(from))
  , gate_(engine_io_session::host())
  , handshake_token_(std::move(token))
  , deadline_(std::chrono::steady_clock::now()
              + engine_io_session::host().settings().server.connect_timeout) {}

reply_to socket_io_session::reply(std::uint64_t token) {
  return {std::static_pointer_cast<socket_io_session>(shared_from_this()), token};
}

void socket_io_session::on_message(std::string_view text) {
  using socket_io::packet_type;
  auto packet = socket_io::decode(text);
  if (!packet || attachments_ != 0)
    return shut(close_reason::protocol_error);
  if (packet->type == packet_type::connect)
    return on_connect(*packet);
  // As in the reference implementation, whoever speaks to a namespace it is not in is closed.
  if (stage_ == stage::unconnected || packet->nsp != "/")
    return shut(close_reason::protocol_error);
  switch (packet->type) {
  case packet_type::event:
    return on_event(*packet);
  case packet_type::binary_event:
  case packet_type::binary_ack:
    return on_binary_packet(*packet);
  case packet_type::disconnect:
    return shut(close_reason::normal);
  case packet_type::ack: // nothing that the server sends asks for one
    return;
  case packet_type::connect:
  case packet_type::connect_error:
    return shut(close_reason::protocol_error);
  }
}

void socket_io_session::on_connect(const socket_io::packet& what) {
  if (what.nsp != "/") {
    push(socket_io::encode_connect_error(what.nsp, "Invalid namespace"));
    return;
  }
  if (stage_ != stage::unconnected)
    return shut(close_reason::protocol_error);
  std::string token;
  if (!what.payload.empty()) {
    auto auth = json::object::parse(what.payload);
    if (!auth)
      return shut(close_reason::protocol_error);
    auto given = auth->find("token");
    if (given && given->type != json::kind::string && given->type != json::kind::null)
      return refuse_admission(error_code::unauthorized);
    token = auth->string("token").value_or(std::string_view{});
  }
  if (token.empty())
    token = handshake_token_;
  if (token.empty())
    return welcome_guest();
  admit(token, {});
}

void socket_io_session::welcome_guest() {
  stage_ = stage::guest;
  device_ = device_id{random_id()};
  push(socket_io::encode_connect("/", device_.str()));
  deadline_ = std::chrono::steady_clock::now() + host().waits().guest;
  schedule();
}

void socket_io_session::on_authenticate(std::string_view argument, ack_id ack) {
  auto token = json::as_string(argument);
  if (!token) {
    if (auto object = json::object::parse(argument))
      token = object->string("token");
  }
  admit(token.value_or(std::string{}), {true, ack, {}});
}

void socket_io_session::admit(std::string_view token, admission how) {
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

void socket_io_session::on_seen(result<reply_value> what) {
  if (ending() || !admission_)
    return;
  auto* user = what ? std::get_if<user_ptr>(&what.value()) : nullptr;
  if (!user || !*user)
    return refuse_admission(what ? failure{error_code::internal} : what.error());
  user_ = std::move(*user);
  if (attached_)
    return admitted();
  if (device_.empty())
    device_ = device_id{random_id()};
  attached_ = true;
  host().context.sink.attach(user_, device_, shared_from_this(), reply(attaching));
}

void socket_io_session::on_attached(const result<reply_value>& what) {
  if (ending() || !admission_)
    return;
  if (what)
    return admitted();
  attached_ = false;
  user_.reset();
  held_.clear();
  refuse_admission(what.error());
}

void socket_io_session::admitted() {
  auto how = std::move(*admission_);
  admission_.reset();
  stage_ = stage::admitted;
  expires_at_ = how.expires_at;
  expired_ = false;
  watch_expiry();
  if (how.by_event) {
    push(socket_io::encode_event("authenticated", identify(user_->id, device_, false)));
    if (how.ack)
      push(socket_io::encode_ack(*how.ack, identify(user_->id, device_, true)));
  } else {
    push(socket_io::encode_connect("/", device_.str()));
  }
  log::debug("device_connected", {{"user", user_->id.str()}, {"device", device_.str()}});
  auto held = std::move(held_);
  held_ = {};
  for (auto& event : held)
    push(std::move(event));
  pause(false);
}

void socket_io_session::refuse_admission(failure why) {
  auto how = std::exchange(admission_, {}).value_or(admission{});
  auto message = why.message();
  host().context.counts.refused(why.code);
  if (how.by_event) {
    json::writer data;
    data.begin_object().field("message", std::string_view{message});
    data.field("code", describe(why.code).code).end_object();
    push(socket_io::encode_event("authentication_error", std::move(data).take()));
    if (how.ack)
      push(socket_io::encode_ack(*how.ack, direct::encode_ack(why)));
  } else {
    device_ = {};
    push(socket_io::encode_connect_error("/", message));
  }
  pause(false);
}

void socket_io_session::watch_expiry() {
  deadline_ = instant::max();
  if (expires_at_) {
    auto left = std::min<std::chrono::milliseconds>(*expires_at_ - host().context.time.now(),
                                                    longest_watch);
    deadline_ = std::chrono::steady_clock::now() + left;
  }
  schedule();
}

void socket_io_session::on_deadline(instant now) {
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
  push(socket_io::encode_event("token_expired", std::move(data).take()));
}

frame socket_io_session::on_end(close_reason reason) {
  log::debug("device_closed", {{"user", user_ ? user_->id.str() : std::string{}},
                               {"device", device_.str()},
                               {"reason", describe(reason).sentence}});
  admission_.reset();
  held_.clear();
  if (std::exchange(attached_, false))
    host().context.sink.detach(user_->id, device_);
  // After a DISCONNECT packet clients do not connect again by themselves; after a mere close they
  // do.
  auto final = reason == close_reason::auth_timeout || reason == close_reason::token_expired
               || reason == close_reason::replaced;
  if (!final || stage_ == stage::unconnected)
    return nullptr;
  return std::make_shared<const std::string>(socket_io::encode_disconnect("/"));
}

void socket_io_session::on_offered(frame what) {
  if (stage_ == stage::admitted)
    return push(std::move(what));
  if (!attached_)
    return;
  auto most = host().settings().limits.outbox_messages;
  if (most != 0 && held_.size() >= most)
    return shut(close_reason::too_slow);
  held_.push_back(std::move(what));
}

void socket_io_session::on_event(const socket_io::packet& what) {
  auto event = socket_io::split_event(what.payload);
  if (!event)
    return shut(close_reason::protocol_error);
  counters::add(host().context.counts.events_in);
  auto now = std::chrono::steady_clock::now();
  if (auto pass = gate_.take(event->name, now); !pass)
    return refuse(pass.error(), what.id);
  if (event->name == "authenticate")
    return on_authenticate(event->first, what.id);
  if (stage_ != stage::admitted)
    return refuse(error_code::not_authenticated, what.id);
  auto command = gate_.decode(event->name, event->first, origin{user_->id, device_}, now);
  if (!command)
    return refuse(command.error(), what.id);
  auto token = what.id ? *what.id << purpose_bits | acked_event : plain_event;
  host().context.sink.submit(std::move(*command), reply(token));
}

void socket_io_session::on_binary_packet(const socket_io::packet& what) {
  counters::add(host().context.counts.events_in);
  attachments_ = what.attachments;
  binary_ack_ = what.type == socket_io::packet_type::binary_event ? what.id : ack_id{};
  if (attachments_ == 0)
    refuse(error_code::binary_refused, binary_ack_);
}

void socket_io_session::on_attachment() {
  if (attachments_ == 0)
    return shut(close_reason::protocol_error);
  if (--attachments_ == 0)
    refuse(error_code::binary_refused, binary_ack_);
}

void socket_io_session::answer(std::uint64_t token, result<reply_value> what) noexcept {
  try {
    switch (token & purpose_mask) {
    case plain_event:
      if (!what)
        refuse(what.error(), {});
      return;
    case acked_event:
      if (!what)
        return refuse(what.error(), token >> purpose_bits);
      return deliver(std::make_shared<const std::string>(
          socket_io::encode_ack(token >> purpose_bits, direct::encode_ack(what))));
    default:
      asio::dispatch(executor(), [self = reply(token), got = std::move(what)]() mutable {
        auto& me = static_cast<socket_io_session&>(*self.who);
        if ((self.token & purpose_mask) == seeing)
          me.on_seen(std::move(got));
        else
          me.on_attached(got);
      });
    }
  } catch (const std::exception& problem) {
    log::error("answer_lost", {{"error", problem.what()}});
  }
}

void socket_io_session::refuse(const failure& why, ack_id ack) {
  // An unknown event is ignored unless it asks.
  auto silent = why.code == error_code::unknown_event;
  if (silent && !ack)
    return;
  host().context.counts.refused(why.code);
  if (!silent && !direct::has_own_event(why.code))
    tell(direct::encode_error(why)->socket_io());
  if (ack)
    tell(std::make_shared<const std::string>(socket_io::encode_ack(*ack, direct::encode_ack(why))));
}

void socket_io_session::tell(frame what) {
  // Before the actors know the device nothing of theirs can be overtaken.
  if (executor().running_in_this_thread() && stage_ != stage::admitted)
    push(std::move(what));
  else
    deliver(std::move(what));
}

} // namespace carillon::net
