#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

/// The one face of the logger: one line an event, `key=value`. Thread-safe; nothing here throws.
namespace carillon::log {

enum class level : std::uint8_t { trace, debug, info, warn, error, off };

/// One `key=value` of a line. Values with spaces, quotes or control characters are quoted and escaped.
struct field {
  std::string_view key;
  std::string value;

  field(std::string_view k, std::string_view v) : key(k), value(v) {}
  field(std::string_view k, const std::string& v) : key(k), value(v) {}
  field(std::string_view k, const char* v) : key(k), value(v) {}
  template <class T>
    requires std::is_arithmetic_v<T>
  field(std::string_view k, T v) : key(k), value(std::to_string(v)) {}
};

/// Opens standard error at `lowest`; called once by `main` before threads start. Unknown words are
/// refused by the settings, not here.
void open(level lowest);
void set_level(level lowest) noexcept;
[[nodiscard]] bool enabled(level at) noexcept;

/// Writes `event` and its fields at a level.
void write(level at, std::string_view event, std::initializer_list<field> fields) noexcept;

inline void debug(std::string_view event, std::initializer_list<field> fields = {}) noexcept {
  if (enabled(level::debug))
    write(level::debug, event, fields);
}
inline void info(std::string_view event, std::initializer_list<field> fields = {}) noexcept {
  write(level::info, event, fields);
}
inline void warn(std::string_view event, std::initializer_list<field> fields = {}) noexcept {
  write(level::warn, event, fields);
}
inline void error(std::string_view event, std::initializer_list<field> fields = {}) noexcept {
  write(level::error, event, fields);
}

} // namespace carillon::log
