#include "actors/engine.hpp"
#include "config/command_line.hpp"
#include "config/describe.hpp"
#include "config/log.hpp"
#include "config/secret_files.hpp"
#include "net/io_pool.hpp"
#include "net/page_file.hpp"
#include "net/server.hpp"
#include "net/stream_mirror.hpp"
#include "persistence/open.hpp"
#include "protocol/clock.hpp"
#include "protocol/counters.hpp"
#include "protocol/jwt.hpp"
#include "protocol/mirror_status.hpp"
#include "protocol/random_id.hpp"

#include <algorithm>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <future>
#include <iterator>
#include <optional>
#include <thread>

namespace carillon {
namespace {

/// Exit codes: a wrong configuration is the operator's to mend, a failure may pass.
constexpr int exit_ok = 0;
constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

int complain(std::string line, int code) {
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::fprintf(stderr, "carillon: %s\n", line.c_str());
  return code;
}

// -- settings into the parts' own words ---------------------------------------

result<std::shared_ptr<const authenticator>> make_authenticator(const config::settings& of) {
  jwt_settings how;
  how.secret = of.auth.jwt_secret;
  how.issuer = of.auth.jwt_issuer;
  how.audience = of.auth.jwt_audience;
  if (!of.auth.jwt_public_key.empty()) {
    std::ifstream file{of.auth.jwt_public_key};
    how.public_key_pem.assign(std::istreambuf_iterator<char>{file}, {});
    if (!file || how.public_key_pem.empty())
      return failure{error_code::invalid_field, "cannot read " + of.auth.jwt_public_key};
  }
  return authenticator::create(std::move(how));
}

/// What OpenSSL does when it is first used (finding its algorithms, paging in 2 MiB of its code)
/// takes milliseconds: better now than while the first client waits. The token is nobody's.
void warm_up(const authenticator& auth) {
  auto now = clock{}.now();
  auto token = make_token(random_id(), {user_id{"nobody"}, {}}, now, seconds{1});
  static_cast<void>(auth.verify(token, now));
}

actors::engine_settings engine_settings_of(const config::settings& of) {
  actors::engine_settings how;
  how.calls.ring_timeout = seconds{of.calls.ring_timeout_seconds};
  how.calls.reconnect_grace = seconds{of.calls.reconnect_grace_seconds};
  how.calls.ring_grace = seconds{of.calls.ring_grace_seconds};
  how.calls.call_timeout = std::chrono::minutes{of.calls.direct_timeout_minutes};
  how.calls.session_timeout = std::chrono::minutes{of.calls.timeout_minutes};
  how.calls.max_participants = static_cast<std::size_t>(of.calls.max_participants);
  how.ice = {of.webrtc.stun_servers, of.webrtc.turn_url, of.webrtc.turn_username,
             of.webrtc.turn_password, of.webrtc.turn_secret};
  how.stream = {of.stream.api_key, of.stream.api_secret, of.stream.token_key};
  how.resume.unanswered
      = std::chrono::ceil<seconds>(of.server.ping_interval + of.server.ping_timeout);
  how.policy = {.ring_offline = of.calls.ring_offline, .call_waiting = of.calls.call_waiting};
  how.devices_per_user = of.limits.devices_per_user;
  how.retention_days = of.history.retention_days;
  how.where = of.server.scheduler == "caf" ? actors::scheduling::caf_workers
                                           : actors::scheduling::io_threads;
  return how;
}

bool has_mirror(const config::stream_settings& of) {
  return of.mirror && !of.api_key.empty() && !of.api_secret.empty();
}

/// Nothing when there is none.
void add_mirror(std::optional<net::stream_mirror>& to, const config::stream_settings& of,
                std::shared_ptr<store_factory> stores, std::shared_ptr<mirror_status> status) {
  if (of.mirror && !status->enabled())
    log::warn("mirror_off", {{"why", "stream.api_key or stream.api_secret is not set"}});
  if (!status->enabled())
    return;
  net::stream_client_settings how;
  how.base_url = of.base_url;
  how.api_key = of.api_key;
  how.api_secret = of.api_secret;
  how.ca_file = of.ca_file;
  how.timeout = of.timeout;
  mirror_patience patience;
  patience.first = of.retry;
  patience.attempts = of.max_attempts;
  to.emplace(std::move(how), patience, std::move(stores), std::move(status));
}

void report(const std::vector<config::notice>& notices) {
  for (const auto& what : notices)
    log::write(what.warning ? log::level::warn : log::level::info, what.event,
               {{"setting", what.setting}, {"file", what.path}});
}

/// As many open files as the system lets this process have: each connection is one.
void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
      log::warn("file_limit_unchanged", {{"limit", limit.rlim_cur}});
  }
}

/// Keeps a second server off the same data directory for as long as this process lives; -1 when there
/// is one.
int lock_data_dir(const std::string& data_dir) {
  auto file = open((data_dir + "/lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0 && flock(file, LOCK_EX | LOCK_NB) == 0)
    return file;
  if (file >= 0)
    close(file);
  return -1;
}

/// Signals are taken by `run` alone; threads made after this inherit the mask.
sigset_t block_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return set;
}

/// Ends the process if it has not ended by itself by then: a disk or a database hangs.
void end_by(std::chrono::milliseconds patience) {
  std::thread{[patience] {
    std::this_thread::sleep_for(patience);
    log::error("stop_forced", {{"why", "something did not end in time"}});
    std::_Exit(exit_failed);
  }}.detach();
}

// -- commands -------------------------------------------------------------------

/// Everything that `serve` runs, in the order of construction; destroyed in reverse.
struct service {
  service(const config::settings& of, std::shared_ptr<const authenticator> tokens,
          std::shared_ptr<store_factory> stores, std::size_t threads)
    : settings(of)
    , auth(std::move(tokens))
    , pool(threads)
    , status(std::make_shared<mirror_status>(has_mirror(of.stream)))
    , engine(engine_settings_of(of),
             {stores, std::filesystem::path{of.data_dir} / "spool" / "writes", &pool, &time, &counts,
              status.get()}) {
    add_mirror(mirror, of.stream, std::move(stores), status);
  }

  const config::settings& settings;
  std::shared_ptr<const authenticator> auth;
  clock time{};
  counters counts;
  net::io_pool pool;
  std::shared_ptr<mirror_status> status;
  actors::engine engine;
  std::optional<net::stream_mirror> mirror;
};

/// SIGHUP: new connections get the certificate that the files hold now; a bad one changes nothing.
void reload(net::server& server) {
  if (auto reloaded = server.reload_certificates(); reloaded)
    log::info("certificates_reloaded");
  else
    log::error("certificates_not_reloaded", {{"why", reloaded.error().message()}});
}

/// A part could not be started.
int complain(const failure& why) {
  return complain(why.message(),
                  why.code == error_code::invalid_field ? exit_usage : exit_failed);
}

/// Whoever sends work here hears of the end before the listener closes; a second signal cuts it
/// short.
void drain(service& all) {
  all.counts.now.draining = true;
  auto patience = all.settings.server.drain;
  if (patience.count() == 0)
    return;
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  timespec wait{patience.count() / 1000, patience.count() % 1000 * 1'000'000};
  sigtimedwait(&ends, nullptr, &wait);
}

int run(service& all, const sigset_t& signals) {
  all.pool.start();
  if (auto started = all.engine.start(); !started)
    return complain(started.error().message(), exit_failed);
  if (all.mirror)
    if (auto started = all.mirror->start(); !started)
      return complain(started.error());
  net::server server{{all.settings, *all.auth, all.engine.sink(), all.counts, all.time, {},
                      all.status.get(), net::embedded_pages()},
                     all.pool};
  if (auto started = server.start(); !started)
    return complain(started.error());
  log::info("listening", {{"host", all.settings.server.host}, {"port", server.port()}});

  int signal = 0;
  while (sigwait(&signals, &signal) == 0 && signal == SIGHUP)
    reload(server);
  log::info("stopping", {{"signal", signal}});
  // Within 10 s in all: draining gets up to two, the connections one, the mirror one, the last
  // writes six.
  end_by(std::chrono::milliseconds{9500});
  drain(all);
  std::promise<void> closed;
  server.stop(std::chrono::seconds{1}, [&closed] { closed.set_value(); });
  closed.get_future().wait();
  if (all.mirror)
    all.mirror->stop();
  all.engine.stop();
  log::info("stopped");
  return exit_ok;
}

int execute(config::serve_command& command) {
  auto& settings = command.config.values;
  log::open(config::log_level(settings));
  auto notices = config::fill_secrets(settings);
  if (auto* why = std::get_if<config::load_error>(&notices))
    return complain(why->line, exit_usage);
  report(std::get<0>(notices));
  auto auth = make_authenticator(settings);
  if (!auth)
    return complain(config::blame(command.config, "auth.jwt_public_key", auth.error().detail),
                    exit_usage);
  auto stores = persistence::open_store(settings.database.url);
  if (!stores)
    return complain(config::blame(command.config, "database.url", stores.error().detail),
                    exit_usage);
  auto lock = lock_data_dir(settings.data_dir);
  if (lock < 0)
    return complain("another server runs on " + settings.data_dir
                      + " (data_dir): two would end each other's calls",
                    exit_failed);
  log::info("starting", {{"version", config::version()},
                         {"database", persistence::without_password(settings.database.url)}});
  warm_up(**auth);
  raise_file_limit();
  auto signals = block_signals();
  auto cores = std::max(1U, std::thread::hardware_concurrency());
  service all{settings, *auth, *stores,
              settings.server.threads > 0 ? settings.server.threads : cores};
  auto code = run(all, signals);
  all.engine.stop(); // while the threads that its actors run on still run
  all.pool.stop();
  return code;
}

int execute(config::token_command& command) {
  auto& settings = command.config.values;
  auto notices = config::fill_jwt_secret(settings);
  if (auto* why = std::get_if<config::load_error>(&notices))
    return complain(why->line, exit_usage);
  if (settings.auth.jwt_secret.empty())
    return complain("auth.jwt_secret is not set: tokens are made by whoever holds the private key",
                    exit_usage);
  identity who{user_id{command.user}, {command.name, command.email, {}, command.role}};
  auto token = make_token(settings.auth.jwt_secret, who, clock{}.now(), command.ttl,
                          settings.auth.jwt_issuer, settings.auth.jwt_audience);
  std::printf("%s\n", token.c_str());
  return exit_ok;
}

int execute(config::migrate_command& command) {
  const auto& settings = command.config.values;
  log::open(config::log_level(settings));
  auto directory = config::make_data_dir(settings.data_dir);
  if (auto* why = std::get_if<config::load_error>(&directory))
    return complain(why->line, exit_usage);
  auto stores = persistence::open_store(settings.database.url);
  if (!stores)
    return complain(config::blame(command.config, "database.url", stores.error().detail),
                    exit_usage);
  auto store = (*stores)->open();
  if (!store)
    return complain(store.error().message(), exit_failed);
  if (auto migrated = (*store)->migrate(); !migrated)
    return complain(migrated.error().message(), exit_failed);
  std::printf("The schema is up to date.\n");
  return exit_ok;
}

int execute(config::check_config_command& command) {
  std::printf("%s", config::describe(command.config).c_str());
  return exit_ok;
}

int execute(config::stop_command& command) {
  std::fprintf(command.exit_code == 0 ? stdout : stderr, "%s", command.text.c_str());
  return command.exit_code;
}

} // namespace
} // namespace carillon

int main(int argc, char** argv) {
  auto command = carillon::config::parse_command_line(argc, argv);
  return std::visit([](auto& what) { return carillon::execute(what); }, command);
}
