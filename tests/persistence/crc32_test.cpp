#include "persistence/crc32.hpp"

#include "tests/catch.hpp"

namespace carillon::persistence::test {

TEST_CASE("the checksum is the CRC-32 that everyone knows", "[crc32]") {
  CHECK(crc32("") == 0);
  CHECK(crc32("123456789") == 0xCBF43926); // the check value of the algorithm's definition
  CHECK(crc32(std::string_view("\0\0\0\0", 4)) == 0x2144DF1C);
  CHECK(crc32("carillon") != crc32("carillom"));
}

} // namespace carillon::persistence::test
