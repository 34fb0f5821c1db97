#include "net/inbox.hpp"
#include "tests/catch.hpp"

#include <thread>

using namespace carillon;
using namespace carillon::net;

namespace {

frame text(std::string content) { return std::make_shared<const std::string>(std::move(content)); }

} // namespace

TEST_CASE("one wake-up serves for however much is left") {
  inbox box{0};
  CHECK(box.empty());
  CHECK(box.leave(text("a")));
  CHECK_FALSE(box.leave(text("b")));
  CHECK_FALSE(box.leave_nothing());
  CHECK_FALSE(box.empty());
  auto all = box.take();
  REQUIRE(all.frames.size() == 2);
  CHECK(*all.frames[1] == "b");
  CHECK_FALSE(all.close.has_value());
  CHECK(box.empty());
  CHECK(box.leave_nothing());
  CHECK(box.take().frames.empty());
}

TEST_CASE("nothing is left behind a close") {
  inbox box{0};
  CHECK(box.leave(text("a")));
  CHECK_FALSE(box.leave(close_reason::replaced));
  CHECK_FALSE(box.leave(text("b")));
  CHECK_FALSE(box.leave(close_reason::normal));
  auto all = box.take();
  CHECK(all.frames.size() == 1);
  CHECK(all.close == close_reason::replaced);
  CHECK_FALSE(box.leave(text("c")));
}

TEST_CASE("more frames than allowed are told as an overflow") {
  inbox box{2};
  (void)box.leave(text("a"));
  (void)box.leave(text("b"));
  (void)box.leave(text("c"));
  auto all = box.take();
  CHECK(all.frames.size() == 2);
  CHECK(all.overflow);
  CHECK_FALSE(box.take().overflow);
}

TEST_CASE("no frame and no wake-up is lost between threads") {
  inbox box{0};
  constexpr int each = 20'000;
  std::atomic<int> wakes{0};
  auto leave_all = [&](const char* name) {
    for (int i = 0; i < each; ++i)
      if (box.leave(text(name + std::to_string(i))))
        wakes.fetch_add(1);
  };
  std::thread a{leave_all, "a"};
  std::thread b{leave_all, "b"};
  int next_a = 0;
  int next_b = 0;
  int served = 0;
  while (next_a + next_b < 2 * each) {
    if (wakes.load() == served)
      continue;
    ++served;
    for (auto& one : box.take().frames) {
      auto& next = one->front() == 'a' ? next_a : next_b;
      REQUIRE(one->substr(1) == std::to_string(next));
      ++next;
    }
  }
  a.join();
  b.join();
  CHECK(box.empty());
}
