#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace carillon {

/// The words that clients and stores know the values of an enumeration by: one for each, in their
/// order, up to `Last`.
template <class Enum, Enum Last>
class word_table {
public:
  static constexpr std::size_t size = static_cast<std::size_t>(Last) + 1;

  template <class... Words>
    requires(sizeof...(Words) == size)
  constexpr explicit word_table(const Words&... words) noexcept
    : words_{std::string_view{words}...} {}

  /// The word of one value.
  [[nodiscard]] constexpr std::string_view operator[](Enum value) const noexcept {
    return words_[static_cast<std::size_t>(value)];
  }

  /// The value that has this word; nothing if none has.
  [[nodiscard]] constexpr std::optional<Enum> parse(std::string_view word) const noexcept {
    auto at = std::find(words_.begin(), words_.end(), word);
    if (at == words_.end())
      return std::nullopt;
    return static_cast<Enum>(at - words_.begin());
  }

private:
  std::array<std::string_view, size> words_;
};

} // namespace carillon
