#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>

namespace carillon {

/// The threads that serve connections, as the actors' scheduler sees them. Implemented by `net`
/// (one `io_context` each); thread-safe unless a function says otherwise.
class io_threads {
public:
  using job = std::function<void()>;
  using monotonic = std::chrono::steady_clock;

  virtual ~io_threads() = default;

  [[nodiscard]] virtual std::size_t size() const noexcept = 0;

  /// The index of the calling thread, none when it is not one of these.
  [[nodiscard]] virtual std::optional<std::size_t> current() const noexcept = 0;

  /// Runs `work` on thread `index` soon; may be called from any thread and wakes that one up.
  virtual void post(std::size_t index, job work) = 0;

  /// Runs `work` on the calling thread, which must be `index`, when the current handler has returned.
  virtual void defer(std::size_t index, job work) = 0;

  /// Runs `work` on thread `index` at `when`, in place of what was set before. Only on that thread.
  virtual void wake_at(std::size_t index, monotonic::time_point when, job work) = 0;
};

} // namespace carillon
