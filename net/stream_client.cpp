#include "net/stream_client.hpp"

#include "config/command_line.hpp"
#include "net/https_connection.hpp"
#include "net/name_lookup.hpp"
#include "protocol/percent.hpp"
#include "protocol/random_id.hpp"
#include "protocol/stream_requests.hpp"
#include "protocol/uuid.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace asio = boost::asio;

namespace carillon::net {

namespace {

constexpr std::string_view own_service = "https://chat.stream-io-api.com";

// How long a connection is kept without a request.
constexpr std::chrono::seconds longest_idle{30};

// RFC 9562's name space of URLs; which one it is does not matter for names that are random.
constexpr std::string_view uuid_space = "6ba7b811-9dad-11d1-80b4-00c04fd430c8";

using then_handler = std::function<void(http_answer)>;

class client;

/// One request from `post` to its answer.
class request : public std::enable_shared_from_this<request> {
public:
  request(client& owner, std::string bytes, then_handler then);

  void start();
  void finish(http_answer what);

private:
  [[nodiscard]] bool is_over() const noexcept { return then_ == nullptr; }
  void connect();
  void open(const name_lookup::answer& at);
  void send(bool kept);
  void on_outcome(https_connection::outcome what, bool kept);
  void fail(std::string why);

  client& owner_; ///< outlives it, or finishes it
  std::string bytes_;
  then_handler then_; ///< null: it was answered
  io_timer limit_;
  std::string_view doing_;
  std::shared_ptr<https_connection> way_;
};

class client final : public stream_client {
public:
  client(asio::io_context& io, stream_client_settings how, service_address to,
         std::shared_ptr<asio::ssl::context> tls)
    : io_(io)
    , how_(std::move(how))
    , to_(std::move(to))
    , tls_(std::move(tls))
    , token_(stream::server_token(how_.api_secret))
    , names_(io, to_.host, to_.port)
    , sweep_(io.get_executor()) {}
  ~client() override { close(); }

  void post(const outbox_entry& what, then_handler then) override;
  void close() override;

  [[nodiscard]] io_executor executor() const { return io_.get_executor(); }
  [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return how_.timeout; }
  [[nodiscard]] const std::string& host() const noexcept { return to_.host; }
  [[nodiscard]] name_lookup& names() noexcept { return names_; }
  [[nodiscard]] std::shared_ptr<https_connection> make_connection() const {
    return std::make_shared<https_connection>(executor(), tls_, to_);
  }
  [[nodiscard]] std::shared_ptr<https_connection> take_kept();
  void keep(std::shared_ptr<https_connection> way);

  /// Takes an answered request off the list, and what is ours alone out of its answer.
  void forget(const request* what, http_answer& answer);

private:
  struct kept {
    std::shared_ptr<https_connection> way;
    instant until;
  };

  [[nodiscard]] std::string bytes_of(const outbox_entry& what) const;
  void sweep();

  asio::io_context& io_;
  stream_client_settings how_;
  service_address to_;
  std::shared_ptr<asio::ssl::context> tls_;
  std::string token_;
  name_lookup names_;
  std::vector<std::shared_ptr<request>> under_way_;
  std::vector<kept> kept_; ///< the one that waits for longest first
  io_timer sweep_;
  bool closed_ = false;
  std::shared_ptr<const bool> here_ = std::make_shared<bool>(true); ///< ends with this
};

// -- one request -------------------------------------------------------------

request::request(client& owner, std::string bytes, then_handler then)
  : owner_(owner)
  , bytes_(std::move(bytes))
  , then_(std::move(then))
  , limit_(owner.executor()) {}

void request::start() {
  limit_.expires_after(owner_.timeout());
  limit_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
    if (!cancelled && !self->is_over())
      self->fail(self->owner_.host() + " did not answer within "
                 + std::to_string(self->owner_.timeout().count()) + " ms while "
                 + std::string{self->doing_});
  });
  way_ = owner_.take_kept();
  if (way_)
    return send(true);
  connect();
}

void request::connect() {
  doing_ = "its name was looked up";
  owner_.names().find([self = shared_from_this()](const name_lookup::answer& at) {
    if (!self->is_over())
      self->open(at);
  });
}

void request::open(const name_lookup::answer& at) {
  if (!at.error.empty())
    return fail("cannot find " + owner_.host() + ": " + at.error);
  doing_ = "the connection was made";
  way_ = owner_.make_connection();
  way_->open(at.found, [self = shared_from_this()](std::string error) {
    if (self->is_over())
      return;
    if (!error.empty())
      return self->fail(std::move(error));
    self->send(false);
  });
}

void request::send(bool kept) {
  doing_ = "the request was made";
  way_->exchange(bytes_, [self = shared_from_this(), kept](https_connection::outcome what) {
    if (!self->is_over())
      self->on_outcome(std::move(what), kept);
  });
}

void request::on_outcome(https_connection::outcome what, bool kept) {
  if (what.unheard && kept)
    return connect(); // the server had closed it meanwhile
  if (what.reusable)
    owner_.keep(std::exchange(way_, nullptr));
  finish(std::move(what.answer));
}

void request::fail(std::string why) {
  http_answer none;
  none.error = std::move(why);
  finish(std::move(none));
}

void request::finish(http_answer what) {
  auto self = shared_from_this();
  limit_.cancel();
  if (way_)
    way_->abort();
  way_ = nullptr;
  owner_.forget(this, what);
  std::exchange(then_, nullptr)(std::move(what));
}

// -- all of them -------------------------------------------------------------

std::string client::bytes_of(const outbox_entry& what) const {
  auto version = std::string{config::version()};
  std::string out;
  out.reserve(what.body.size() + 640);
  auto header = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
  };
  out.append("POST ").append(to_.base_path).append(what.path);
  out.append("?api_key=").append(percent_encoded(how_.api_key)).append(" HTTP/1.1\r\n");
  header("host", to_.host_header());
  header("accept", "application/json, text/plain, */*");
  header("content-type", "application/json");
  header("authorization", token_);
  header("stream-auth-type", "jwt");
  header("x-stream-client", "carillon-" + version);
  header("x-client-request-id", uuid_of(uuid_space, random_id()));
  header("user-agent", "carillon/" + version);
  header("content-length", std::to_string(what.body.size()));
  out.append("\r\n").append(what.body);
  return out;
}

void client::post(const outbox_entry& what, then_handler then) {
  if (closed_) {
    asio::post(io_, [then = std::move(then)] {
      http_answer none;
      none.error = "closed";
      then(std::move(none));
    });
    return;
  }
  under_way_.push_back(std::make_shared<request>(*this, bytes_of(what), std::move(then)));
  auto last = under_way_.back();
  last->start();
}

std::shared_ptr<https_connection> client::take_kept() {
  if (kept_.empty())
    return nullptr;
  // The one that was used last is the likeliest to live.
  auto way = std::move(kept_.back().way);
  kept_.pop_back();
  return way;
}

void client::keep(std::shared_ptr<https_connection> way) {
  if (closed_ || kept_.size() >= how_.connections)
    return way->abort();
  kept_.push_back({std::move(way), std::chrono::steady_clock::now() + longest_idle});
  if (kept_.size() == 1)
    sweep();
}

void client::sweep() {
  auto now = std::chrono::steady_clock::now();
  while (!kept_.empty() && kept_.front().until <= now) {
    kept_.front().way->abort();
    kept_.erase(kept_.begin());
  }
  if (kept_.empty())
    return;
  sweep_.expires_at(kept_.front().until);
  sweep_.async_wait(
      [this, here = std::weak_ptr{here_}](const boost::system::error_code& cancelled) {
        if (!cancelled && !here.expired())
          sweep();
      });
}

void client::forget(const request* what, http_answer& answer) {
  std::erase_if(under_way_, [what](const auto& one) { return one.get() == what; });
  // What the far side says may be shown and logged, also if it repeats our headers.
  for (std::string_view ours : {std::string_view{token_}, std::string_view{how_.api_secret}})
    for (auto at = answer.body.find(ours); !ours.empty() && at != std::string::npos;
         at = answer.body.find(ours, at))
      answer.body.replace(at, ours.size(), "***");
}

void client::close() {
  closed_ = true;
  sweep_.cancel();
  for (auto& one : std::exchange(kept_, {}))
    one.way->abort();
  for (auto& one : std::exchange(under_way_, {})) {
    http_answer none;
    none.error = "closed";
    one->finish(std::move(none));
  }
}

failure blame(std::string_view setting, const failure& why) {
  return {error_code::invalid_field, std::string{setting} + ": " + why.detail};
}

} // namespace

result<std::unique_ptr<stream_client>> stream_client::make(asio::io_context& io,
                                                           stream_client_settings how) {
  auto url = how.base_url.empty() ? own_service : std::string_view{how.base_url};
  auto to = parse_service_address(url);
  if (!to)
    return blame("stream.base_url", to.error());
  auto tls = load_authorities(how.ca_file);
  if (!tls)
    return blame("stream.ca_file", tls.error());
  return std::unique_ptr<stream_client>{
      std::make_unique<client>(io, std::move(how), *std::move(to), *std::move(tls))};
}

} // namespace carillon::net
