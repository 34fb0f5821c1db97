#include "net/mirror_loop.hpp"

#include "config/log.hpp"
#include "net/judge_answer.hpp"

#include <algorithm>
#include <utility>

namespace carillon::net {

namespace {

// What is over and cannot be written may fill this much before nothing more is read.
constexpr std::size_t most_over = 1000;

// Counting a long queue takes a while; it may take this part of the time.
constexpr int count_share = 20;

instant now() { return std::chrono::steady_clock::now(); }

} // namespace

mirror_loop::mirror_loop(boost::asio::io_context& io, stream_client& client, store_factory& stores,
                         mirror_status& status, const mirror_patience& patience,
                         const mirror_rhythm& rhythm)
  : io_(io)
  , client_(client)
  , stores_(stores)
  , status_(status)
  , rhythm_(rhythm)
  , lanes_(patience)
  , half_(patience.held / 2)
  , dice_(static_cast<std::minstd_rand::result_type>(now().time_since_epoch().count()))
  , reading_(io.get_executor())
  , writing_(io.get_executor())
  , sending_(io.get_executor()) {}

void mirror_loop::after(io_timer& timer, std::chrono::milliseconds wait,
                        void (mirror_loop::*what)()) {
  timer.expires_after(wait);
  timer.async_wait([this, what, here = std::weak_ptr{here_}](const error& cancelled) {
    if (!cancelled && !here.expired() && !stopped_)
      (this->*what)();
  });
}

void mirror_loop::start(std::chrono::milliseconds wait) {
  after(reading_, wait, &mirror_loop::look);
}

void mirror_loop::stop() {
  if (std::exchange(stopped_, true))
    return;
  reading_.cancel();
  writing_.cancel();
  sending_.cancel();
  write();
}

// -- the store ---------------------------------------------------------------

record_store* mirror_loop::store() {
  if (now() < store_away_until_)
    return nullptr;
  if (store_)
    return store_.get();
  auto opened = stores_.open();
  if (opened)
    store_ = *std::move(opened);
  else
    store_failed("open", opened.error());
  return store_.get();
}

void mirror_loop::store_failed(std::string_view doing, const failure& why) {
  log::debug("mirror_waits_for_store", {{"doing", doing}, {"why", why.message()}});
  store_away_until_ = now() + rhythm_.again;
}

void mirror_loop::look() {
  count();
  read();
  pump();
  after(reading_, rhythm_.read, &mirror_loop::look);
}

void mirror_loop::read() {
  auto room = lanes_.room();
  if (room == 0 || over_.size() >= most_over)
    return;
  auto* from = store();
  if (!from)
    return;
  auto entries = from->outbox(lanes_.read_upto(), room);
  if (!entries)
    return store_failed("read", entries.error());
  more_ = entries->size() == room;
  lanes_.add(*std::move(entries));
}

void mirror_loop::count() {
  auto begin = now();
  auto* in = begin < next_count_ ? nullptr : store();
  if (!in)
    return;
  auto backlog = in->backlog();
  if (!backlog)
    return store_failed("count", backlog.error());
  status_.set_queued(backlog->queued);
  status_.set_given_up(backlog->failed);
  auto end = now();
  next_count_ = end + std::max<instant::duration>(rhythm_.count, count_share * (end - begin));
}

void mirror_loop::write_soon() {
  if (over_.size() >= rhythm_.results)
    return write();
  if (!std::exchange(writing_soon_, true))
    after(writing_, rhythm_.write, &mirror_loop::write);
}

void mirror_loop::write() {
  writing_soon_ = false;
  if (over_.empty())
    return;
  auto* to = store();
  auto written = to ? to->write(over_) : result<std::vector<bool>>{error_code::store_unavailable};
  if (written) {
    over_.clear();
    return;
  }
  if (to)
    store_failed("write", written.error());
  if (!stopped_ && !std::exchange(writing_soon_, true))
    after(writing_, rhythm_.again, &mirror_loop::write);
}

// -- Stream ------------------------------------------------------------------

void mirror_loop::pump() {
  while (auto entry = lanes_.next(time_.now()))
    send(*entry);
  if (auto at = lanes_.next_at())
    after(sending_, std::max(*at - time_.now(), milliseconds{1}), &mirror_loop::pump);
}

void mirror_loop::send(const outbox_entry& what) {
  client_.post(what, [this, what, here = std::weak_ptr{here_}](const http_answer& answer) {
    if (!here.expired() && !stopped_)
      on_answer(what, answer);
  });
}

void mirror_loop::on_answer(const outbox_entry& what, const http_answer& answer) {
  auto how = judge_answer(what, answer);
  auto over = lanes_.on(what.position, how, time_.now(), luck());
  note(what, how, over);
  if (over) {
    over_.push_back(*std::move(over));
    write_soon();
  }
  if (more_ && lanes_.held() <= half_)
    read();
  pump();
}

void mirror_loop::note(const outbox_entry& what, const send_result& how,
                       const std::optional<outbox_result>& over) {
  if (how.verdict == send_verdict::done)
    return note_reach(true, {});
  status_.set_error(to_iso8601(time_.now()) + " " + how.error);
  note_reach(how.verdict != send_verdict::unreachable, how.error);
  if (over)
    log::warn("mirror_gave_up", {{"position", what.position},
                                 {"kind", to_string(what.kind)},
                                 {"lane", what.lane},
                                 {"attempts", over->attempts},
                                 {"why", how.error}});
  else
    log::debug("mirror_tries_again", {{"position", what.position}, {"why", how.error}});
}

void mirror_loop::note_reach(bool reachable, const std::string& why) {
  if (std::exchange(reachable_, reachable) == reachable)
    return;
  if (reachable)
    log::info("stream_reachable");
  else
    log::warn("stream_unreachable", {{"why", why}});
}

} // namespace carillon::net
