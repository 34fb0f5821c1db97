#include "protocol/outbox.hpp"

#include <array>

namespace carillon {

namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 4> kind_words{"users", "open", "message", "close"};

} // namespace

std::string_view to_string(outbox_kind kind) noexcept {
  return kind_words[static_cast<std::size_t>(kind)];
}

} // namespace carillon
