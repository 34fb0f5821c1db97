#include "config/secret_files.hpp"
#include "tests/catch.hpp"
#include "tests/config/temporary_dir.hpp"

#include <array>
#include <filesystem>
#include <set>
#include <sys/stat.h>
#include <thread>

using namespace carillon::config;
using carillon::test::temporary_dir;

namespace {

unsigned mode_of(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 07777 : 0;
}

kept_secret keep_ok(const std::string& data_dir, std::string_view name = "jwt_secret") {
  auto kept = keep_secret(data_dir, name);
  if (auto error = std::get_if<load_error>(&kept))
    FAIL(error->line);
  return std::get<kept_secret>(kept);
}

std::string keep_error(const std::string& data_dir, std::string_view name = "jwt_secret") {
  auto kept = keep_secret(data_dir, name);
  REQUIRE(std::holds_alternative<load_error>(kept));
  return std::get<load_error>(kept).line;
}

std::vector<notice> fill_ok(settings& of) {
  auto notices = fill_secrets(of);
  if (auto error = std::get_if<load_error>(&notices))
    FAIL(error->line);
  return std::get<0>(notices);
}

} // namespace

TEST_CASE("a secret is made once, for its owner only", "[config]") {
  temporary_dir dir;
  auto data = dir / "a/data";
  auto first = keep_ok(data);
  CHECK(first.made);
  CHECK_FALSE(first.exposed);
  CHECK(first.value.size() == 64);
  CHECK(first.value.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(first.path == data + "/jwt_secret");
  CHECK(mode_of(first.path) == 0600);
  CHECK(mode_of(data) == 0700);

  auto second = keep_ok(data);
  CHECK_FALSE(second.made);
  CHECK(second.value == first.value);
  CHECK(keep_ok(data, "other").value != first.value);
  // Nothing but the two secrets is left behind.
  CHECK(std::distance(std::filesystem::directory_iterator(data), {}) == 2);
}

TEST_CASE("a secret that others may read is reported", "[config]") {
  temporary_dir dir;
  auto path = dir.file("jwt_secret", "mine\n");
  ::chmod(path.c_str(), 0640);
  auto kept = keep_ok(dir / "");
  CHECK(kept.exposed);
  CHECK_FALSE(kept.made);
  CHECK(kept.value == "mine");
  ::chmod(path.c_str(), 0400);
  CHECK_FALSE(keep_ok(dir / "").exposed);
}

TEST_CASE("what cannot be a secret is refused", "[config]") {
  temporary_dir dir;
  (void)dir.file("empty", "\n");
  (void)dir.file("long", std::string(5000, 'x'));
  std::filesystem::create_directory(dir / "directory");
  std::filesystem::create_symlink(dir / "nowhere", dir / "dangling");
  CHECK(keep_error(dir / "", "empty").find("is empty") != std::string::npos);
  CHECK(keep_error(dir / "", "long").find("too long") != std::string::npos);
  CHECK(keep_error(dir / "", "directory").find("not a regular file") != std::string::npos);
  CHECK(keep_error(dir / "", "dangling").find("cannot read") != std::string::npos);
}

TEST_CASE("a data directory that cannot be made is named", "[config]") {
  temporary_dir dir;
  auto file = dir.file("file", "");
  CHECK(keep_error(file + "/data").find("data_dir: cannot make " + file) == 0);
}

TEST_CASE("of many that make the same secret one wins and all have it", "[config]") {
  temporary_dir dir;
  std::array<std::string, 8> values;
  {
    std::vector<std::jthread> threads;
    for (auto& value : values)
      threads.emplace_back([&value, &dir] {
        auto kept = keep_secret(dir / "data", "jwt_secret");
        if (auto secret = std::get_if<kept_secret>(&kept))
          value = secret->value;
      });
  }
  CHECK(std::set<std::string>(values.begin(), values.end()).size() == 1);
  CHECK(values[0].size() == 64);
}

TEST_CASE("missing secrets are filled in and told of", "[config]") {
  temporary_dir dir;
  settings of;
  of.data_dir = dir / "data";
  auto notices = fill_ok(of);
  REQUIRE(notices.size() == 2);
  CHECK(notices[0].event == "secret_made");
  CHECK(notices[0].setting == "auth.jwt_secret");
  CHECK(notices[0].path == of.data_dir + "/jwt_secret");
  CHECK_FALSE(notices[0].warning);
  CHECK(notices[1].setting == "stream.token_key");
  CHECK(of.auth.jwt_secret.size() == 64);
  CHECK(of.stream.token_key.size() == 64);

  settings again;
  again.data_dir = of.data_dir;
  CHECK(fill_ok(again).empty());
  CHECK(again.auth.jwt_secret == of.auth.jwt_secret);

  ::chmod((of.data_dir + "/jwt_secret").c_str(), 0644);
  settings exposed;
  exposed.data_dir = of.data_dir;
  notices = fill_ok(exposed);
  REQUIRE(notices.size() == 1);
  CHECK(notices[0].event == "secret_exposed");
  CHECK(notices[0].warning);
}

TEST_CASE("configured secrets are left alone", "[config]") {
  temporary_dir dir;
  settings of;
  of.data_dir = dir / "data";
  of.auth.jwt_secret = "short";
  of.stream.token_key = std::string(64, 'a');
  auto notices = fill_ok(of);
  REQUIRE(notices.size() == 1);
  CHECK(notices[0].event == "secret_short");
  CHECK(of.auth.jwt_secret == "short");
  CHECK(mode_of(of.data_dir) == 0700);
  CHECK(std::filesystem::is_empty(of.data_dir));
}

TEST_CASE("with a public key no secret is made that would also be accepted", "[config]") {
  temporary_dir dir;
  settings of;
  of.data_dir = dir / "data";
  of.auth.jwt_public_key = "key.pem";
  of.stream.token_key = std::string(64, 'a');
  CHECK(fill_ok(of).empty());
  CHECK(of.auth.jwt_secret.empty());
}

TEST_CASE("a token key in its file is checked like a configured one", "[config]") {
  temporary_dir dir;
  settings of;
  of.data_dir = dir / "";
  (void)dir.file("stream_token_key", "hunter2\n");
  auto notices = fill_secrets(of);
  REQUIRE(std::holds_alternative<load_error>(notices));
  auto line = std::get<load_error>(notices).line;
  CHECK(line.find("stream.token_key: must be 64 hexadecimal digits") == 0);
  CHECK(line.find("hunter2") == std::string::npos);
}

TEST_CASE("for a token only the secret that signs it is made", "[config]") {
  temporary_dir dir;
  settings of;
  of.data_dir = dir / "data";
  of.auth.jwt_secret = std::string(32, 'x');
  REQUIRE(std::holds_alternative<std::vector<notice>>(fill_jwt_secret(of)));
  CHECK_FALSE(std::filesystem::exists(of.data_dir));

  of.auth.jwt_secret.clear();
  REQUIRE(std::holds_alternative<std::vector<notice>>(fill_jwt_secret(of)));
  CHECK(of.auth.jwt_secret.size() == 64);
  CHECK(of.stream.token_key.empty());
  CHECK_FALSE(std::filesystem::exists(of.data_dir + "/stream_token_key"));
}
