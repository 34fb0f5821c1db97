#pragma once

#include "protocol/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace carillon::persistence {

/// A column of values as PostgreSQL's array literal, one parameter of a multi-row statement.
class postgres_array {
public:
  void add(std::string_view text);
  void add(std::int64_t number) { element(std::to_string(number)); }
  void add(bool value) { element(value ? "t" : "f"); }
  void add(time_point t) { add(to_epoch_ms(t)); }
  void add(const std::optional<time_point>& t);
  /// Finite; comes out of PostgreSQL as it went in.
  void add(const std::optional<double>& number);

  /// The literal; the array is used up.
  [[nodiscard]] std::string take() {
    text_ += '}';
    return std::move(text_);
  }

private:
  void element(std::string_view literal);

  std::string text_ = "{";
};

} // namespace carillon::persistence
