#pragma once

#include "net/stream.hpp"
#include "net/stream_client.hpp"
#include "protocol/clock.hpp"
#include "protocol/mirror_lanes.hpp"
#include "protocol/mirror_status.hpp"
#include "protocol/record_store.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <vector>

namespace carillon::net {

/// How often the mirror looks at the store.
struct mirror_rhythm {
  std::chrono::milliseconds read{200};  ///< what is new, unless something was done before
  std::chrono::milliseconds write{100}; ///< what is over waits for others at most as long
  std::chrono::milliseconds count{1000};
  std::chrono::milliseconds again{1000}; ///< after the store was away
  std::size_t results = 64;              ///< are written at once
};

/// The work of the mirror: reads the outbox, sends what `mirror_lanes` says through a
/// `stream_client`, and writes what is over. On the thread of its `io_context` only, where it
/// blocks in the store; all that it is given outlives it.
class mirror_loop {
public:
  mirror_loop(boost::asio::io_context& io, stream_client& client, store_factory& stores,
              mirror_status& status, const mirror_patience& patience,
              const mirror_rhythm& rhythm = {});

  void start(std::chrono::milliseconds wait = {});

  /// Writes what is over, if the store takes it at once. Nothing happens afterwards; answers that
  /// still come are dropped, and what they are to is sent again after the next start.
  void stop();

private:
  using error = boost::system::error_code;

  [[nodiscard]] record_store* store();
  void look();
  void read();
  void count();
  void pump();
  void send(const outbox_entry& what);
  void on_answer(const outbox_entry& what, const http_answer& answer);
  void note(const outbox_entry& what, const send_result& how,
            const std::optional<outbox_result>& over);
  void note_reach(bool reachable, const std::string& why);
  void write();
  void write_soon();
  void store_failed(std::string_view doing, const failure& why);
  [[nodiscard]] double luck() { return std::uniform_real_distribution{}(dice_); }

  /// Waits with `timer` and then does `what`, unless the timer was set anew or the loop has ended.
  void after(io_timer& timer, std::chrono::milliseconds wait, void (mirror_loop::*what)());

  boost::asio::io_context& io_;
  stream_client& client_;
  store_factory& stores_;
  mirror_status& status_;
  mirror_rhythm rhythm_;
  clock time_;
  mirror_lanes lanes_;
  std::size_t half_;                    ///< of what the lanes hold
  bool more_ = false;                   ///< the store had more than there was room for
  std::unique_ptr<record_store> store_; ///< null: not opened yet
  std::vector<write_op> over_;          ///< `outbox_result`s that are not written yet
  instant store_away_until_{};
  instant next_count_{};
  bool writing_soon_ = false;
  bool reachable_ = true;
  bool stopped_ = false;
  std::minstd_rand dice_;
  io_timer reading_;
  io_timer writing_;
  io_timer sending_;
  /// Ends with the loop, so that handlers which come later know.
  std::shared_ptr<const bool> here_ = std::make_shared<bool>(true);
};

} // namespace carillon::net
