#pragma once

#include <string>
#include <vector>

namespace carillon::store_bench {

/// What the command line asks for.
struct options {
  std::string postgres; ///< URL; empty: only SQLite is measured
  bool sqlite = true;
  bool pages = true;
  bool writes = true;
  int user_calls = 100'000;                   ///< of the user whose pages are read
  int calls = 20'000;                         ///< written for each size of batch
  int plain_calls = 2'000;                    ///< written one statement at a time
  std::vector<int> in_batch{3, 10, 100, 500}; ///< calls that begin while a batch fills
};

/// Reads the command line; prints a usage and ends the program when it is not understood.
[[nodiscard]] options read_options(int argc, char** argv);

} // namespace carillon::store_bench
