#include "net/metrics_text.hpp"

#include "protocol/records.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <initializer_list>
#include <utility>

namespace carillon::net {

namespace {

constexpr double nanos_per_second = 1e9;
constexpr double millis_per_second = 1e3;

using label = std::pair<std::string_view, std::string_view>;

std::uint64_t total(const std::atomic<std::uint64_t>& of) noexcept {
  return of.load(std::memory_order_relaxed);
}

std::int64_t level(const gauge& of) noexcept { return of.load(std::memory_order_relaxed); }

/// Writes the text, one family after the other.
class page {
public:
  page() { text_.reserve(32 * 1024); }

  /// Begins a family; its samples follow.
  page& family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    line({"# HELP ", name, " ", help});
    line({"# TYPE ", name, " ", type});
    return *this;
  }
  page& counter(std::string_view name, std::string_view help) {
    return family(name, "counter", help);
  }
  page& gauge(std::string_view name, std::string_view help) { return family(name, "gauge", help); }

  template <class Number>
  page& sample(Number value) {
    return sample({}, value);
  }
  template <class Number>
  page& sample(std::initializer_list<label> labels, Number value) {
    put({}, labels, value);
    return *this;
  }

  /// A whole family; values and bounds are divided by `unit`.
  template <std::size_t Buckets>
  void histogram(std::string_view name, std::string_view help, const histogram_reading<Buckets>& of,
                 const std::array<std::uint64_t, Buckets>& upto, double unit) {
    family(name, "histogram", help);
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < Buckets; ++i) {
      below += of.counts[i];
      put("_bucket", {{"le", number(static_cast<double>(upto[i]) / unit)}}, below);
    }
    below += of.counts[Buckets];
    put("_bucket", {{"le", "+Inf"}}, below);
    put("_sum", {}, static_cast<double>(of.sum) / unit);
    put("_count", {}, below);
  }

  [[nodiscard]] std::string take() && { return std::move(text_); }

private:
  /// Holds until the next call.
  template <class Number>
  std::string_view number(Number value) {
    auto [end, problem] = write(digits_.data(), digits_.data() + digits_.size(), value);
    return problem == std::errc{}
               ? std::string_view{digits_.data(), static_cast<std::size_t>(end - digits_.data())}
               : std::string_view{"NaN"};
  }

  static std::to_chars_result write(char* from, char* to, std::integral auto value) noexcept {
    return std::to_chars(from, to, value);
  }
  /// Without an exponent: bounds are read by people, too.
  static std::to_chars_result write(char* from, char* to, double value) noexcept {
    return std::to_chars(from, to, value, std::chars_format::fixed);
  }

  template <class Number>
  void put(std::string_view suffix, std::initializer_list<label> labels, Number value) {
    text_ += name_;
    text_ += suffix;
    auto before = '{';
    for (auto& [name, word] : labels) {
      text_ += before;
      text_ += name;
      text_ += "=\"";
      text_ += word;
      text_ += '"';
      before = ',';
    }
    if (labels.size() > 0)
      text_ += '}';
    text_ += ' ';
    text_ += number(value);
    text_ += '\n';
  }

  void line(std::initializer_list<std::string_view> parts) {
    for (auto part : parts)
      text_ += part;
    text_ += '\n';
  }

  std::string text_;
  std::string_view name_;
  std::array<char, 32> digits_{};
};

void add_connections(page& to, const counters& counts) {
  // The two are not read at the same moment.
  auto closed = static_cast<std::int64_t>(total(counts.connections_closed));
  auto opened = static_cast<std::int64_t>(total(counts.connections_opened));
  to.gauge("carillon_connections", "Open connections, WebSockets included.")
      .sample(std::max<std::int64_t>(opened - closed, 0));
  to.counter("carillon_connections_opened_total", "Connections so far.").sample(opened);
  to.gauge("carillon_devices", "Devices that are in: one for each authenticated socket.")
      .sample(level(counts.now.devices));
  to.counter("carillon_resumes_total", "Devices that came back, by whether they could go on.")
      .sample({{"result", "ok"}}, total(counts.resumes))
      .sample({{"result", "failed"}}, total(counts.resumes_failed));
  to.counter("carillon_slow_devices_total",
             "Devices that were closed because they read too slowly.")
      .sample(total(counts.slow_devices));
  to.counter("carillon_events_received_total", "Events from clients.")
      .sample(total(counts.events_in));
  to.counter("carillon_events_sent_total", "Events to clients.").sample(total(counts.events_out));
}

std::string_view word(std::size_t kind) noexcept { return to_string(static_cast<call_kind>(kind)); }

void add_calls(page& to, const counters& counts) {
  const auto& now = counts.now;
  to.gauge("carillon_calls", "Live calls.");
  for (std::size_t kind = 0; kind < call_kinds; ++kind) {
    to.sample({{"kind", word(kind)}, {"state", "ringing"}}, level(now.calls[kind][0]));
    to.sample({{"kind", word(kind)}, {"state", "active"}}, level(now.calls[kind][1]));
  }
  to.counter("carillon_calls_started_total", "Calls that were begun, of all kinds.")
      .sample(total(counts.calls_started));
  to.counter("carillon_calls_answered_total", "Calls that became active.");
  for (std::size_t kind = 0; kind < call_kinds; ++kind)
    to.sample({{"kind", word(kind)}}, total(now.answered[kind]));
  to.counter("carillon_calls_ended_total", "Calls that are over, by why.");
  for (std::size_t kind = 0; kind < call_kinds; ++kind)
    for (std::size_t why = 1; why < end_reasons; ++why)
      to.sample({{"kind", word(kind)}, {"reason", to_string(static_cast<end_reason>(why))}},
                total(now.ended[kind][why]));
}

void add_rings(page& to, const vitals& now) {
  constexpr std::array in_vain{end_reason::no_answer, end_reason::rejected,
                               end_reason::cancelled, end_reason::busy,
                               end_reason::offline,   end_reason::connection_lost};
  to.counter("carillon_ring_outcomes_total", "What became of direct calls that were placed.");
  to.sample({{"outcome", "accepted"}},
            total(now.answered[static_cast<std::size_t>(call_kind::direct)]));
  for (auto why : in_vain)
    to.sample({{"outcome", to_string(why)}},
              total(now.rang_in_vain[static_cast<std::size_t>(why)]));
}

void add_relays(page& to, const counters& counts, const relay_reading& times) {
  to.counter("carillon_relays_total", "Offers, answers and candidates that were handed on.")
      .sample(total(counts.relays));
  to.histogram("carillon_relay_latency_seconds",
               "From a decoded relay to its write to the receiver; without the receiver's thread "
               "where that has to write. Relays that went through the actors are not in it.",
               times, relay_bounds, nanos_per_second);
}

void add_store(page& to, const counters& counts, std::chrono::milliseconds lag) {
  const auto& now = counts.now;
  to.counter("carillon_store_batches_total", "Batches that were committed.")
      .sample(total(counts.batches_written));
  to.counter("carillon_store_rows_total", "Rows in them.").sample(total(counts.rows_written));
  to.counter("carillon_store_batches_spooled_total", "Batches that were put on disk meanwhile.")
      .sample(total(counts.batches_spooled));
  to.counter("carillon_store_write_failures_total", "Batches that the store refused or lost.")
      .sample(total(counts.write_failures));
  to.histogram("carillon_store_batch_rows", "Rows of a batch.", now.batches.read(), batch_bounds,
               1);
  to.histogram("carillon_store_commit_seconds", "From a batch's order until it was durable.",
               now.commits.read(), commit_bounds, nanos_per_second);
  to.gauge("carillon_store_lag_seconds", "Age of the oldest change that is not durable.")
      .sample(static_cast<double>(lag.count()) / millis_per_second);
  to.gauge("carillon_store_queue_ops", "Changes that are not durable yet.")
      .sample(level(now.store_queue));
  to.gauge("carillon_store_reads_waiting", "Reads that wait for changes before them.")
      .sample(level(now.reads_waiting));
  to.gauge("carillon_store_away", "1 while the store cannot be reached.")
      .sample(now.store_away ? 1 : 0);
}

void add_refusals(page& to, const counters& counts) {
  to.counter("carillon_refusals_total", "Refusals that a client was told of.");
  for (std::size_t code = 0; code < counts.refusals.size(); ++code)
    to.sample({{"code", describe(static_cast<error_code>(code)).code}},
              total(counts.refusals[code]));
}

void add_server(page& to, const vitals& now, const metrics_inputs& more) {
  to.gauge("carillon_build_info", "The version, always 1.").sample({{"version", more.version}}, 1);
  to.gauge("carillon_draining", "1 once the server was told to end.").sample(now.draining ? 1 : 0);
  to.gauge("carillon_stream_mirror_queued", "Requests that wait for Stream.")
      .sample(more.mirror_queued);
  to.gauge("carillon_stream_mirror_failed", "Requests to Stream that were given up.")
      .sample(more.mirror_failed);
}

void add_process(page& to, const metrics_inputs& more) {
  if (more.resident_bytes == 0)
    return;
  to.gauge("process_resident_memory_bytes", "Memory that is in use, without what is swapped.")
      .sample(more.resident_bytes);
  to.counter("process_cpu_seconds_total", "Processor time, of user and system.")
      .sample(more.cpu_seconds);
  to.gauge("process_start_time_seconds", "When the process began, since 1970.")
      .sample(more.started_at);
}

} // namespace

std::string metrics_text(const counters& counts, const metrics_inputs& more) {
  page all;
  add_server(all, counts.now, more);
  add_connections(all, counts);
  add_calls(all, counts);
  add_rings(all, counts.now);
  add_relays(all, counts, more.relays);
  add_store(all, counts, more.store_lag);
  add_refusals(all, counts);
  add_process(all, more);
  return std::move(all).take();
}

} // namespace carillon::net
