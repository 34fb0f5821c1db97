#include "tests/actors/world.hpp"

#include "config/log.hpp"

#include <algorithm>
#include <type_traits>

namespace carillon::test {

namespace {

/// A connection that answers `store_unavailable` while its factory's switch says so.
class switchable_store final : public record_store {
public:
  switchable_store(std::unique_ptr<record_store> real, const switchable_stores& by)
    : real_(std::move(real))
    , by_(by) {}

  status migrate() override {
    return unless_away([&] { return real_->migrate(); });
  }
  result<std::vector<bool>> write(std::span<const write_op> ops) override {
    for (const auto& op : ops)
      if (by_.watch && !by_.away)
        by_.watch(op);
    return unless_away([&] { return real_->write(ops); });
  }
  result<std::optional<user_record>> load_user(const user_id& id) override {
    return unless_away([&] { return real_->load_user(id); });
  }
  result<std::vector<user_record>> load_users(std::span<const user_id> ids) override {
    return unless_away([&] { return real_->load_users(ids); });
  }
  result<std::optional<call_record>> load_call(call_kind kind, const call_id& id) override {
    return unless_away([&] { return real_->load_call(kind, id); });
  }
  result<record_page> history(const query::history& what) override {
    return unless_away([&] { return real_->history(what); });
  }
  result<record_page> sessions(const query::sessions& what) override {
    return unless_away([&] { return real_->sessions(what); });
  }
  result<call_quality> quality(const call_id& id) override {
    return unless_away([&] { return real_->quality(id); });
  }
  result<usage_report> usage(const user_id& user, time_point from, time_point to) override {
    return unless_away([&] { return real_->usage(user, from, to); });
  }
  result<video_record_page> video_history(const query::video_history& what) override {
    return unless_away([&] { return real_->video_history(what); });
  }
  result<video_record_page> active_video_calls(const user_id& user) override {
    return unless_away([&] { return real_->active_video_calls(user); });
  }
  result<std::vector<video_invitation>>
  video_invitations(const query::video_invitations& what) override {
    return unless_away([&] { return real_->video_invitations(what); });
  }
  result<std::vector<recording>> recordings(const call_id& call) override {
    return unless_away([&] { return real_->recordings(call); });
  }
  result<carillon::video_stats> stats_of_video(const user_id& user) override {
    return unless_away([&] { return real_->stats_of_video(user); });
  }
  result<std::optional<stored_token>> token_of(const user_id& user) override {
    return unless_away([&] { return real_->token_of(user); });
  }
  result<std::optional<timeline_text>> load_timeline(const call_id& id) override {
    return unless_away([&] { return real_->load_timeline(id); });
  }
  result<std::vector<call_record>> live_calls() override {
    return unless_away([&] { return real_->live_calls(); });
  }
  result<std::size_t> erase_old(time_point before, std::size_t limit) override {
    return unless_away([&] { return real_->erase_old(before, limit); });
  }
  result<std::optional<channel_record>> load_channel(const call_id& call) override {
    return unless_away([&] { return real_->load_channel(call); });
  }
  result<std::uint64_t> last_seq(const call_id& call) override {
    return unless_away([&] { return real_->last_seq(call); });
  }
  result<std::optional<chat_message>> find_message(const call_id& call,
                                                   const std::string& id) override {
    return unless_away([&] { return real_->find_message(call, id); });
  }
  result<message_page> messages(const query::messages& what) override {
    return unless_away([&] { return real_->messages(what); });
  }
  result<std::vector<outbox_entry>> outbox(std::uint64_t after, std::size_t limit) override {
    return unless_away([&] { return real_->outbox(after, limit); });
  }
  result<outbox_backlog> backlog() override {
    return unless_away([&] { return real_->backlog(); });
  }
  status ping() override {
    return unless_away([&] { return real_->ping(); });
  }

private:
  template <class Work>
  std::invoke_result_t<Work&> unless_away(Work work) {
    if (by_.away)
      return error_code::store_unavailable;
    return work();
  }

  std::unique_ptr<record_store> real_;
  const switchable_stores& by_;
};

} // namespace

result<std::unique_ptr<record_store>> switchable_stores::open() {
  if (away)
    return error_code::store_unavailable;
  auto opened = real_->open();
  if (!opened)
    return opened.error();
  return std::unique_ptr<record_store>{
      std::make_unique<switchable_store>(std::move(*opened), *this)};
}

std::size_t device::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count(names.begin(), names.end(), name));
}

attachment device::welcome() const {
  auto& answer = answers.at(8);
  REQUIRE(answer.ok());
  return std::get<attachment>(answer.value());
}

std::uint64_t device::offset() const {
  return offsets.empty() ? 0 : *std::max_element(offsets.begin(), offsets.end());
}

std::string device::last(std::string_view name) const {
  for (auto i = texts.rbegin(); i != texts.rend(); ++i)
    if (i->substr(0, i->find('{')) == name)
      return i->substr(i->find('{'));
  FAIL("no event " << name << " at " << who.user.str() << "/" << who.device.str());
  return {};
}

// -- the world -----------------------------------------------------------------

world::world(actors::engine_settings how, bool mirrored)
  : mirror(mirrored)
  , how_(how) {
  log::set_level(log::level::off);
  how_.where = actors::scheduling::virtual_time;
  auto real = persistence::open_store("sqlite:" + (dir_.path() / "test.db").string());
  REQUIRE(real.ok());
  stores = std::make_shared<switchable_stores>(*real);
  began_ = from_epoch_ms(1'760'000'000'000);
  start();
}

world::~world() { engine_->stop(); }

void world::start() {
  // The test clock begins at its own epoch in each engine; `began_` is the wall time of that
  // moment.
  time_ = std::make_unique<clock>(clock::monotonic::time_point{}, began_);
  actors::engine_parts parts;
  parts.stores = stores;
  parts.spool = dir_.path() / "spool" / "writes";
  parts.time = time_.get();
  parts.counts = &counts;
  parts.mirror = &mirror;
  engine_ = std::make_unique<actors::engine>(how_, parts);
  scheduler().clock().current_time = clock::monotonic::time_point{};
  REQUIRE(engine_->start().ok());
  run();
}

caf::scheduler::test_coordinator& world::scheduler() {
  auto& system = *static_cast<caf::actor_system*>(engine_->system_for_tests());
  return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
}

std::size_t world::running_actors() {
  return static_cast<caf::actor_system*>(engine_->system_for_tests())->registry().running();
}

void world::run(milliseconds time, milliseconds step) {
  auto& jobs = scheduler();
  jobs.run();
  // Step by step, so that a timer set on the way is not overtaken by a later one.
  for (; time.count() > 0; time -= step) {
    jobs.advance_time(std::min(time, step));
    jobs.run();
  }
}

void world::restart(seconds down) {
  auto passed =
      std::chrono::floor<milliseconds>(scheduler().clock().current_time.time_since_epoch());
  engine_->stop();
  began_ += passed + down;
  start();
}

void world::know(const std::string& user) {
  auto ear = std::make_shared<device>(user_id{user}, device_id{});
  sink().seen({user_id{user}, {user + "'s name", {}, {}, {}}}, {ear, 7});
  run();
  REQUIRE(ear->answers.at(7).ok());
}

device_ptr world::connect(const std::string& user, const std::string& id) {
  auto made = std::make_shared<device>(user_id{user}, device_id{id});
  sink().seen({made->who.user, {user + "'s name", {}, {}, {}}}, {made, 7});
  run();
  auto known = std::get<user_ptr>(made->answers.at(7).value());
  sink().attach(known, made->who.device, made, std::nullopt, {made, 8});
  run();
  return made;
}

device_ptr world::resume(const device_ptr& lost, const std::string& fresh_id) {
  auto made = std::make_shared<device>(lost->who.user, device_id{fresh_id});
  sink().seen({made->who.user, {}}, {made, 7});
  run();
  auto known = std::get<user_ptr>(made->answers.at(7).value());
  sink().attach(known, made->who.device, made, resume_request{lost->welcome().pid, lost->offset()},
                {made, 8});
  run();
  made->who.device = made->welcome().device;
  return made;
}

void world::lose(const device_ptr& which) {
  sink().detach(which->who.user, which->who.device, which.get(), true);
  run();
}

void world::disconnect(const device_ptr& which) {
  sink().detach(which->who.user, which->who.device, which.get(), false);
  run();
}

void world::submit(const device_ptr& from, client_command cmd, std::uint64_t token) {
  sink().submit(std::move(cmd), {from, token});
}

result<reply_value> world::ask(const device_ptr& from, client_command cmd) {
  from->answers.erase(1);
  submit(from, std::move(cmd));
  run();
  REQUIRE(from->answers.count(1) == 1);
  return from->answers.at(1);
}

result<reply_value> world::ask_rest(client_command cmd) {
  return ask(std::make_shared<device>(user_id{"rest"}, device_id{}), std::move(cmd));
}

client_command world::initiate(const device_ptr& from, const std::string& to) {
  return command::initiate{from->who, user_id{to}, media_type::video};
}

call_id world::call(const device_ptr& from, const std::string& to) {
  auto made = ask(from, initiate(from, to));
  REQUIRE(made.ok());
  return call_of(made).call.id;
}

result<reply_value> world::read(client_query what) {
  auto ear = std::make_shared<device>(user_id{"reader"}, device_id{});
  sink().ask(std::move(what), {ear, 5});
  run();
  REQUIRE(ear->answers.count(5) == 1);
  return ear->answers.at(5);
}

result<call_page> world::history(const std::string& user, bool missed) {
  query::history what;
  what.user = user_id{user};
  what.missed_only = missed;
  auto answer = read(what);
  if (!answer)
    return answer.error();
  return std::get<call_page>(*answer);
}

call_view call_of(const result<reply_value>& what) {
  REQUIRE(what.ok());
  return std::get<call_view>(what.value());
}

} // namespace carillon::test
