#pragma once

#include "net/client_address.hpp"
#include "net/cors.hpp"
#include "net/routes/route_table.hpp"
#include "net/stream.hpp"
#include "protocol/command_sink.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace carillon::net {

struct site;
class engine_io_session;
class held_reply;

/// The HTTP side of one connection without its bytes: takes one request after the other, finds out
/// who asks, runs the route, and hands the answer to `send`. Everything but `answer` runs on the
/// connection's own thread. `http_session` adds the stream.
class exchange : public responder, public std::enable_shared_from_this<exchange> {
public:
  using request = boost::beast::http::request<boost::beast::http::string_body>;

  /// Continues a request with what the sink answered, when it answered with a value.
  using continuation = std::function<void(exchange&, reply_value&)>;

  /// Continues a request that the sink refused.
  using refusal = std::function<void(exchange&, const failure&)>;

  /// An answer before it is bytes.
  struct response {
    unsigned status = 200;
    std::string body;
    std::string_view content_type = "application/json; charset=utf-8";
    header_list headers;
    std::string_view cache_control = "no-store"; ///< said when there is a body, or none has changed
  };

  /// What routes use.
  [[nodiscard]] site& host() noexcept { return *site_; }
  [[nodiscard]] const std::shared_ptr<site>& shared_host() const noexcept { return site_; }
  [[nodiscard]] const user_id& user() const noexcept { return user_; }
  /// One of `auth.admin_users`, or a token with the role `admin`.
  [[nodiscard]] bool is_admin() const noexcept { return is_admin_; }
  [[nodiscard]] const std::string& body() const noexcept { return request_.body(); }
  [[nodiscard]] std::string_view query() const noexcept { return query_; }
  [[nodiscard]] std::string_view parameter() const noexcept { return parameter_; }

  [[nodiscard]] const request& current() const noexcept { return request_; }
  [[nodiscard]] request& current() noexcept { return request_; }
  [[nodiscard]] const io_executor& executor() const noexcept { return executor_; }
  [[nodiscard]] ip_address client_address(const request& from) const;

  /// Leaves the answer to a session, which may take its time. When the connection is lost meanwhile
  /// the session is told.
  [[nodiscard]] held_reply hold(std::shared_ptr<engine_io_session> by);

  /// Answers what was held under `ticket`; from any thread.
  void answer_held(std::uint64_t ticket, response what);

  /// Answers the current request.
  void finish(response what);

  /// Takes one of the user's costly requests, or refuses and returns false.
  [[nodiscard]] bool take_costly();

  /// Submits a command or query to the sink; a failure is answered as such, a value goes to `then`.
  template <class What>
  void submit(What what, continuation then) {
    auto to = await(std::move(then));
    submit_to(std::move(what), std::move(to));
  }

  /// The same; a failure goes to `otherwise`.
  template <class What>
  void submit(What what, continuation then, refusal otherwise) {
    auto to = await(std::move(then));
    otherwise_ = std::move(otherwise);
    submit_to(std::move(what), std::move(to));
  }

  /// Makes a user known who is not the one that asks; then goes on.
  void introduce(identity who, continuation then);

  /// The value that an answer of the sink has to be; when it is another one the request fails.
  template <class Answer>
  [[nodiscard]] const Answer* expect(const reply_value& value) {
    const auto* answer = std::get_if<Answer>(&value);
    if (!answer)
      refuse(error_code::internal);
    return answer;
  }

  /// Answers with JSON.
  void respond(unsigned status, std::string json);

  /// Answers with the family's error; counts it.
  void refuse(const failure& why);
  void refuse(const failure& why, unsigned status);

  void answer(std::uint64_t token, result<reply_value> what) noexcept override;

protected:
  exchange(std::shared_ptr<site> host, io_executor executor, ip_address peer);

  /// Handles a whole request; ends in one call of `send`, soon or later.
  void handle(request what);

  /// Refuses what was too broken to become a request; in the words of the family that has `path`, if
  /// that is known.
  void refuse_unread(const failure& why, unsigned status, std::string_view path = {});

  /// Answers `internal` and ignores the sink's answer, should it still come.
  void give_up();

  /// Writes the answer to the current request.
  virtual void send(response what) = 0;

  /// The current request is held: nobody knows for how long.
  virtual void on_held() = 0;

  /// The connection is gone.
  void let_go() noexcept;

  std::shared_ptr<site> site_;
  io_executor executor_;

private:
  /// A token that was verified on this connection, so that the next request need not.
  struct known_token {
    std::string text;
    std::optional<time_point> expires_at;
    user_id user;
    bool is_admin = false;
  };

  /// Turns an exception of a route (out of memory, say) into a 500.
  template <class Step>
  void guarded(Step step);
  void route_request();
  void options(const route_table::match& found, std::string_view origin);
  void authenticate(const route& to);
  [[nodiscard]] bool is_admin(const identity& who) const;
  void enter(const route& to);
  [[nodiscard]] reply_to await(continuation then);
  void submit_to(client_command what, reply_to to);
  void submit_to(client_query what, reply_to to);
  void submit_to(recording_news what, reply_to to);
  void resume(std::uint64_t token, result<reply_value> what);

  ip_address peer_;
  request request_;
  std::string_view query_;     ///< into `request_`
  std::string_view parameter_; ///< into `request_`
  error_encoder errors_;
  user_id user_;
  bool is_admin_ = false;
  std::optional<known_token> known_;
  std::uint64_t waiting_for_ = 0; ///< the token whose answer continues the request; 0: none
  std::uint64_t last_token_ = 0;
  continuation then_;
  refusal otherwise_; ///< empty: a failure is answered as such
  std::shared_ptr<engine_io_session> held_by_; ///< null: the current request is not held
};

/// Where the answer to a held request goes; empty or for exactly one answer. Thread-safe.
class held_reply {
public:
  held_reply() = default;
  held_reply(std::shared_ptr<exchange> who, std::uint64_t ticket) noexcept
    : who_(std::move(who))
    , ticket_(ticket) {}

  void operator()(exchange::response what) const { who_->answer_held(ticket_, std::move(what)); }

  explicit operator bool() const noexcept { return who_ != nullptr; }
  friend bool operator==(const held_reply&, const held_reply&) = default;

private:
  std::shared_ptr<exchange> who_;
  std::uint64_t ticket_ = 0;
};

} // namespace carillon::net
