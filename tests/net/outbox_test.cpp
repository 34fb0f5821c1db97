#include "net/outbox.hpp"
#include "tests/catch.hpp"

using namespace carillon::net;

namespace {

frame text(std::string content) { return std::make_shared<const std::string>(std::move(content)); }

} // namespace

TEST_CASE("frames leave in the order in which they came") {
  outbox box{0, 0};
  CHECK(box.empty());
  CHECK(box.pop() == nullptr);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 5; ++i)
      REQUIRE(box.push(text(std::to_string(i))));
    CHECK(box.frames() == 5);
    CHECK(box.bytes() == 5);
    for (int i = 0; i < 5; ++i)
      CHECK(*box.pop() == std::to_string(i));
    CHECK(box.empty());
    CHECK(box.bytes() == 0);
  }
}

TEST_CASE("frames may be queued and taken in turn") {
  outbox box{0, 0};
  int in = 0;
  int out = 0;
  for (int i = 0; i < 100; ++i) {
    for (int k = 0; k < 1 + i % 3; ++k)
      REQUIRE(box.push(text(std::to_string(in++))));
    for (int k = 0; k < 1 + (i * 7) % 3 && !box.empty(); ++k)
      CHECK(*box.pop() == std::to_string(out++));
  }
  while (!box.empty())
    CHECK(*box.pop() == std::to_string(out++));
  CHECK(in == out);
}

TEST_CASE("an outbox takes a burst over its limits, but not any amount") {
  outbox few{2, 0};
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(few.push(text("a")));
  CHECK_FALSE(few.over());
  for (std::size_t i = 2; i < 2 * burst_factor; ++i) {
    CHECK(few.push(text("b")));
    CHECK(few.over());
  }
  CHECK_FALSE(few.push(text("c")));
  CHECK(*few.pop() == "a");
  CHECK(few.push(text("d")));
  CHECK(few.frames() == 2 * burst_factor);

  outbox small{0, 5};
  CHECK(small.push(text("12345")));
  CHECK_FALSE(small.over());
  CHECK(small.push(text(std::string(5 * burst_factor - 5, 'x'))));
  CHECK(small.over());
  CHECK_FALSE(small.push(text("y")));
  small.clear();
  CHECK(small.empty());
  CHECK_FALSE(small.over());
  CHECK(small.push(text("12345")));
}
