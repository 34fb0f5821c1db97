#include "bench/load/driver.hpp"

#include "protocol/jwt.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <stdexcept>
#include <sys/resource.h>

namespace carillon::load {

namespace {

constexpr std::int64_t ns_per_second = 1'000'000'000;
constexpr std::int64_t check_interval = ns_per_second / 4;
// How many messages may leave, when many are due, before what came is looked at.
constexpr int due_at_once = 64;
constexpr double spread_s = 1; ///< over which pairs begin when messages have a schedule
constexpr auto for_ever = std::numeric_limits<std::int64_t>::max();

std::int64_t to_ns(double seconds) { return static_cast<std::int64_t>(seconds * 1e9); }

/// Each connection is a file descriptor, and the usual soft limit is 1024.
void raise_descriptor_limit(std::size_t wanted) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < wanted)
    throw std::runtime_error("needs " + std::to_string(wanted) + " file descriptors, may have "
                             + std::to_string(limit.rlim_cur));
}

} // namespace

driver::driver(const options& what, metrics& figures)
  : options_(what)
  , figures_(figures)
  , server_(endpoint::resolve(what.host, what.port))
  , flow_{what.candidates,
          what.window,
          false,
          what.speaks == dialect::floor,
          payload::description("offer", what.sdp_bytes),
          payload::description("answer", what.sdp_bytes),
          payload::candidate()}
  , session_{what.members, what.candidates, flow_.offer, flow_.answer, flow_.candidate}
  , chat_{what.sessions != 0 ? what.members : 2, what.sessions != 0, what.text_bytes} {
  auto idle = what.idle.empty() ? 0U : what.idle.back();
  // A session has one for its request, too.
  auto in_sessions = std::size_t{what.sessions} * (what.members + std::size_t{1});
  raise_descriptor_limit(std::size_t{what.pairs} * 2 + in_sessions + idle + 64);
}

run_figures driver::run() {
  if (options_.pid != 0 && !sample_server())
    throw std::runtime_error("no process " + std::to_string(options_.pid));
  connect_idle();
  watch_idle();
  options_.chat_rate > 0 ? connect_chats() : connect_parties();
  if (options_.chat_rate > 0) {
    chat();
  } else if (failed_ < parties_.size()) {
    warm_up();
    measure();
    drain();
  }
  for (auto* each : parties_)
    each->close();
  idle_.close();
  return result_;
}

void driver::connect_idle() {
  auto nothing = sample_server();
  for (auto count : options_.idle) {
    auto added = count - static_cast<std::uint32_t>(idle_.size());
    auto before = sample_server();
    connect_each(added, options_.connecting, [this](std::size_t) {
      if (flow_.forwarded)
        return idle_.add_bare(server_, next_source());
      auto user = options_.user_prefix + "idle" + std::to_string(idle_.size());
      idle_.add(server_, token_for(user), next_source());
    });
    // Time for the server to finish what connecting began, so that only what stays is measured.
    wait(options_.settle_s);
    if (auto after = sample_server(); nothing && before && after)
      result_.idle.push_back(compare_idle(*nothing, *before, *after, count, added));
  }
}

void driver::watch_idle() {
  if (options_.watch_s <= 0)
    return;
  auto before = sample_all();
  wait(options_.watch_s);
  auto after = sample_all();
  if (before.server && after.server)
    result_.idle_cores = static_cast<double>((after.server->cpu - before.server->cpu).total_ns())
                         / static_cast<double>(after.ns - before.ns);
}

void driver::connect_parties() {
  connect_each(options_.pairs, options_.connecting, [this](std::size_t i) { connect_pair(i); });
  // As many connections at the same time as with pairs.
  auto at_once = std::max<std::size_t>(options_.connecting * 2 / options_.members, 1);
  connect_each(options_.sessions, at_once, [this](std::size_t i) { connect_session(i); });
}

void driver::connect_pair(std::size_t number) {
  auto& pair = pairs_.emplace_back(static_cast<std::uint32_t>(number), poller_, flow_, figures_,
                                   static_cast<flow_observer&>(*this), options_.user_prefix);
  parties_.push_back(&pair);
  for (auto side : {pair_flow::caller, pair_flow::callee})
    pair.connect(side, server_, token_for(pair.user(side)), next_source());
}

void driver::connect_session(std::size_t number) {
  auto& session =
      sessions_.emplace_back(static_cast<std::uint32_t>(number), poller_, session_, figures_,
                             static_cast<flow_observer&>(*this), options_.user_prefix);
  parties_.push_back(&session);
  for (std::size_t i = 0; i < options_.members; ++i)
    session.connect(i, server_, token_for(session.user(i)), next_source());
}

void driver::connect_each(std::size_t count, std::size_t at_once,
                          const std::function<void(std::size_t)>& begin) {
  arrived_ = 0;
  std::size_t begun = 0;
  while (arrived_ < count) {
    while (begun < count && begun - arrived_ < at_once)
      begin(begun++);
    auto before = arrived_;
    pump_until([&] { return arrived_ != before; }, now_ns() + to_ns(options_.timeout_s));
    if (arrived_ == before)
      throw std::runtime_error("timeout while connecting: " + std::to_string(arrived_) + " of "
                               + std::to_string(count) + " are there");
  }
}

void driver::warm_up() {
  phase_ = phase::warming;
  calls_goal_ = options_.warmup_calls;
  stop_at_ = for_ever;
  if (calls_goal_ == 0)
    return;
  resting_ = 0;
  for (auto* each : parties_)
    if (!each->has_failed())
      each->start_call(now_ns());
  pump_until([this] { return resting_ + failed_ >= parties_.size(); }, for_ever);
}

void driver::start_spread() {
  schedule_.emplace(options_.message_rate, now_ns());
  for (auto& each : pairs_) {
    if (!each.has_failed())
      each.start_call(now_ns());
    wait(spread_s / static_cast<double>(pairs_.size()));
  }
}

void driver::measure() {
  phase_ = phase::measuring;
  auto by_calls = options_.calls_per_pair != 0;
  calls_goal_ = by_calls ? options_.warmup_calls + options_.calls_per_pair : 0;
  stop_at_ = for_ever;
  resting_ = 0;
  schedule_.reset();
  flow_.paced = options_.message_rate > 0;
  // When all begin at once, what they send first only waits for one another.
  if (flow_.paced)
    start_spread();
  auto begin = sample_all();
  if (auto rate = std::max(options_.call_rate, options_.message_rate); rate > 0)
    schedule_.emplace(rate, begin.ns);
  if (!by_calls)
    stop_at_ = begin.ns + to_ns(options_.seconds);
  figures_.recording = true;
  for (auto* each : parties_) {
    if (each->has_failed() || flow_.paced)
      continue;
    if (options_.call_rate > 0)
      may_call_.push_back(each);
    else
      each->start_call(now_ns());
  }
  pump_until([this] { return resting_ + failed_ >= parties_.size(); }, stop_at_);
  figures_.recording = false;
  take_figures(begin, sample_all());
}

void driver::take_figures(const moment& begin, const moment& end) {
  result_.seconds = static_cast<double>(end.ns - begin.ns) / 1e9;
  result_.own_cpu = end.own - begin.own;
  result_.server_after = end.server;
  if (begin.server && end.server)
    result_.server_cpu = end.server->cpu - begin.server->cpu;
  if (begin.database && end.database)
    result_.database_cpu = *end.database - *begin.database;
}

void driver::drain() {
  phase_ = phase::draining;
  pump_until([this] { return std::ranges::none_of(parties_, &party::is_calling); }, for_ever);
}

void driver::wait(double seconds) {
  pump_until([] { return false; }, now_ns() + to_ns(seconds));
}

void driver::pump_until(const std::function<bool()>& done, std::int64_t deadline) {
  while (!done()) {
    auto now = now_ns();
    if (now >= deadline)
      return;
    if (now >= next_check_) {
      for (auto* each : parties_)
        each->check_age(now - to_ns(options_.timeout_s));
      next_check_ = now + check_interval;
    }
    auto until = std::min(deadline, next_check_);
    if (anything_waits_for_schedule())
      until = std::min(until, schedule_->next());
    poller_.wait(until);
    send_what_is_due();
  }
}

bool driver::anything_waits_for_schedule() const {
  return schedule_ && (!may_call_.empty() || !may_send_.empty() || !may_chat_.empty());
}

void driver::send_what_is_due() {
  for (int i = 0; i < due_at_once; ++i) {
    if (!anything_waits_for_schedule() || schedule_->next() > now_ns())
      return;
    if (!may_send_.empty()) {
      auto [pair, index] = may_send_.front();
      may_send_.pop_front();
      // A call may have failed since; then its turn on the schedule is left for the next.
      if (pair->may_send(index) && pair->send_candidate(index, schedule_->take()))
        may_send_.emplace_back(pair, index);
    } else if (!may_chat_.empty()) {
      auto* chat = may_chat_.front();
      may_chat_.pop_front();
      if (!chat->may_chat())
        continue; // it failed
      chat->say(schedule_->take());
      may_chat_.push_back(chat);
    } else {
      auto* who = may_call_.front();
      may_call_.pop_front();
      if (!who->has_failed())
        who->start_call(schedule_->take());
    }
  }
}

void driver::on_ready(party&) { ++arrived_; }

bool driver::wants_another(const party& who) const {
  return phase_ != phase::draining && now_ns() < stop_at_
         && (calls_goal_ == 0 || who.calls() < calls_goal_);
}

void driver::on_call_done(party& who) {
  if (!wants_another(who))
    ++resting_;
  else if (phase_ == phase::measuring && options_.call_rate > 0)
    may_call_.push_back(&who);
  else
    who.start_call(now_ns());
}

void driver::on_may_send(pair_flow& pair, std::size_t index) {
  may_send_.emplace_back(&pair, index);
}

void driver::on_failed(party& who) {
  ++failed_;
  arrived_ += who.calls() == 0 ? 1 : 0;
}

std::string driver::token_for(const std::string& user) const {
  identity who;
  who.user = user_id{user};
  auto now = std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
  return make_token(options_.secret, who, now, std::chrono::hours{24});
}

std::optional<proc_sample> driver::sample_server() const {
  if (options_.pid == 0)
    return std::nullopt;
  return sample_process(options_.pid);
}

driver::moment driver::sample_all() const {
  moment result;
  result.server = sample_server();
  if (options_.database_pid != 0)
    result.database = sample_family(options_.database_pid);
  result.own = own_cpu();
  result.ns = now_ns();
  return result;
}

unsigned driver::next_source() {
  // One address has about 28,000 ports for one destination.
  constexpr std::size_t ports_of_one_address = 20000;
  auto index = sockets_++ / ports_of_one_address;
  return server_.host.starts_with("127.") ? static_cast<unsigned>(index) : 0;
}

} // namespace carillon::load
