#pragma once

#include <cstdio>
#include <string>
#include <unistd.h>

namespace carillon::test {

/// Sends standard error to a temporary file for as long as it lives. One at a time.
class captured_stderr {
public:
  captured_stderr()
    : file_(std::tmpfile())
    , before_(::dup(STDERR_FILENO)) {
    std::fflush(stderr);
    ::dup2(::fileno(file_), STDERR_FILENO);
  }
  captured_stderr(const captured_stderr&) = delete;
  captured_stderr& operator=(const captured_stderr&) = delete;
  ~captured_stderr() {
    std::fflush(stderr);
    ::dup2(before_, STDERR_FILENO);
    ::close(before_);
    std::fclose(file_);
  }

  /// What was written so far.
  [[nodiscard]] std::string text() const {
    std::fflush(stderr);
    std::string all(static_cast<std::size_t>(::lseek(::fileno(file_), 0, SEEK_END)), '\0');
    auto got = ::pread(::fileno(file_), all.data(), all.size(), 0);
    all.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return all;
  }

private:
  std::FILE* file_;
  int before_;
};

} // namespace carillon::test
