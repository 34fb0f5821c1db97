#pragma once

#include <cstdint>

namespace carillon::load {

/// Some users with a connection each, who make one call after the other with each other: a pair, or
/// the members of a session. Lives on the poller's thread.
class party {
public:
  virtual ~party() = default;

  /// How many calls were begun.
  [[nodiscard]] virtual std::uint32_t calls() const noexcept = 0;
  [[nodiscard]] virtual bool has_failed() const noexcept = 0;
  [[nodiscard]] virtual bool is_calling() const noexcept = 0;

  /// Begins a call that was due at `due_ns`; only when the party is ready.
  virtual void start_call(std::int64_t due_ns) = 0;

  /// Counts an error if the current call has been going since before `oldest`.
  virtual void check_age(std::int64_t oldest) = 0;

  virtual void close() = 0;
};

/// What the driver hears from the parties.
class party_observer {
public:
  virtual ~party_observer() = default;

  /// All of its connections are there: the party can call.
  virtual void on_ready(party& who) = 0;
  /// The call is over for everybody: the party can call again.
  virtual void on_call_done(party& who) = 0;
  /// Something went wrong, was counted, and this party makes no more calls.
  virtual void on_failed(party& who) = 0;
};

} // namespace carillon::load
