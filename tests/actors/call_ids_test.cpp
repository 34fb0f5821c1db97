#include "actors/call_ids.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <cctype>
#include <set>

using namespace carillon;

TEST_CASE("an id of a call begins with its time and is hexadecimal", "[call_ids]") {
  auto id = actors::make_call_id(from_epoch_ms(1'760'000'000'123)).str();
  REQUIRE(id.size() == 24);
  CHECK(id.substr(0, 8) == "68e77800");
  CHECK(std::all_of(id.begin(), id.end(), [](unsigned char c) { return std::isxdigit(c); }));
}

TEST_CASE("an id of a session tells when it began", "[call_ids]") {
  auto id = actors::make_session_id(from_epoch_ms(1'760'000'000'123)).str();
  REQUIRE(id.size() == 28);
  CHECK(id.substr(0, 19) == "call_1760000000123_");
  CHECK(std::all_of(id.begin() + 19, id.end(),
                    [](unsigned char c) { return std::islower(c) || std::isdigit(c); }));
}

TEST_CASE("no id comes twice", "[call_ids]") {
  auto now = from_epoch_ms(1'760'000'000'123);
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    ids.insert(actors::make_call_id(now).str());
    ids.insert(actors::make_session_id(now).str());
  }
  CHECK(ids.size() == 2000);
}
