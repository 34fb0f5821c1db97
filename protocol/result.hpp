#pragma once

#include "protocol/errors.hpp"

#include <utility>
#include <variant>

namespace carillon {

/// A value, or the reason why there is none. Crosses folder borders in place of exceptions.
template <class T>
class [[nodiscard]] result {
public:
  result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  result(failure why) : state_(std::in_place_index<1>, std::move(why)) {}
  result(error_code code) : state_(std::in_place_index<1>, failure{code}) {}

  [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  /// The value; only when `ok()`.
  [[nodiscard]] T& value() & { return std::get<0>(state_); }
  [[nodiscard]] const T& value() const& { return std::get<0>(state_); }
  [[nodiscard]] T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// The reason; only when not `ok()`.
  [[nodiscard]] const failure& error() const { return std::get<1>(state_); }

private:
  std::variant<T, failure> state_;
};

/// A result without a value.
using status = result<std::monostate>;

/// The `status` of something that worked.
[[nodiscard]] inline status success() {
  return status{std::monostate{}};
}

} // namespace carillon
