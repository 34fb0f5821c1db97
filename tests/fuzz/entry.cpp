// Where libFuzzer enters a target.

#include "tests/fuzz/target.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  carillon::fuzz::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
