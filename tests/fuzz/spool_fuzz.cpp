// The file in which batches wait: an input is what an earlier process left in it.
//
// Its first line may be `sum`; then each length in the rest, a line with a number, is followed by
// that many bytes, and becomes a record with the right checksum. A fuzzer does not guess checksums.

#include "persistence/spool.hpp"

#include "config/log.hpp"
#include "persistence/crc32.hpp"
#include "tests/fuzz/target.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <vector>

namespace carillon::fuzz {

namespace {

namespace fs = std::filesystem;
using persistence::spool;

/// Files that live in memory where the system has such a place: there is an fsync for every input.
fs::path make_place() {
  auto memory = ::access("/dev/shm", W_OK) == 0;
  auto base = memory ? fs::path{"/dev/shm"} : fs::temp_directory_path();
  return base / ("carillon_spool_fuzz_" + std::to_string(::getpid()));
}

/// Removed with everything in it.
struct scratch {
  fs::path place = make_place();
  scratch() { fs::create_directories(place); }
  ~scratch() {
    std::error_code none;
    fs::remove_all(place, none);
  }
};

std::string number(std::uint32_t value) {
  std::string out;
  for (int i = 0; i < 4; ++i)
    out += static_cast<char>((value >> (8 * i)) & 0xFF);
  return out;
}

std::string with_sums(std::string_view input) {
  std::string out;
  while (!input.empty()) {
    auto digits = take_until(input, '\n');
    std::uint32_t length = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), length);
    auto bytes = input.substr(0, length);
    input.remove_prefix(bytes.size());
    out += number(length) + number(persistence::crc32(bytes));
    out += bytes;
  }
  return out;
}

std::vector<std::string> read_all(spool& from) {
  std::vector<std::string> records;
  for (;;) {
    auto record = from.next();
    FUZZ_REQUIRE(record);
    if (!*record)
      return records;
    records.push_back(std::move(**record));
  }
}

std::size_t size_of(const std::vector<std::string>& records) {
  std::size_t size = 0;
  for (const auto& each : records)
    size += each.size() + 8;
  return size;
}

} // namespace

void check(std::string_view input) {
  static const scratch here;
  log::set_level(log::level::off);
  auto file = here.place / "spool";
  std::string content{input};
  if (input.starts_with("sum\n"))
    content = with_sums(input.substr(4));
  std::ofstream{file, std::ios::binary | std::ios::trunc} << content;

  std::vector<std::string> found;
  {
    spool first{file};
    FUZZ_REQUIRE(first.open());
    found = read_all(first);
    FUZZ_REQUIRE(size_of(found) <= content.size());
    FUZZ_REQUIRE(first.empty() == found.empty());
    FUZZ_REQUIRE(first.append("the next"));
    first.rewind();
  }
  found.emplace_back("the next");
  FUZZ_REQUIRE(fs::file_size(file) == size_of(found));
  spool second{file};
  FUZZ_REQUIRE(second.open());
  FUZZ_REQUIRE(read_all(second) == found);
  FUZZ_REQUIRE(second.release() && second.empty() && fs::file_size(file) == 0);
  // Where what was no record, and not the torn end, is kept.
  std::error_code none;
  fs::remove(here.place / "spool.damaged", none);
}

} // namespace carillon::fuzz
