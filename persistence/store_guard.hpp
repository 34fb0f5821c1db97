#pragma once

#include "persistence/store_error.hpp"
#include "protocol/result.hpp"

#include <exception>
#include <string>
#include <string_view>
#include <type_traits>

namespace carillon::persistence {

/// Seconds after which a client may ask again when the store is away.
inline constexpr int store_retry_after_s = 5;

/// The border of a store: turns what is thrown inside into failures, and logs it once for each
/// outage.
///
/// A part of one `record_store`; used by the same thread.
class store_guard {
public:
  /// Whether the failure may say what the store said. Only operators ask for that (migrate, ping);
  /// a client that reads never learns paths, hosts or SQL.
  enum class detail : bool { hidden, told };

  /// `store` names the store in the log, without a password.
  explicit store_guard(std::string store)
    : store_(std::move(store)) {}

  /// Runs `work` and returns its value, or why it failed, on one line: `store_unavailable`, or
  /// `internal` when the data itself was refused.
  template <class Work>
  auto run(std::string_view what, detail shown, Work&& work) -> result<std::invoke_result_t<Work>> {
    try {
      auto value = work();
      worked();
      return value;
    } catch (const store_error& e) {
      return failed(what, shown, e.why(), e.what());
    } catch (const std::exception& e) {
      // Nothing says that the data is at fault: what is to be written must not be given up.
      return failed(what, shown, store_error::cause::away, e.what());
    }
  }

private:
  void worked() noexcept;
  failure failed(std::string_view what, detail shown, store_error::cause why, const char* thrown);

  std::string store_;
  bool away_ = false;
};

} // namespace carillon::persistence
