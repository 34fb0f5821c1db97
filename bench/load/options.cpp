#include "bench/load/options.hpp"

#include "bench/load/session_flow.hpp"

#include <algorithm>
#include <chrono>
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>

namespace carillon::load {

namespace {

/// A value that names a file stands for the file's content, without the newline at its end.
std::string secret_from(const std::string& value) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(value, ignored))
    return value;
  std::ifstream in{value};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
    text.pop_back();
  return text;
}

/// User ids that no other run used: what an earlier run left ringing cannot disturb this one.
std::string unique_prefix() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  return "load-" + std::to_string(ms) + "-";
}

void describe_options(CLI::App& app, options& what) {
  app.add_option("--host", what.host, "Address of the server")->capture_default_str();
  app.add_option("--port", what.port, "Port of the server")->capture_default_str();
  app.add_option("--dialect", what.speaks,
                 "What the server understands: socket.io (calls), or floor (it only forwards)")
      ->transform(CLI::CheckedTransformer(std::map<std::string, dialect>{
          {"socket.io", dialect::socket_io}, {"floor", dialect::floor}}));
  app.add_option("--secret", what.secret, "The server's JWT secret, or a file that holds it");
  app.add_option("--pid", what.pid, "Process id of the server, to read its CPU time and memory");
  app.add_option(
      "--database-pid", what.database_pid,
      "Process id of PostgreSQL (the postmaster), to read the CPU time of its processes");
  auto* pairs = app.add_option("--pairs", what.pairs, "Pairs of users that call each other")
                    ->capture_default_str();
  app.add_option("--sessions", what.sessions, "Instead: groups of users that meet in sessions")
      ->excludes(pairs);
  app.add_option("--members", what.members, "How many are in each session")
      ->capture_default_str()
      ->check(CLI::Range(2U, session_flow::most_members));
  auto* calls = app.add_option("--calls-per-pair,--calls-each", what.calls_per_pair,
                               "End when each pair, or group, made this many calls");
  app.add_option("--seconds", what.seconds, "End after this time")
      ->capture_default_str()
      ->check(CLI::PositiveNumber)
      ->excludes(calls);
  app.add_option("--warmup-calls", what.warmup_calls,
                 "Calls of each pair or group that are not measured")
      ->capture_default_str();
  app.add_option("--candidates", what.candidates, "Candidates each way between two in one call")
      ->capture_default_str();
  app.add_option("--window", what.window,
                 "Candidates that a side sends at once; each that arrives there sends the next "
                 "one (0: all at once)")
      ->capture_default_str();
  app.add_option("--sdp-bytes", what.sdp_bytes, "Size of an offer and of an answer")
      ->capture_default_str();
  auto* call_rate = app.add_option("--call-rate", what.call_rate,
                                   "Open loop: calls a second, begun on a fixed schedule");
  app.add_option("--message-rate", what.message_rate,
                 "Open loop: candidates a second, sent on a fixed schedule")
      ->excludes(call_rate);
  app.add_option("--chat", what.chat_rate,
                 "Instead of relaying: messages a second in the channel of each call, said by its "
                 "members in turn on a fixed schedule, for --seconds")
      ->check(CLI::PositiveNumber)
      ->excludes(calls)
      ->excludes(call_rate)
      ->excludes("--message-rate");
  app.add_option("--text-bytes", what.text_bytes, "Size of such a message's text")
      ->capture_default_str()
      ->check(CLI::Range(16, 5000));
  app.add_option("--idle", what.idle,
                 "Connections that only wait; prints what each costs. Several numbers, growing and "
                 "separated by commas, are reached one after the other")
      ->delimiter(',')
      ->check(CLI::PositiveNumber);
  app.add_option("--settle", what.settle_s, "Seconds before memory is read")->capture_default_str();
  app.add_option("--watch", what.watch_s,
                 "Seconds for which the server is watched while nothing happens")
      ->capture_default_str();
  app.add_option("--timeout", what.timeout_s, "Seconds that one call may take")
      ->capture_default_str();
  app.add_option("--connecting", what.connecting, "How many connect at the same time")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--user-prefix", what.user_prefix, "Beginning of the user ids");
  app.add_option("--json", what.json_file, "Also write the figures to this file");
}

} // namespace

command_line parse_command_line(int argc, char** argv) {
  command_line result;
  CLI::App app{"Drives whole calls against a running carillon server and measures it.\n"
               "Exit status: 0 when nothing went wrong, 1 after any error, 2 for bad options."};
  describe_options(app, result.what);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    result.exit_code = app.exit(error) == 0 ? 0 : 2;
    return result;
  }
  result.what.secret = secret_from(result.what.secret);
  if (result.what.sessions != 0)
    result.what.pairs = 0;
  if (result.what.user_prefix.empty())
    result.what.user_prefix = unique_prefix();
  const auto& what = result.what;
  if (what.pairs == 0 && what.sessions == 0 && what.idle.empty()) {
    std::cerr << "--pairs is 0 and --idle is missing: nothing to do\n";
    result.exit_code = 2;
  }
  if (what.sessions != 0
      && (what.message_rate > 0 || what.window != 0 || what.speaks == dialect::floor)) {
    std::cerr << "--sessions: --message-rate, --window and --dialect are for pairs\n";
    result.exit_code = 2;
  }
  if (what.chat_rate > 0 && what.speaks == dialect::floor) {
    std::cerr << "--chat: --dialect is for pairs that relay\n";
    result.exit_code = 2;
  }
  const auto& idle = result.what.idle;
  if (std::ranges::adjacent_find(idle, std::greater_equal{}) != idle.end()) {
    std::cerr << "--idle: each number must be larger than the one before\n";
    result.exit_code = 2;
  }
  if (result.what.speaks == dialect::socket_io && result.what.secret.empty()) {
    std::cerr << "--secret is required\n";
    result.exit_code = 2;
  }
  return result;
}

} // namespace carillon::load
