#pragma once

#include <cstddef>
#include <string_view>

namespace carillon::fuzz {

/// The grammar of JSON (RFC 8259) written down once more, slowly and without a library, to compare
/// the decoder with. Says nothing of UTF-8.
class json_grammar {
public:
  explicit json_grammar(std::string_view text)
    : rest_(text) {
    blanks();
    ok_ = value(0) && rest_.empty();
  }

  /// Whether the text is one value and nothing else.
  [[nodiscard]] bool ok() const noexcept { return ok_; }
  /// How deep it nests, counting each array and object.
  [[nodiscard]] std::size_t depth() const noexcept { return depth_; }
  /// Whether an escape names half of a surrogate pair, alone or not.
  [[nodiscard]] bool has_surrogate() const noexcept { return surrogate_; }

private:
  // Where recursion ends; no decoder goes as deep.
  static constexpr std::size_t too_deep = 200;

  bool take(char c) {
    if (!rest_.starts_with(c))
      return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take(std::string_view word) {
    if (!rest_.starts_with(word))
      return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  bool digits() {
    auto count = rest_.find_first_not_of("0123456789");
    rest_.remove_prefix(count = count < rest_.size() ? count : rest_.size());
    return count > 0;
  }
  void blanks() {
    while (take(' ') || take('\t') || take('\n') || take('\r')) {
    }
  }

  bool number() {
    take('-');
    if (!take('0') && !digits())
      return false;
    if (take('.') && !digits())
      return false;
    if (!take('e') && !take('E'))
      return true;
    take('+') || take('-');
    return digits();
  }

  bool escape() {
    if (rest_.empty())
      return false;
    char c = rest_.front();
    rest_.remove_prefix(1);
    if (c != 'u')
      return std::string_view{"\"\\/bfnrt"}.find(c) != std::string_view::npos;
    auto code = rest_.substr(0, 4);
    if (code.size() < 4
        || code.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
      return false;
    surrogate_ = surrogate_ || ((code[0] | 0x20) == 'd' && code[1] > '7');
    rest_.remove_prefix(4);
    return true;
  }

  bool string() {
    if (!take('"'))
      return false;
    while (!take('"')) {
      if (take('\\')) {
        if (!escape())
          return false;
      } else if (rest_.empty() || static_cast<unsigned char>(rest_.front()) < 0x20) {
        return false;
      } else {
        rest_.remove_prefix(1);
      }
    }
    return true;
  }

  bool key() {
    blanks();
    if (!string())
      return false;
    blanks();
    return take(':');
  }

  bool nested(char end, bool keys, std::size_t depth) {
    depth_ = depth > depth_ ? depth : depth_;
    if (depth > too_deep)
      return false;
    blanks();
    if (take(end))
      return true;
    do {
      if ((keys && !key()) || !value(depth))
        return false;
    } while (take(','));
    return take(end);
  }

  bool value(std::size_t depth) {
    blanks();
    bool good = take('{')   ? nested('}', true, depth + 1)
                : take('[') ? nested(']', false, depth + 1)
                : rest_.starts_with('"')
                    ? string()
                    : take("true") || take("false") || take("null") || number();
    blanks();
    return good;
  }

  std::string_view rest_;
  std::size_t depth_ = 0;
  bool surrogate_ = false;
  bool ok_ = false;
};

} // namespace carillon::fuzz
