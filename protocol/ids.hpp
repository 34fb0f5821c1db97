#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace carillon {

/// An identifier that cannot be mistaken for another kind of identifier.
///
/// A regular value: comparable, hashable and cheap to move. The empty id means "none", for example
/// the device of a leg that was begun over REST.
template <class Tag>
class strong_id {
public:
  strong_id() = default;
  explicit strong_id(std::string text) noexcept
    : text_(std::move(text)) {}
  explicit strong_id(std::string_view text)
    : text_(text) {}
  explicit strong_id(const char* text)
    : text_(text) {}

  [[nodiscard]] const std::string& str() const noexcept { return text_; }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

  friend bool operator==(const strong_id&, const strong_id&) = default;
  friend std::strong_ordering operator<=>(const strong_id& a, const strong_id& b) noexcept {
    return a.text_.compare(b.text_) <=> 0;
  }

private:
  std::string text_;
};

/// An account: 1 to 128 characters of printable text without spaces, from the token's claims.
using user_id = strong_id<struct user_tag>;

/// One live socket of a user; the Socket.IO `sid` that its client sees.
using device_id = strong_id<struct device_tag>;

/// A call of any kind; 24 hexadecimal digits for direct calls.
using call_id = strong_id<struct call_tag>;

/// Whether `text` can be an id of a client: 1 to 128 characters of UTF-8, none of them white space,
/// a control or an invisible formatting character.
[[nodiscard]] bool is_id(std::string_view text) noexcept;

} // namespace carillon

template <class Tag>
struct std::hash<carillon::strong_id<Tag>> {
  std::size_t operator()(const carillon::strong_id<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.str());
  }
};
