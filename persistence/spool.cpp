#include "persistence/spool.hpp"

#include "config/log.hpp"
#include "persistence/crc32.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace carillon::persistence {

namespace {

constexpr std::size_t header_size = 8;

// No batch comes near it; a longer length is damage.
constexpr std::uint32_t longest_record = 256u << 20;

void put_number(char* to, std::uint32_t value) {
  for (int i = 0; i < 4; ++i)
    to[i] = static_cast<char>((value >> (8 * i)) & 0xFF);
}

std::uint32_t get_number(const char* from) {
  std::uint32_t value = 0;
  for (int i = 3; i >= 0; --i)
    value = (value << 8) | static_cast<unsigned char>(from[i]);
  return value;
}

bool write_all(int fd, std::string_view bytes, std::uint64_t at) {
  while (!bytes.empty()) {
    const auto n = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
    at += static_cast<std::uint64_t>(n);
  }
  return true;
}

// How many bytes there were, at most `size`; -1 on an error.
ssize_t read_all(int fd, char* to, std::size_t size, std::uint64_t at) {
  std::size_t done = 0;
  while (done < size) {
    const auto n = ::pread(fd, to + done, size - done, static_cast<off_t>(at + done));
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return -1;
    if (n == 0)
      break;
    done += static_cast<std::size_t>(n);
  }
  return static_cast<ssize_t>(done);
}

// A new name is durable only when its directory is.
bool sync_directory(const std::filesystem::path& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return false;
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced;
}

// Makes `directory` and those above it, each durable.
bool make_directory(const std::filesystem::path& directory) {
  std::error_code error;
  if (directory.empty() || std::filesystem::is_directory(directory, error))
    return true;
  const auto parent = directory.parent_path();
  if (!make_directory(parent))
    return false;
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
    return false;
  return sync_directory(parent.empty() ? "." : parent);
}

// What is found where a record should begin.
struct found_record {
  enum class kind { whole, torn, damaged, error } what = kind::error;
  std::string bytes;
};

found_record read_record(int fd, std::uint64_t at, std::uint64_t file_size) {
  using kind = found_record::kind;
  std::array<char, header_size> header{};
  const auto got = read_all(fd, header.data(), header.size(), at);
  if (got < 0)
    return {kind::error, {}};
  if (static_cast<std::size_t>(got) < header.size())
    return {kind::torn, {}};
  const auto length = get_number(header.data());
  // After a crash a file may end in zeros where data should have been.
  if (length == 0)
    return {kind::torn, {}};
  if (length > longest_record)
    return {kind::damaged, {}};
  if (at + header_size + length > file_size)
    return {kind::torn, {}};
  found_record found{kind::whole, std::string(length, '\0')};
  if (read_all(fd, found.bytes.data(), length, at + header_size) != static_cast<ssize_t>(length))
    return {kind::error, {}};
  if (crc32(found.bytes) != get_number(header.data() + 4))
    found.what = at + header_size + length == file_size ? kind::torn : kind::damaged;
  return found;
}

} // namespace

spool::~spool() { close(); }

void spool::close() noexcept {
  if (fd_ >= 0)
    ::close(fd_);
  fd_ = -1;
}

failure spool::broken(std::string_view what) {
  const std::string why = std::strerror(errno);
  log::error("spool_failed", {{"file", file_.string()}, {"during", what}, {"error", why}});
  return {error_code::store_unavailable, std::string{what} + ": " + why};
}

status spool::open() {
  if (fd_ >= 0)
    return success();
  const auto directory = file_.has_parent_path() ? file_.parent_path() : std::filesystem::path{"."};
  if (!make_directory(directory))
    return broken("making the directory");
  fd_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd_ < 0)
    return broken("opening");
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0 || !sync_directory(directory)) {
    auto why = broken("locking");
    close();
    return why;
  }
  auto scanned = scan();
  if (!scanned)
    close();
  return scanned;
}

// Finds the end of what is whole, and cuts off what is not.
status spool::scan() {
  begin_ = read_ = end_ = 0;
  const auto size = ::lseek(fd_, 0, SEEK_END);
  if (size < 0)
    return broken("scanning");
  const auto file_size = static_cast<std::uint64_t>(size);
  std::uint64_t at = 0;
  while (at < file_size) {
    const auto found = read_record(fd_, at, file_size);
    if (found.what == found_record::kind::error)
      return broken("scanning");
    if (found.what != found_record::kind::whole) {
      const bool torn = found.what == found_record::kind::torn;
      std::string rest(file_size - at, '\0');
      if (read_all(fd_, rest.data(), rest.size(), at) < 0)
        return broken("scanning");
      log::write(torn ? log::level::warn : log::level::error, torn ? "spool_torn" : "spool_damaged",
                 {{"file", file_.string()}, {"at", at}, {"bytes", rest.size()}});
      if (!torn)
        put_aside(rest);
      if (auto done = cut(at); !done)
        return done;
      break;
    }
    at += header_size + found.bytes.size();
  }
  end_ = at;
  return success();
}

status spool::cut(std::uint64_t size) {
  if (::ftruncate(fd_, static_cast<off_t>(size)) != 0 || ::fsync(fd_) != 0)
    return broken("truncating");
  return success();
}

status spool::append(std::string_view bytes) {
  if (bytes.empty() || bytes.size() > longest_record)
    return failure{error_code::internal, "a record that the spool cannot hold"};
  if (auto opened = open(); !opened)
    return opened;
  std::string record(header_size, '\0');
  put_number(record.data(), static_cast<std::uint32_t>(bytes.size()));
  put_number(record.data() + 4, crc32(bytes));
  record += bytes;
  if (!write_all(fd_, record, end_) || ::fsync(fd_) != 0) {
    auto why = broken("appending");
    // What is written of it must not stand in the way of the next record. If it cannot be removed
    // the next use opens the file anew and looks again.
    if (!cut(end_)) {
      close();
    }
    return why;
  }
  end_ += record.size();
  return success();
}

result<std::optional<std::string>> spool::next() {
  if (auto opened = open(); !opened)
    return opened.error();
  if (read_ == end_)
    return std::optional<std::string>{};
  auto found = read_record(fd_, read_, end_);
  if (found.what != found_record::kind::whole) {
    // It was whole before: the disk lies, or somebody else writes here. Look again at the next use.
    close();
    return failure{error_code::store_unavailable, "the spool changed"};
  }
  read_ += header_size + found.bytes.size();
  return std::optional{std::move(found.bytes)};
}

status spool::release() {
  if (auto opened = open(); !opened)
    return opened;
  begin_ = read_;
  if (begin_ < end_)
    return success();
  if (auto done = cut(0); !done)
    return done;
  begin_ = read_ = end_ = 0;
  return success();
}

void spool::put_aside(std::string_view bytes) noexcept {
  try {
    auto name = file_;
    name += ".damaged";
    const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const bool kept =
        fd >= 0 && ::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size())
        && ::fsync(fd) == 0;
    if (fd >= 0)
      ::close(fd);
    if (!kept)
      log::error("spool_damage_lost", {{"file", name.string()}, {"bytes", bytes.size()}});
  } catch (const std::exception& e) {
    log::error("spool_damage_lost", {{"error", e.what()}});
  }
}

} // namespace carillon::persistence
