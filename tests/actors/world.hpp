#pragma once

#include "actors/engine.hpp"
#include "persistence/open.hpp"
#include "protocol/relay_permit.hpp"
#include "tests/catch.hpp"

#include <caf/actor_system.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

namespace carillon::test {

/// A directory that is removed with its owner.
class scratch_dir {
public:
  scratch_dir() {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path()
            / ("carillon-actors-" + std::to_string(getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(path_);
  }
  ~scratch_dir() { std::filesystem::remove_all(path_); }
  scratch_dir(const scratch_dir&) = delete;
  scratch_dir& operator=(const scratch_dir&) = delete;

  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

/// A store that can be made to fail: what it makes are the real connections, asked through this
/// switch.
class switchable_stores final : public store_factory {
public:
  explicit switchable_stores(std::shared_ptr<store_factory> real)
    : real_(std::move(real)) {}

  bool away = false;
  std::function<void(const write_op&)> watch; ///< sees all that is written, if set

  result<std::unique_ptr<record_store>> open() override;

private:
  std::shared_ptr<store_factory> real_;
};

/// One device as the actors see it; keeps what it was sent.
class device final : public client_link,
                     public responder,
                     public std::enable_shared_from_this<device> {
public:
  explicit device(user_id user, device_id id)
    : who{std::move(user), std::move(id)} {}

  origin who;
  std::vector<std::string> names; ///< of the events, in order
  std::vector<std::string> texts; ///< name and JSON of each
  std::map<std::uint64_t, result<reply_value>> answers;
  std::vector<std::uint64_t> offsets; ///< of the events, 0 where they have none
  bool in_call = false;
  std::optional<close_reason> closed;
  relay_permit_ptr permit; ///< the last one

  using client_link::offer;

  void offer(const wire_event_ptr& event) noexcept override {
    names.emplace_back(event->name);
    offsets.push_back(event->offset);
    texts.push_back(std::string{event->name} + event->data);
  }
  void close(close_reason why) noexcept override { closed = why; }
  void set_in_call(bool yes) noexcept override { in_call = yes; }
  void grant(relay_permit_ptr granted) noexcept override { permit = std::move(granted); }
  void answer(std::uint64_t token, result<reply_value> what) noexcept override {
    answers.insert_or_assign(token, std::move(what));
  }

  /// What the server answered when this device was attached.
  attachment welcome() const;
  /// The offset of the last event that has one.
  std::uint64_t offset() const;
  /// How many events of this name came.
  std::size_t count(std::string_view name) const;
  /// The JSON of the last event of this name; fails when there was none.
  std::string last(std::string_view name) const;
};

using device_ptr = std::shared_ptr<device>;

/// The actors in virtual time on a real SQLite store.
class world {
public:
  explicit world(actors::engine_settings how = {}, bool mirrored = false);
  ~world();

  /// Lets everything that can run now run, and what is due within `time` after it; nothing is due
  /// more exactly than to a `step`.
  void run(milliseconds time = milliseconds{20}, milliseconds step = milliseconds{5});

  /// Stops the engine as a crash would, without its last writes, and starts another on the same
  /// store.
  void restart(seconds down = seconds{0});

  device_ptr connect(const std::string& user, const std::string& id);
  void disconnect(const device_ptr& which);
  /// The connection is lost, and its client may come back.
  void lose(const device_ptr& which);
  /// Connects with what `lost` knows; `who.device` is the device that the server made of it.
  device_ptr resume(const device_ptr& lost, const std::string& fresh_id);
  void know(const std::string& user);

  /// Submits and runs; the answer.
  result<reply_value> ask(const device_ptr& from, client_command cmd);
  result<reply_value> ask_rest(client_command cmd);
  /// Submits without running anything.
  void submit(const device_ptr& from, client_command cmd, std::uint64_t token = 1);

  client_command initiate(const device_ptr& from, const std::string& to);
  call_id call(const device_ptr& from, const std::string& to);
  result<reply_value> read(client_query what);
  result<call_page> history(const std::string& user, bool missed = false);

  actors::engine& engine() { return *engine_; }
  command_sink& sink() { return engine_->sink(); }
  caf::scheduler::test_coordinator& scheduler();
  std::size_t running_actors();

  clock& time() { return *time_; }

  counters counts;
  mirror_status mirror;
  std::shared_ptr<switchable_stores> stores;

private:
  void start();

  scratch_dir dir_;
  actors::engine_settings how_;
  time_point began_{};
  std::unique_ptr<clock> time_;
  std::unique_ptr<actors::engine> engine_;
};

/// The call of a successful answer.
call_view call_of(const result<reply_value>& what);

} // namespace carillon::test
