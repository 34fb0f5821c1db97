#include "config/secret_files.hpp"

#include "config/text_rules.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

namespace carillon::config {

namespace {

/// A file descriptor that is closed when it goes out of scope.
class descriptor {
public:
  explicit descriptor(int fd) noexcept
    : fd_(fd) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  [[nodiscard]] int get() const noexcept { return fd_; }

private:
  int fd_;
};

load_error failed(std::string_view what, const std::string& path, int error) {
  return {"data_dir: cannot " + std::string(what) + " " + path + ": " + std::strerror(error)};
}

bool write_all(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    auto written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR)
      return false;
    if (written > 0)
      text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// 32 random bytes as hexadecimal digits; empty, with `errno` set, when the system has none to
/// give.
std::string random_hex() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<unsigned char, 32> bytes{};
  if (::getentropy(bytes.data(), bytes.size()) != 0)
    return {};
  std::string text;
  for (auto byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

/// Makes the names in `directory` durable; file systems that cannot do this for a directory need
/// not.
void sync_directory(const std::string& directory) noexcept {
  descriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd)
    ::fsync(fd.get());
}

/// Writes a new secret beside `path` and gives it its name only when it is whole and on disk, so
/// that no crash leaves half a secret. Returns 0, or an error number: EEXIST when somebody was
/// faster.
int make_secret(const std::string& directory, const std::string& path) {
  auto secret = random_hex();
  if (secret.empty())
    return errno;
  auto draft = path + ".XXXXXX";
  int error = 0;
  {
    descriptor fd(::mkostemp(draft.data(), O_CLOEXEC)); // exclusive, mode 0600
    if (!fd)
      return errno;
    if (!write_all(fd.get(), secret + "\n") || ::fsync(fd.get()) != 0)
      error = errno;
  }
  if (error == 0 && ::link(draft.c_str(), path.c_str()) != 0)
    error = errno;
  ::unlink(draft.c_str());
  if (error == 0)
    sync_directory(directory);
  return error;
}

/// The secret in `path`, which must exist.
expected<kept_secret> read_secret(const std::string& path) {
  constexpr std::size_t longest = 4096;
  descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about {};
  if (!fd || ::fstat(fd.get(), &about) != 0)
    return failed("read", path, errno);
  if (!S_ISREG(about.st_mode))
    return load_error{"data_dir: " + path + " is not a regular file"};
  std::string text(longest + 1, '\0');
  auto got = ::read(fd.get(), text.data(), text.size());
  if (got < 0)
    return failed("read", path, errno);
  text.resize(static_cast<std::size_t>(got));
  if (text.size() > longest)
    return load_error{"data_dir: " + path + " is too long for a secret"};
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
    text.pop_back();
  if (text.empty())
    return load_error{"data_dir: " + path + " is empty; delete it to have a new one made"};
  return kept_secret{std::move(text), path, false, (about.st_mode & 077) != 0};
}

/// Reads a secret into `target`, and what the operator should hear of it into `notices`.
std::optional<load_error> fill(std::string& target, const std::string& data_dir,
                               std::string_view name, std::string_view setting,
                               std::vector<notice>& notices) {
  auto kept = keep_secret(data_dir, name);
  if (auto error = std::get_if<load_error>(&kept))
    return *error;
  auto& secret = std::get<kept_secret>(kept);
  if (secret.made)
    notices.push_back({false, "secret_made", std::string(setting), secret.path});
  if (secret.exposed)
    notices.push_back({true, "secret_exposed", std::string(setting), secret.path});
  target = std::move(secret.value);
  return std::nullopt;
}

} // namespace

expected<std::string> make_data_dir(const std::string& data_dir) {
  std::error_code error;
  std::filesystem::path whole;
  for (const auto& part : std::filesystem::path(data_dir)) {
    whole /= part;
    if (part.empty() || std::filesystem::is_directory(whole, error))
      continue;
    if (::mkdir(whole.c_str(), 0700) != 0 && errno != EEXIST)
      return failed("make", whole.string(), errno);
    // It exists, but not as a directory; or another process made it just now.
    if (!std::filesystem::is_directory(whole, error))
      return failed("make", whole.string(), ENOTDIR);
  }
  return data_dir;
}

expected<kept_secret> keep_secret(const std::string& data_dir, std::string_view name) {
  auto path = (std::filesystem::path(data_dir) / name).string();
  bool made = false;
  if (::access(path.c_str(), F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
    auto directory = make_data_dir(data_dir);
    if (auto error = std::get_if<load_error>(&directory))
      return *error;
    int error = make_secret(data_dir, path);
    if (error != 0 && error != EEXIST)
      return failed("make", path, error);
    made = error == 0;
  }
  auto read = read_secret(path);
  if (auto secret = std::get_if<kept_secret>(&read))
    secret->made = made;
  return read;
}

expected<std::vector<notice>> fill_jwt_secret(settings& of) {
  std::vector<notice> notices;
  auto& auth = of.auth;
  if (auth.jwt_secret.empty() && auth.jwt_public_key.empty())
    if (auto error = fill(auth.jwt_secret, of.data_dir, "jwt_secret", "auth.jwt_secret", notices))
      return *error;
  // RFC 7518, section 3.2: a key of HS256 has at least the hash's 256 bits.
  if (!auth.jwt_secret.empty() && auth.jwt_secret.size() < 32)
    notices.push_back({true, "secret_short", "auth.jwt_secret", ""});
  return notices;
}

expected<std::vector<notice>> fill_secrets(settings& of) {
  if (auto made = make_data_dir(of.data_dir); auto error = std::get_if<load_error>(&made))
    return *error;
  auto filled = fill_jwt_secret(of);
  auto notices = std::get_if<std::vector<notice>>(&filled);
  if (!notices || !of.stream.token_key.empty())
    return filled;
  auto& key = of.stream.token_key;
  if (auto error = fill(key, of.data_dir, "stream_token_key", "stream.token_key", *notices))
    return *error;
  if (!rules::hex_key(key))
    return load_error{"stream.token_key: must be 64 hexadecimal digits (32 bytes) ("
                      + (std::filesystem::path(of.data_dir) / "stream_token_key").string() + ")"};
  return filled;
}

} // namespace carillon::config
