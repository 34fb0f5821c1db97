#pragma once

#include "protocol/time.hpp"

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace carillon::persistence {

/// Appends values to bytes: numbers little-endian, texts with their length in front, what may be
/// missing with a byte that says whether it is there.
class byte_writer {
public:
  void number(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i)
      out_.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
  }
  void text(std::string_view t) {
    number(t.size(), 4);
    out_.append(t);
  }
  void time(time_point t) { number(static_cast<std::uint64_t>(to_epoch_ms(t)), 8); }
  void time(const std::optional<time_point>& t) {
    number(t ? 1 : 0, 1);
    if (t)
      time(*t);
  }
  void real(double value) { number(std::bit_cast<std::uint64_t>(value), 8); }
  void real(const std::optional<double>& value) {
    number(value ? 1 : 0, 1);
    if (value)
      real(*value);
  }
  std::string take() { return std::move(out_); }

private:
  std::string out_;
};

/// Reads what `byte_writer` wrote. After the first short read everything reads as zero and `ok()`
/// is false. The texts point into the bytes.
class byte_reader {
public:
  explicit byte_reader(std::string_view bytes)
    : rest_(bytes) {}

  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] bool done() const noexcept { return rest_.empty(); }

  std::uint64_t number(int bytes) {
    const auto part = take(static_cast<std::size_t>(bytes));
    std::uint64_t value = 0;
    for (std::size_t i = part.size(); i > 0; --i)
      value = (value << 8) | static_cast<unsigned char>(part[i - 1]);
    return value;
  }
  std::string_view text() { return take(number(4)); }
  time_point time() { return from_epoch_ms(static_cast<std::int64_t>(number(8))); }
  std::optional<time_point> maybe_time() {
    if (number(1) == 0)
      return std::nullopt;
    return time();
  }

  double real() { return std::bit_cast<double>(number(8)); }
  std::optional<double> maybe_real() {
    if (number(1) == 0)
      return std::nullopt;
    return real();
  }

private:
  std::string_view take(std::size_t n) {
    if (!ok_ || n > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const auto part = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return part;
  }

  std::string_view rest_;
  bool ok_ = true;
};

} // namespace carillon::persistence
