#include "persistence/crc32.hpp"

#include <array>

namespace carillon::persistence {

namespace {

constexpr std::array<std::uint32_t, 256> make_table() noexcept {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit)
      value = (value & 1u) != 0 ? (value >> 1) ^ 0xEDB88320u : value >> 1;
    table[i] = value;
  }
  return table;
}

constexpr auto table = make_table();

} // namespace

std::uint32_t crc32(std::string_view bytes) noexcept {
  std::uint32_t value = 0xFFFFFFFFu;
  for (char c : bytes)
    value = (value >> 8) ^ table[(value ^ static_cast<unsigned char>(c)) & 0xFFu];
  return value ^ 0xFFFFFFFFu;
}

} // namespace carillon::persistence
