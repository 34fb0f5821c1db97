#pragma once

#include <stdexcept>

namespace carillon::test {

/// A promise of the contract that a step broke.
struct violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void promise(bool kept, const char* what) {
  if (!kept)
    throw violation{what};
}

} // namespace carillon::test
