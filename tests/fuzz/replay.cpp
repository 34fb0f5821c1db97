// Feeds the files of a corpus to a target, in an ordinary build with any compiler: what a fuzzer
// once found stays found. Each input is handed over in a block of exactly its size, so that a
// sanitizer sees a read past its end.

#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace {

std::vector<std::filesystem::path> files_of(const std::filesystem::path& place) {
  if (!std::filesystem::is_directory(place))
    return {place};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{place})
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

void replay(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (!in.good() && !in.eof())
    throw std::runtime_error("cannot be read");
  auto block = std::make_unique<char[]>(text.size());
  std::copy(text.begin(), text.end(), block.get());
  carillon::fuzz::check({block.get(), text.size()});
}

} // namespace

int main(int argc, char** argv) {
  std::size_t count = 0;
  std::filesystem::path current;
  try {
    for (int i = 1; i < argc; ++i)
      for (const auto& file : files_of(argv[i])) {
        current = file;
        // Before it is tried: a requirement that does not hold ends the process.
        std::fprintf(stderr, "%s\n", file.c_str());
        replay(file);
        ++count;
      }
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "%s: %s\n", current.c_str(), problem.what());
    return 1;
  }
  std::printf("%zu inputs\n", count);
  return count > 0 ? 0 : 1;
}
