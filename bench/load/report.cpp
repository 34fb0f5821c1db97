#include "bench/load/report.hpp"

#include "protocol/json.hpp"

#include <iomanip>
#include <sstream>
#include <vector>

namespace carillon::load {

namespace {

struct named_histogram {
  const char* name;    ///< in JSON
  const char* caption; ///< in the table
  const histogram& values;
};

std::vector<named_histogram> histograms_of(const options& asked, const metrics& figures) {
  if (asked.chat_rate > 0)
    return {
        {"chat_ack", "sendMessage -> its answer", figures.chat_ack},
        {"chat_news", "sendMessage -> message.new", figures.chat_news},
    };
  if (asked.sessions != 0)
    return {
        {"relay", "relay", figures.relay},
        {"ring", "initiate -> call_invitation", figures.ring},
        {"setup", "join -> call_session_joined", figures.setup},
        {"initiate_confirm", "initiate -> its answer", figures.initiate_confirm},
        {"join_confirm", "join -> its acknowledgement", figures.join_confirm},
        {"end_confirm", "leave -> its acknowledgement", figures.end_confirm},
    };
  return {
      {"relay", "relay", figures.relay},
      {"ring", "initiateCall -> incomingCall", figures.ring},
      {"setup", "initiateCall -> callAccepted", figures.setup},
      {"initiate_confirm", "initiateCall -> callInitiated", figures.initiate_confirm},
      {"end_confirm", "endCall -> callEndedConfirm", figures.end_confirm},
  };
}

double micros(std::int64_t ns) { return static_cast<double>(ns) / 1e3; }

/// Figures that follow from the counted ones.
struct derived {
  double calls_per_second = 0;
  double relayed_per_second = 0;
  double said_per_second = 0;
  std::optional<double> server_us_per_said;
  std::optional<double> database_us_per_said;
  std::optional<double> own_us_per_said;
  std::optional<double> own_us_per_message;
  std::optional<double> own_user_us_per_message;
  std::optional<double> server_ms_per_thousand;
  std::optional<double> server_user_ms_per_thousand;
  std::optional<double> server_cores;
  std::optional<double> database_us_per_call;
};

derived derive(const metrics& figures, const run_figures& run) {
  derived d;
  if (run.seconds > 0) {
    d.calls_per_second = static_cast<double>(figures.calls) / run.seconds;
    d.relayed_per_second = static_cast<double>(figures.relayed) / run.seconds;
    d.said_per_second = static_cast<double>(figures.said) / run.seconds;
  }
  if (auto said = static_cast<double>(figures.said); said > 0) {
    d.own_us_per_said = micros(run.own_cpu.total_ns()) / said;
    if (run.server_cpu)
      d.server_us_per_said = micros(run.server_cpu->total_ns()) / said;
    if (run.database_cpu)
      d.database_us_per_said = micros(run.database_cpu->total_ns()) / said;
  }
  if (auto relayed = static_cast<double>(figures.relayed); relayed > 0) {
    d.own_us_per_message = micros(run.own_cpu.total_ns()) / relayed;
    d.own_user_us_per_message = micros(run.own_cpu.user_ns) / relayed;
    if (run.server_cpu) { // microseconds for one are milliseconds for a thousand
      d.server_ms_per_thousand = micros(run.server_cpu->total_ns()) / relayed;
      d.server_user_ms_per_thousand = micros(run.server_cpu->user_ns) / relayed;
    }
  }
  if (run.server_cpu && run.seconds > 0)
    d.server_cores = static_cast<double>(run.server_cpu->total_ns()) / 1e9 / run.seconds;
  if (run.database_cpu && figures.calls != 0)
    d.database_us_per_call =
        micros(run.database_cpu->total_ns()) / static_cast<double>(figures.calls);
  return d;
}

std::string loop_name(const options& asked) {
  std::ostringstream text;
  if (asked.chat_rate > 0)
    text << "open loop, " << asked.chat_rate << " messages/s in each channel";
  else if (asked.call_rate > 0)
    text << "open loop, " << asked.call_rate << " calls/s";
  else if (asked.message_rate > 0)
    text << "open loop, " << asked.message_rate << " candidates/s";
  else
    text << "closed loop";
  return std::move(text).str();
}

std::string number(double value) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(6) << value;
  return std::move(text).str();
}

void print_latencies(std::ostream& out, const options& asked, const metrics& figures) {
  out << "\nlatency, us                          p50        p99      p99.9        max      count\n";
  for (const auto& each : histograms_of(asked, figures)) {
    out << std::left << std::setw(30) << each.caption << std::right;
    for (double percent : {50.0, 99.0, 99.9})
      out << std::setw(11) << micros(each.values.percentile(percent));
    out << std::setw(11) << micros(each.values.max()) << std::setw(11) << each.values.count()
        << '\n';
  }
}

/// Who did how much.
void print_counts(std::ostream& out, const options& asked, const metrics& figures, const derived& d,
                  const run_figures& run) {
  if (asked.sessions != 0)
    out << asked.sessions << " sessions of " << asked.members;
  else
    out << asked.pairs << " pairs";
  if (asked.chat_rate > 0) {
    out << ", " << loop_name(asked) << ", texts of " << asked.text_bytes << " bytes, "
        << run.seconds << " s measured\n\n"
        << "messages said         " << figures.said << " (" << d.said_per_second << "/s)\n"
        << "messages heard        " << figures.heard << '\n';
    return;
  }
  out << ", " << asked.candidates << " candidates each way, " << asked.sdp_bytes << " byte SDP, "
      << loop_name(asked) << ", " << run.seconds << " s measured\n\n"
      << "calls                 " << figures.calls << " (" << d.calls_per_second << "/s)\n"
      << "relayed messages      " << figures.relayed << " (" << d.relayed_per_second << "/s)\n";
}

void print_server(std::ostream& out, const derived& d, const run_figures& run) {
  if (d.server_us_per_said)
    out << "server CPU            " << *d.server_us_per_said << " us for one message; "
        << *d.server_cores << " cores busy\n";
  if (d.database_us_per_said)
    out << "PostgreSQL CPU        " << *d.database_us_per_said << " us for one message\n";
  if (d.own_us_per_said)
    out << "generator CPU         " << *d.own_us_per_said << " us for one message\n";
  if (d.server_ms_per_thousand)
    out << "server CPU            " << *d.server_ms_per_thousand
        << " ms for 1,000 relayed messages, calls included (" << *d.server_user_ms_per_thousand
        << " of it outside the kernel); " << *d.server_cores << " cores busy\n";
  if (run.server_after)
    out << "server memory         " << static_cast<double>(run.server_after->rss_bytes) / 1e6
        << " MB resident at the end\n";
  if (d.database_us_per_call && !d.database_us_per_said)
    out << "PostgreSQL CPU        " << *d.database_us_per_call << " us for one call\n";
  for (const auto& stage : run.idle)
    out << "idle connection       " << stage.rss_bytes_each / 1024 << " KiB resident each of "
        << stage.connections << " (" << stage.pss_bytes_each / 1024 << " KiB by Pss); "
        << stage.accept_us_each << " us CPU to accept one\n";
  if (run.idle_cores)
    out << "idle server           " << *run.idle_cores * 100 << " % of a core\n";
}

} // namespace

void print_report(std::ostream& out, const options& asked, const metrics& figures,
                  const run_figures& run) {
  auto d = derive(figures, run);
  out << std::fixed << std::setprecision(1);
  auto calling = asked.pairs != 0 || asked.sessions != 0;
  if (calling)
    print_counts(out, asked, figures, d, run);
  out << std::setprecision(2);
  print_server(out, d, run);
  if (d.own_us_per_message)
    out << "generator CPU         " << *d.own_us_per_message << " us for one relayed message ("
        << *d.own_user_us_per_message << " of it outside the kernel)\n";
  if (calling) {
    out << std::setprecision(1);
    print_latencies(out, asked, figures);
  }
  out << "\nerrors                " << figures.error_count() << '\n';
  for (const auto& [what, count] : figures.errors)
    out << "  " << count << " x " << what << '\n';
}

std::string report_json(const options& asked, const metrics& figures, const run_figures& run) {
  auto d = derive(figures, run);
  json::writer w;
  auto real = [&](std::string_view name, std::optional<double> value) {
    w.key(name);
    value ? w.raw(number(*value)) : w.null();
  };
  auto whole = [&](std::string_view name, std::uint64_t value) {
    w.field(name, static_cast<std::int64_t>(value));
  };
  w.begin_object();
  whole("pairs", asked.pairs);
  whole("sessions", asked.sessions);
  whole("members", asked.sessions != 0 ? asked.members : 0);
  whole("candidates", asked.candidates);
  whole("sdp_bytes", asked.sdp_bytes);
  w.field("loop", loop_name(asked));
  real("seconds", run.seconds);
  whole("calls", figures.calls);
  real("calls_per_second", d.calls_per_second);
  whole("relayed", figures.relayed);
  real("relayed_per_second", d.relayed_per_second);
  whole("said", figures.said);
  whole("heard", figures.heard);
  real("said_per_second", d.said_per_second);
  real("server_cpu_us_per_said", d.server_us_per_said);
  real("database_cpu_us_per_said", d.database_us_per_said);
  real("server_cpu_ms",
       run.server_cpu ? std::optional{micros(run.server_cpu->total_ns()) / 1e3} : std::nullopt);
  real("server_cpu_ms_per_1000_relayed", d.server_ms_per_thousand);
  real("server_cpu_user_ms_per_1000_relayed", d.server_user_ms_per_thousand);
  real("server_cores", d.server_cores);
  real("database_cpu_us_per_call", d.database_us_per_call);
  w.key("idle").begin_array();
  for (const auto& stage : run.idle) {
    w.begin_object();
    whole("connections", stage.connections);
    real("rss_bytes_each", stage.rss_bytes_each);
    real("pss_bytes_each", stage.pss_bytes_each);
    real("accept_cpu_us_each", stage.accept_us_each);
    w.end_object();
  }
  w.end_array();
  real("idle_cores", run.idle_cores);
  real("generator_cpu_us_per_relayed", d.own_us_per_message);
  real("generator_cpu_user_us_per_relayed", d.own_user_us_per_message);
  w.key("latency_us").begin_object();
  for (const auto& each : histograms_of(asked, figures)) {
    w.key(each.name).begin_object();
    whole("count", each.values.count());
    real("p50", micros(each.values.percentile(50)));
    real("p99", micros(each.values.percentile(99)));
    real("p99_9", micros(each.values.percentile(99.9)));
    real("max", micros(each.values.max()));
    w.end_object();
  }
  w.end_object();
  w.key("errors").begin_object();
  for (const auto& [what, count] : figures.errors)
    whole(what, count);
  w.end_object();
  w.end_object();
  return std::move(w).take();
}

} // namespace carillon::load
