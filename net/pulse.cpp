#include "net/pulse.hpp"

#include "config/command_line.hpp"
#include "net/io_pool.hpp"
#include "protocol/json_writer.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <vector>

namespace carillon::net {

namespace {

constexpr std::chrono::seconds interval{1};

std::uint64_t total(const std::atomic<std::uint64_t>& of) noexcept {
  return of.load(std::memory_order_relaxed);
}

template <class List>
std::uint64_t sum(const List& list) noexcept {
  std::uint64_t all = 0;
  for (const auto& one : list)
    all += total(one);
  return all;
}

/// What was added to a histogram between two readings.
relay_reading operator-(relay_reading later, const relay_reading& earlier) noexcept {
  for (std::size_t i = 0; i < later.counts.size(); ++i)
    later.counts[i] -= earlier.counts[i];
  later.sum -= earlier.sum;
  return later;
}

double micros(const relay_reading& of, double share) noexcept {
  constexpr double nanos_per_micro = 1000;
  return static_cast<double>(quantile(of, relay_bounds, share)) / nanos_per_micro;
}

/// One of the figures under the name that clients see.
struct column {
  std::string_view name;
  void (*put)(json::writer&, const pulse::figures&);
};

template <auto Member>
void put(json::writer& out, const pulse::figures& from) {
  if constexpr (std::is_floating_point_v<std::remove_cvref_t<decltype(from.*Member)>>)
    out.decimal(from.*Member);
  else
    out.value(std::int64_t{from.*Member});
}

using f = pulse::figures;
constexpr std::array columns{
    column{"devices", put<&f::devices>},       column{"connections", put<&f::connections>},
    column{"ringing", put<&f::ringing>},       column{"active", put<&f::active>},
    column{"relaysPerS", put<&f::relays>},     column{"eventsPerS", put<&f::events>},
    column{"callsPerS", put<&f::calls>},       column{"rowsPerS", put<&f::rows>},
    column{"refusalsPerS", put<&f::refusals>}, column{"p50Us", put<&f::p50_us>},
    column{"p99Us", put<&f::p99_us>},          column{"storeLagMs", put<&f::store_lag_ms>},
    column{"storeQueue", put<&f::store_queue>}};

void write_series(json::writer& out, const std::vector<pulse::figures>& beats) {
  out.key("at").begin_array();
  for (const auto& one : beats)
    out.value(one.at_ms);
  out.end_array();
  for (const auto& each : columns) {
    out.key(each.name).begin_array();
    for (const auto& one : beats)
      each.put(out, one);
    out.end_array();
  }
}

} // namespace

std::chrono::milliseconds store_lag(const vitals& now) noexcept {
  auto oldest = now.oldest_put_ms.load(std::memory_order_relaxed);
  if (oldest == 0)
    return {};
  auto here = std::chrono::floor<std::chrono::milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
  return std::max(here - std::chrono::milliseconds{oldest}, std::chrono::milliseconds{0});
}

pulse::pulse(const counters& counts, const clock& time, io_pool& pool)
  : counts_(counts)
  , time_(time)
  , pool_(pool)
  , last_(read()) {}

void pulse::start() {
  pool_.post(0, [self = shared_from_this()] {
    self->timer_ = std::make_unique<io_timer>(self->pool_.context(0));
    self->last_beat_ = std::chrono::steady_clock::now();
    self->due_ = self->last_beat_ + interval;
    self->arm();
  });
}

void pulse::stop() {
  pool_.post(0, [self = shared_from_this()] { self->timer_ = nullptr; });
}

void pulse::arm() {
  timer_->expires_at(due_);
  timer_->async_wait([self = shared_from_this()](const boost::system::error_code& problem) {
    if (!problem && self->timer_)
      self->on_timer();
  });
}

void pulse::on_timer() {
  auto now = std::chrono::steady_clock::now();
  beat(to_epoch_ms(time_.now()), now - std::exchange(last_beat_, now));
  due_ = next_due(due_, now);
  arm();
}

// Never at once: a beat of no time would have rates of any size.
instant pulse::next_due(instant due, instant now) noexcept {
  return due + interval > now ? due + interval : now + interval;
}

pulse::totals pulse::read() const {
  totals now;
  now.relays = total(counts_.relays);
  now.events = total(counts_.events_in) + total(counts_.events_out);
  now.calls = total(counts_.calls_started);
  now.rows = total(counts_.rows_written);
  now.refusals = sum(counts_.refusals);
  now.latency = pool_.relay_latency();
  return now;
}

pulse::figures pulse::gauges() const {
  const auto& now = counts_.now;
  figures read;
  read.devices = now.devices.load(std::memory_order_relaxed);
  // The two are not read at the same moment.
  auto closed = static_cast<std::int64_t>(total(counts_.connections_closed));
  auto opened = static_cast<std::int64_t>(total(counts_.connections_opened));
  read.connections = std::max<std::int64_t>(opened - closed, 0);
  for (const auto& of_kind : now.calls) {
    read.ringing += of_kind[0].load(std::memory_order_relaxed);
    read.active += of_kind[1].load(std::memory_order_relaxed);
  }
  read.store_lag_ms = static_cast<double>(store_lag(now).count());
  read.store_queue = now.store_queue.load(std::memory_order_relaxed);
  return read;
}

void pulse::beat(std::int64_t wall_ms, std::chrono::duration<double> since_last) {
  auto now = read();
  auto taken = gauges();
  auto seconds = std::max(since_last.count(), 1e-3);
  std::lock_guard guard{lock_};
  auto rate = [&](std::uint64_t totals::*what) {
    return static_cast<double>(now.*what - last_.*what) / seconds;
  };
  taken.beat = beats_ + 1;
  taken.at_ms = wall_ms;
  taken.relays = rate(&totals::relays);
  taken.events = rate(&totals::events);
  taken.calls = rate(&totals::calls);
  taken.rows = rate(&totals::rows);
  taken.refusals = rate(&totals::refusals);
  auto latency = now.latency - last_.latency;
  taken.p50_us = micros(latency, 0.5);
  taken.p99_us = micros(latency, 0.99);
  ring_[beats_ % kept] = taken;
  ++beats_;
  last_ = now;
}

std::string pulse::since(std::uint64_t beat) const {
  auto now = gauges();
  std::vector<figures> wanted;
  {
    std::lock_guard guard{lock_};
    if (beat > beats_)
      beat = 0;
    auto first = std::max<std::uint64_t>(beat, beats_ - std::min<std::uint64_t>(beats_, kept));
    for (auto i = first; i < beats_; ++i)
      wanted.push_back(ring_[i % kept]);
    if (beats_ > 0) {
      const auto& newest = ring_[(beats_ - 1) % kept];
      now.beat = newest.beat;
      now.relays = newest.relays;
      now.events = newest.events;
      now.calls = newest.calls;
      now.rows = newest.rows;
      now.refusals = newest.refusals;
      now.p50_us = newest.p50_us;
      now.p99_us = newest.p99_us;
    }
  }

  json::writer out;
  out.reserve(1024 + wanted.size() * 96);
  out.begin_object().field("beat", static_cast<std::int64_t>(now.beat));
  out.key("now").begin_object();
  write_now(out, now);
  out.end_object().key("series").begin_object();
  write_series(out, wanted);
  out.end_object().end_object();
  return std::move(out).take();
}

void pulse::write_now(json::writer& out, const figures& now) const {
  for (const auto& one : columns) {
    out.key(one.name);
    one.put(out, now);
  }
  auto up = std::chrono::floor<std::chrono::seconds>(clock::monotonic::now() - begun_);
  std::uint64_t ended = 0;
  for (const auto& of_kind : counts_.now.ended)
    ended += sum(of_kind);
  out.field("draining", counts_.now.draining.load());
  out.field("storeAway", counts_.now.store_away.load());
  out.field("version", config::version());
  out.field("uptimeS", std::int64_t{up.count()});
  out.field("answered", static_cast<std::int64_t>(sum(counts_.now.answered)));
  out.field("ended", static_cast<std::int64_t>(ended));
}

} // namespace carillon::net
