#pragma once

#include <future>
#include <thread>
#include <type_traits>
#include <utility>

namespace carillon::persistence {

/// Runs `work` on a thread of its own. Unlike that of `std::async` the future may be dropped
/// without waiting for the work, whose value is destroyed on its thread then; so `work` must own
/// what it uses, and end by itself.
template <class Work>
[[nodiscard]] std::future<std::invoke_result_t<Work&>> run_detached(Work work) {
  std::packaged_task<std::invoke_result_t<Work&>()> task{std::move(work)};
  auto outcome = task.get_future();
  std::thread{std::move(task)}.detach();
  return outcome;
}

} // namespace carillon::persistence
