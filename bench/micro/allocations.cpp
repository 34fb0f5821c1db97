#include "bench/micro/allocations.hpp"

#include <openssl/crypto.h>

#include <cstdlib>
#include <new>

namespace carillon::micro {

namespace {

// Constant-initialized: operator new is called before anything of a thread runs.
thread_local constinit allocation_count so_far;

void count(std::size_t bytes) noexcept {
  ++so_far.calls;
  so_far.bytes += bytes;
}

void* openssl_malloc(std::size_t size, const char*, int) {
  count(size);
  return std::malloc(size);
}

void* openssl_realloc(void* what, std::size_t size, const char*, int) {
  count(size);
  return std::realloc(what, size);
}

void openssl_free(void* what, const char*, int) { std::free(what); }

} // namespace

allocation_count allocated() noexcept { return so_far; }

bool count_openssl() noexcept {
  return CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) == 1;
}

} // namespace carillon::micro

// The library's other forms (arrays, nothrow, sized) come down to these.

void* operator new(std::size_t size) {
  carillon::micro::count(size);
  if (auto* made = std::malloc(size == 0 ? 1 : size))
    return made;
  throw std::bad_alloc{};
}

void* operator new(std::size_t size, std::align_val_t alignment) {
  carillon::micro::count(size);
  auto step = static_cast<std::size_t>(alignment);
  // aligned_alloc takes only whole multiples of the alignment.
  if (auto* made = std::aligned_alloc(step, size == 0 ? step : (size + step - 1) / step * step))
    return made;
  throw std::bad_alloc{};
}

void operator delete(void* what) noexcept { std::free(what); }
void operator delete(void* what, std::size_t) noexcept { std::free(what); }
void operator delete(void* what, std::align_val_t) noexcept { std::free(what); }
void operator delete(void* what, std::size_t, std::align_val_t) noexcept { std::free(what); }
