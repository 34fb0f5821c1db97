#include "persistence/spool.hpp"

#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>

namespace carillon::persistence::test {

namespace {

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

void put_content(const std::filesystem::path& file, const std::string& content) {
  std::ofstream out{file, std::ios::binary | std::ios::trunc};
  out << content;
  REQUIRE(out.flush().good());
}

// All that is left, with commas between; `!` when reading failed.
std::string rest_of(spool& waiting) {
  std::string all;
  while (true) {
    auto bytes = waiting.next();
    if (!bytes)
      return all + "!";
    if (!*bytes)
      return all;
    all += (all.empty() ? "" : ",") + **bytes;
  }
}

// What a new process finds.
std::string found_in(const std::filesystem::path& file) {
  spool waiting{file};
  REQUIRE(waiting.open().ok());
  return rest_of(waiting);
}

} // namespace

TEST_CASE("what is appended is read in order, also by the next process", "[spool]") {
  temporary_directory directory;
  const auto file = directory / "a/b/spool";
  {
    spool waiting{file};
    REQUIRE(waiting.open().ok());
    CHECK(waiting.empty());
    CHECK(waiting.append("one").ok());
    CHECK(waiting.append(std::string("t\0o", 3)).ok());
    CHECK_FALSE(waiting.empty());
    CHECK(rest_of(waiting) == std::string("one,t\0o", 7));
    CHECK(waiting.append("three").ok());
    CHECK(rest_of(waiting) == "three");
    waiting.rewind();
    CHECK(rest_of(waiting) == std::string("one,t\0o,three", 13));
  }
  CHECK(found_in(file) == std::string("one,t\0o,three", 13));
  struct stat info {};
  REQUIRE(::stat(file.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("the file is emptied when all is released", "[spool]") {
  temporary_directory directory;
  const auto file = directory / "spool";
  spool waiting{file};
  REQUIRE(waiting.append("one").ok());
  REQUIRE(waiting.append("two").ok());
  REQUIRE(waiting.next().ok());
  CHECK(waiting.release().ok());
  CHECK_FALSE(waiting.empty());
  waiting.rewind();
  CHECK(rest_of(waiting) == "two");
  CHECK(waiting.release().ok());
  CHECK(waiting.empty());
  CHECK(content_of(file).empty());

  CHECK(waiting.append("three").ok());
  CHECK(rest_of(waiting) == "three");
}

TEST_CASE("a torn record at the end is cut off, whatever is left of it", "[spool]") {
  temporary_directory directory;
  const auto file = directory / "spool";
  {
    spool waiting{file};
    REQUIRE(waiting.append("one").ok());
    REQUIRE(waiting.append("two").ok());
  }
  const auto whole = content_of(file);
  const auto first = whole.size() / 2;
  for (auto size = first + 1; size < whole.size(); ++size) {
    put_content(file, whole.substr(0, size));
    CHECK(found_in(file) == "one");
    CHECK(content_of(file).size() == first);
  }
  // The length was written before the data.
  put_content(file, whole.substr(0, first) + std::string(500, '\0'));
  CHECK(found_in(file) == "one");
  auto zeros = whole;
  zeros.replace(whole.size() - 3, 3, 3, '\0');
  put_content(file, zeros);
  CHECK(found_in(file) == "one");
  CHECK_FALSE(std::filesystem::exists(directory / "spool.damaged"));

  // What comes next is found behind what was whole.
  spool waiting{file};
  CHECK(waiting.append("three").ok());
  CHECK(rest_of(waiting) == "one,three");
}

TEST_CASE("damage before the end is put aside, not thrown away", "[spool]") {
  temporary_directory directory;
  const auto file = directory / "spool";
  {
    spool waiting{file};
    for (const char* bytes : {"one", "two", "three"})
      REQUIRE(waiting.append(bytes).ok());
  }
  auto damaged = content_of(file);
  damaged[8 + 3 + 8] ^= 1; // the first byte of "two"
  put_content(file, damaged);
  CHECK(found_in(file) == "one");
  CHECK(content_of(directory / "spool.damaged") == damaged.substr(8 + 3));
  CHECK(found_in(file) == "one");

  put_content(file, std::string(100, '\xff'));
  CHECK(found_in(file).empty());
  CHECK(content_of(directory / "spool.damaged").size() == damaged.size() - 11 + 100);
}

TEST_CASE("a full disk leaves the spool as it was", "[spool]") {
  temporary_directory directory;
  const auto file = directory / "spool";
  spool waiting{file};
  REQUIRE(waiting.append("one").ok());
  const auto before = content_of(file);

  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &limit) == 0);
  auto* handler = std::signal(SIGXFSZ, SIG_IGN);
  auto tight = limit;
  tight.rlim_cur = before.size() + 10; // the new record fits in part
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &tight) == 0);
  const auto refused = waiting.append("longer than that");
  const auto after = content_of(file);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  std::signal(SIGXFSZ, handler);

  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == error_code::store_unavailable);
  CHECK(after == before);
  CHECK(waiting.append("two").ok());
  CHECK(rest_of(waiting) == "one,two");
}

TEST_CASE("two do not share a spool", "[spool]") {
  temporary_directory directory;
  spool first{directory / "spool"};
  REQUIRE(first.open().ok());
  spool second{directory / "spool"};
  CHECK_FALSE(second.open().ok());
  CHECK_FALSE(second.append("x").ok());
}

TEST_CASE("a spool that cannot be opened is tried again", "[spool]") {
  temporary_directory directory;
  put_content(directory / "place", "x");
  spool waiting{directory / "place/spool"};
  CHECK_FALSE(waiting.open().ok());
  CHECK_FALSE(waiting.append("one").ok());
  std::filesystem::remove(directory / "place");
  CHECK(waiting.append("one").ok());
  CHECK(rest_of(waiting) == "one");
}

TEST_CASE("nothing is not a record", "[spool]") {
  temporary_directory directory;
  spool waiting{directory / "spool"};
  CHECK_FALSE(waiting.append("").ok());
  CHECK(waiting.empty());
  CHECK(rest_of(waiting).empty());
}

} // namespace carillon::persistence::test
