#pragma once

#include <cstdint>
#include <string_view>

namespace carillon::persistence {

/// CRC-32 as Ethernet and zlib have it (reflected polynomial 0xEDB88320); tells a torn or damaged
/// record.
[[nodiscard]] std::uint32_t crc32(std::string_view bytes) noexcept;

} // namespace carillon::persistence
