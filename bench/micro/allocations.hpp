#pragma once

#include <cstdint>

namespace carillon::micro {

/// How often, and how many bytes, were asked for.
struct allocation_count {
  std::uint64_t calls = 0;
  std::uint64_t bytes = 0;
};

/// What the calling thread has allocated since it began: by `new` anywhere in the program and the
/// libraries that it loads, and by OpenSSL. Freeing is not counted.
[[nodiscard]] allocation_count allocated() noexcept;

/// Makes OpenSSL's allocations count. Before anything else uses OpenSSL; false if it is too late.
[[nodiscard]] bool count_openssl() noexcept;

} // namespace carillon::micro
