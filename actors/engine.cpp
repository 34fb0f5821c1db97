#include "actors/engine.hpp"

#include "actors/alarm.hpp"
#include "actors/call_board.hpp"
#include "actors/channel_actor.hpp"
#include "actors/channel_book.hpp"
#include "actors/context.hpp"
#include "actors/directory.hpp"
#include "actors/door.hpp"
#include "actors/io_scheduler.hpp"
#include "actors/janitor.hpp"
#include "actors/pages.hpp"
#include "actors/persistence_actor.hpp"
#include "actors/session_actor.hpp"
#include "actors/shutdown.hpp"
#include "actors/store_workers.hpp"
#include "actors/user_book.hpp"
#include "config/log.hpp"
#include "persistence/durable_writer.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/logger.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <future>
#include <optional>

namespace carillon::actors {

namespace {

/// Messages that an actor handles in a row before others get their turn.
constexpr std::size_t max_throughput = 100;

/// For the restored calls to become known to their users' sessions, before anybody may connect. It takes
/// milliseconds.
constexpr std::chrono::seconds introduction_limit{5};

struct system_config : caf::actor_system_config {
  system_config(const engine_settings& settings, io_threads* threads) {
    set("scheduler.max-throughput", max_throughput);
    set("logger.verbosity", caf::atom("quiet"));
    if (settings.where == scheduling::virtual_time)
      set("scheduler.policy", caf::atom("testing"));
    else if (settings.where == scheduling::io_threads)
      module_factories.push_back(
          [threads](caf::actor_system& system) -> caf::actor_system::module* {
            return new io_scheduler(system, *threads);
          });
  }
};

} // namespace

struct engine::impl {
  impl(const engine_settings& how, const engine_parts& with)
    : settings(how)
    , parts(with)
    , config(how, with.threads)
    , system(std::in_place, config)
    , entrance(*system)
    , tokens(how.stream)
    , lines({how.policy, how.devices_per_user, &with.counts->now.devices}, [this](const user_id& user) {
      auto out = std::make_shared<delivery>(settings.resume);
      return session_handle{system->spawn(session_behavior, &*house, user, out), out};
    })
    , channels([this](const call_id& call) {
      return system->spawn(channel_behavior, &*house, call);
    }) {}

  void spawn_services(std::uint64_t outbox_top);
  std::vector<caf::actor> people();
  void stop_by_actor();
  void stop_by_hand();
  void forget_logger();
  status restore_calls(record_store& store);

  engine_settings settings;
  engine_parts parts;
  system_config config;
  std::optional<caf::actor_system> system;
  door entrance;
  stream_tokens tokens;
  user_book users;
  call_board board;
  directory lines;
  channel_book channels;
  mirror_status no_mirror{false};
  std::optional<context> house;
  std::shared_ptr<persistence::durable_writer> writer;
  std::vector<caf::actor> services; ///< in the order of their ending
};

engine::engine(const engine_settings& settings, const engine_parts& parts)
  : impl_(std::make_unique<impl>(settings, parts)) {}

engine::~engine() { stop(); }

command_sink& engine::sink() noexcept { return impl_->entrance; }

void* engine::system_for_tests() noexcept { return &*impl_->system; }

// -- start -------------------------------------------------------------------

status engine::start() {
  auto opened = impl_->parts.stores->open();
  if (!opened)
    return opened.error();
  auto& store = **opened;
  if (auto migrated = store.migrate(); !migrated)
    return migrated;
  impl_->writer = std::make_shared<persistence::durable_writer>(
      impl_->parts.stores, impl_->parts.spool, *impl_->parts.counts);
  if (!impl_->writer->replay())
    return failure{error_code::store_unavailable, "the writes kept on disk could not be replayed"};
  auto backlog = store.backlog();
  if (!backlog)
    return backlog.error();
  impl_->spawn_services(backlog->top);
  return impl_->restore_calls(store);
}

void engine::impl::spawn_services(std::uint64_t outbox_top) {
  auto& sys = *system;
  auto detached = settings.where != scheduling::virtual_time;
  auto spawn_writer = [&] {
    return detached ? sys.spawn<caf::detached>(writer_behavior, writer, parts.stores)
                    : sys.spawn(writer_behavior, writer, parts.stores);
  };
  auto spawn_reader = [&] {
    return detached ? sys.spawn<caf::detached>(reader_behavior, parts.stores)
                    : sys.spawn(reader_behavior, parts.stores);
  };
  persistence_parts made_of;
  made_of.limits = settings.batches;
  made_of.counts = parts.counts;
  made_of.writer = spawn_writer();
  made_of.outbox_top = outbox_top;
  made_of.store_is_back = [this] { entrance.store_is_back(); };
  for (std::size_t i = 0; i < settings.readers; ++i)
    made_of.readers.push_back(spawn_reader());
  auto persistence = sys.spawn(persistence_behavior, made_of);
  auto alarms = sys.spawn(alarm_behavior);
  auto janitor =
      sys.spawn(janitor_behavior, janitor_duties{persistence, parts.time, settings.retention_days});
  services = {caf::actor_cast<caf::actor>(janitor), caf::actor_cast<caf::actor>(alarms),
              caf::actor_cast<caf::actor>(persistence),
              caf::actor_cast<caf::actor>(made_of.writer)};
  for (const auto& reader : made_of.readers)
    services.push_back(caf::actor_cast<caf::actor>(reader));
  house.emplace(context{settings.calls, settings.ice, settings.resume, *parts.time, *parts.counts,
                        lines, users, board, entrance, entrance, tokens, persistence, alarms,
                        channels, parts.mirror ? parts.mirror : &no_mirror});
  entrance.open(&*house);
}

status engine::impl::restore_calls(record_store& store) {
  auto live = store.live_calls();
  if (!live)
    return live.error();
  std::vector<user_id> ids;
  for (const auto& record : *live)
    for (auto& id : record.users())
      ids.push_back(std::move(id));
  auto known = resolve_users(store, users, ids);
  if (!known)
    return known.error();
  auto all_know = std::make_shared<std::promise<void>>();
  auto introduced = all_know->get_future();
  std::shared_ptr<const void> introduces{all_know.get(),
                                         [all_know](const void*) { all_know->set_value(); }};
  for (const auto& record : *live)
    entrance.restore(record, users_of(record, *known), introduces);
  introduces.reset();
  // Whoever connects first is told of its calls. In virtual time nothing runs by itself.
  if (settings.where != scheduling::virtual_time)
    introduced.wait_for(introduction_limit);
  if (!live->empty())
    log::info("calls_restored", {{"calls", live->size()}});
  return success();
}

// -- stop --------------------------------------------------------------------

std::vector<caf::actor> engine::impl::people() {
  std::vector<caf::actor> all;
  for (const auto& call : lines.calls())
    all.push_back(caf::actor_cast<caf::actor>(call));
  for (const auto& session : lines.sessions())
    all.push_back(caf::actor_cast<caf::actor>(session));
  for (const auto& channel : channels.all())
    all.push_back(caf::actor_cast<caf::actor>(channel));
  return all;
}

void engine::impl::stop_by_actor() {
  auto done = std::make_shared<std::promise<void>>();
  auto finished = done->get_future();
  shutdown_plan plan;
  plan.persistence = house->persistence;
  plan.services = services;
  plan.people = [this] { return people(); };
  caf::anon_send(system->spawn(shutdown_behavior, plan), begin_shutdown{std::move(done)});
  finished.wait();
}

// CAF keeps its logger in each thread that ever spawned an actor, and its system waits for the
// logger's end: the I/O threads, which outlive the system, have to let it go.
void engine::impl::forget_logger() {
  for (std::size_t i = 0; parts.threads && i < parts.threads->size(); ++i) {
    std::promise<void> done;
    parts.threads->post(i, [&done] {
      caf::logger::set_current_actor_system(nullptr);
      done.set_value();
    });
    done.get_future().wait();
  }
}

// In virtual time nothing runs by itself.
void engine::impl::stop_by_hand() {
  for (const auto& who : people())
    caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
  for (const auto& who : services)
    caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
  auto& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(system->scheduler());
  scheduler.run();
  scheduler.clock().cancel_all();
}

void engine::stop() {
  if (!impl_->system)
    return;
  if (impl_->house && impl_->settings.where == scheduling::virtual_time)
    impl_->stop_by_hand();
  else if (impl_->house)
    impl_->stop_by_actor();
  impl_->system->await_all_actors_done();
  impl_->forget_logger();
  // Handles must be gone before the system is.
  impl_->services.clear();
  impl_->channels.clear();
  impl_->lines.clear();
  impl_->house.reset();
  impl_->system.reset();
}

} // namespace carillon::actors
