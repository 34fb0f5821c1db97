#pragma once

#include "net/exchange.hpp"
#include "net/polling_payload.hpp"
#include "net/registry.hpp"
#include "net/site.hpp"
#include "net/transport.hpp"

namespace carillon::net {

class engine_io_session;

/// A request to an Engine.IO session over long-polling, and where its answer goes.
struct poll_request {
  boost::beast::http::verb method = boost::beast::http::verb::get;
  std::string body;
  bool binary = false; ///< its content type is that of bytes
  held_reply reply;
};

/// Engine.IO over HTTP long-polling: packets come with POST and leave with the answer to GET, of
/// each of which the client has one under way at most. Runs on the session's thread, whichever
/// connections the requests come over.
class polling_transport final : public transport,
                                public registered,
                                public std::enable_shared_from_this<polling_transport> {
public:
  polling_transport(std::shared_ptr<site> host, io_executor executor);

  /// Opens `session`; false when the server stops. The first request is to follow.
  [[nodiscard]] bool start(std::shared_ptr<engine_io_session> session);

  /// A request of the client. A second one of a kind while the first is under way, and what is no
  /// payload, end the session.
  void take(poll_request what);

  /// The connection of a request under way is gone: so is the session.
  void on_request_lost(const held_reply& which);

  /// While on, GETs are not held for long, because the client waits to leave for another transport.
  void hurry(bool on);

  /// The session has left for another transport.
  void discard();

  void flush() override;
  void pause(bool on) override;
  void close(close_reason reason) override;
  void abort() noexcept override;
  void ping() override {}
  void serve(std::shared_ptr<transport_user> user) override;
  void shut_down() noexcept override;

private:
  void on_get(held_reply to);
  void on_post(poll_request what);
  void hand_in();
  void hand_in(std::string_view packet);
  void on_client_close();
  void answer_get(std::string payload);
  void answer_post(unsigned status);
  void wait(std::chrono::milliseconds how_long);
  void on_timer();
  /// Ends at once, with a close packet to a GET that waits.
  void fail();
  void finish(std::string_view last);

  std::shared_ptr<site> site_;
  io_timer timer_;
  std::shared_ptr<transport_user> user_;
  held_reply get_;  ///< empty: none waits
  held_reply post_; ///< empty: none is handed in
  std::string body_;
  payload_reader packets_{{}};
  bool handing_in_ = false;
  bool paused_ = false;
  bool closing_ = false;
  bool client_closed_ = false;
  bool hurry_ = false;
};

} // namespace carillon::net
