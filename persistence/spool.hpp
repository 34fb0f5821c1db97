#pragma once

#include "protocol/result.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace carillon::persistence {

/// A queue of byte strings in one file: appended with fsync, read from the front, and emptied as a
/// whole once everything has been read and released.
///
/// Each record is its length and its CRC-32 (four bytes each, little-endian) and its bytes. Since a
/// record is appended only after the one before it is on the disk, a crash can tear none but the
/// last. Used by one thread at a time; the file is locked against other processes. Nothing throws.
class spool {
public:
  /// Opens nothing yet.
  explicit spool(std::filesystem::path file)
    : file_(std::move(file)) {}
  ~spool();
  spool(const spool&) = delete;
  spool& operator=(const spool&) = delete;

  /// Makes the directory and the file if need be, and looks what an earlier process left. A torn
  /// record at the end is cut off with a warning; anything else unreadable is put aside in
  /// `<file>.damaged` and logged as an error. Does nothing when open already.
  status open();

  /// Whether nothing is in the file. Released records count until the file is emptied.
  [[nodiscard]] bool empty() const noexcept { return end_ == 0; }

  /// Adds a record; when this returns success it survives a loss of power. After a failure the
  /// file is as before.
  status append(std::string_view bytes);

  /// The record at the read mark, which moves behind it; nothing when all records have been read.
  result<std::optional<std::string>> next();

  /// Moves the read mark back to the first record that is not released.
  void rewind() noexcept { read_ = begin_; }

  /// Forgets the records up to the read mark. The file is emptied when it is the last one; if that
  /// fails the spool stays not empty and `release` is to be called again.
  status release();

  /// Keeps bytes that nothing can be done with in `<file>.damaged` for an operator.
  void put_aside(std::string_view bytes) noexcept;

private:
  status scan();
  status cut(std::uint64_t size);
  failure broken(std::string_view what);
  void close() noexcept;

  std::filesystem::path file_;
  int fd_ = -1;
  std::uint64_t begin_ = 0; ///< first record not released
  std::uint64_t read_ = 0;  ///< the read mark
  std::uint64_t end_ = 0;   ///< behind the last whole record
};

} // namespace carillon::persistence
