#pragma once

#include <string>
#include <utility>
#include <variant>

namespace carillon::config {

/// Why the configuration cannot be used: one line for a person, which names the key and where its
/// value came from and never holds a secret. The program ends with exit code 2.
struct load_error {
  std::string line;
};

/// A value, or the line that says why there is none.
template <class T>
using expected = std::variant<T, load_error>;

} // namespace carillon::config
