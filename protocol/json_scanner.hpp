#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace carillon::json {

inline bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

inline bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Steps over the parts of a text without checking them: for texts that are known to be JSON.
class scanner {
public:
  explicit scanner(std::string_view text) noexcept
    : text_(text) {}

  [[nodiscard]] bool done() const noexcept { return at_ >= text_.size(); }
  [[nodiscard]] std::size_t position() const noexcept { return at_; }
  [[nodiscard]] char peek() const noexcept { return text_[at_]; }
  char next() noexcept { return text_[at_++]; }

  void skip_digits() noexcept {
    while (!done() && is_digit(peek()))
      ++at_;
  }

  /// Steps into an array or object.
  void enter() noexcept {
    skip_to_value();
    ++at_;
  }

  /// The first character of the next value, or of the end of what was entered; 0 at the end of the
  /// text.
  [[nodiscard]] char ahead() noexcept {
    skip_to_value();
    return done() ? '\0' : peek();
  }

  /// Steps over a string literal, or to the end of the text when it is not closed.
  void skip_string() noexcept {
    auto open = at_++;
    for (;;) {
      at_ = std::min(text_.find('"', at_), text_.size());
      if (done())
        return;
      auto escapes = at_;
      while (escapes > open + 1 && text_[escapes - 1] == '\\')
        --escapes;
      bool escaped = (at_ - escapes) % 2 == 1;
      ++at_;
      if (!escaped)
        return;
    }
  }

  /// Steps over one value, or the key of a member, and returns its text.
  std::string_view value() noexcept {
    skip_to_value();
    auto begin = at_;
    if (!done() && peek() == '"')
      skip_string();
    else if (!done() && (peek() == '[' || peek() == '{'))
      skip_nested();
    else
      while (!done() && !is_space(peek()) && peek() != ',' && peek() != ']' && peek() != '}')
        ++at_;
    return text_.substr(begin, at_ - begin);
  }

private:
  void skip_nested() noexcept {
    std::size_t depth = 0;
    while (!done()) {
      char c = peek();
      if (c == '"') {
        skip_string();
        continue;
      }
      ++at_;
      if (c == '[' || c == '{')
        ++depth;
      else if ((c == ']' || c == '}') && --depth == 0)
        return;
    }
  }

  /// Steps over white space and the punctuation between values.
  void skip_to_value() noexcept {
    while (!done() && (is_space(peek()) || peek() == ',' || peek() == ':'))
      ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

} // namespace carillon::json
