#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace carillon::test {

/// A directory of its own for one test, removed afterwards.
class temporary_dir {
public:
  temporary_dir() {
    auto form = (std::filesystem::temp_directory_path() / "carillon-XXXXXX").string();
    path_ = ::mkdtemp(form.data());
  }
  temporary_dir(const temporary_dir&) = delete;
  temporary_dir& operator=(const temporary_dir&) = delete;
  ~temporary_dir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] std::string operator/(const std::string& name) const {
    return (path_ / name).string();
  }

  /// Writes a file and returns its path.
  [[nodiscard]] std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return *this / name;
  }

private:
  std::filesystem::path path_;
};

} // namespace carillon::test
