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

namespace {

/// Hands `name` over; true when it passed.
bool pass(inbox& box, const std::string& name, std::string& out, bool* wake = nullptr) {
  bool passed = false;
  auto left = box.hand_over(
      [&] {
        out += name;
        passed = true;
      },
      [&] { return text(name); });
  if (wake)
    *wake = left;
  return passed;
}

} // namespace

TEST_CASE("frames pass from when nothing waits until they may no longer") {
  inbox box{0};
  std::string out;
  bool wake = false;
  CHECK_FALSE(box.passing());
  CHECK_FALSE(pass(box, "a", out, &wake));
  CHECK(wake);
  // What was left would be overtaken.
  CHECK_FALSE(box.begin_passing());
  CHECK_FALSE(box.passing());
  CHECK(box.take().frames.size() == 1);
  CHECK(box.begin_passing());
  CHECK(box.begin_passing());
  CHECK(box.passing());
  CHECK(pass(box, "b", out, &wake));
  CHECK_FALSE(wake);
  CHECK(box.empty());
  box.stop_passing();
  box.stop_passing();
  CHECK_FALSE(pass(box, "c", out, &wake));
  CHECK(wake);
  CHECK(out == "b");
  CHECK(*box.take().frames.at(0) == "c");
}

TEST_CASE("what else is left does not keep frames from passing") {
  inbox box{0};
  CHECK(box.leave_nothing());
  CHECK(box.begin_passing());
  CHECK_FALSE(box.empty()); // it still has to be looked at
  CHECK(box.take().frames.empty());
  CHECK(box.passing());
}

TEST_CASE("nothing passes behind a close, nor ever after") {
  inbox box{0};
  std::string out;
  bool wake = true;
  CHECK(box.begin_passing());
  CHECK(box.leave(close_reason::replaced));
  CHECK_FALSE(box.passing());
  CHECK_FALSE(pass(box, "a", out, &wake));
  CHECK_FALSE(wake);
  CHECK_FALSE(box.begin_passing());
  auto all = box.take();
  CHECK(all.frames.empty());
  CHECK(all.close == close_reason::replaced);
  CHECK_FALSE(box.begin_passing());
}

TEST_CASE("nothing passes before an overflow is seen") {
  inbox box{1};
  std::string out;
  CHECK_FALSE(pass(box, "a", out));
  CHECK_FALSE(pass(box, "b", out));
  CHECK_FALSE(box.begin_passing());
  auto all = box.take();
  CHECK(all.overflow);
  CHECK(all.frames.size() == 1);
  CHECK(box.begin_passing());
}

TEST_CASE("nothing is overtaken while passing begins and ends") {
  inbox box{0};
  constexpr int each = 5'000; // of those that pass and of those that are left, at least
  constexpr std::size_t writers = 3;
  // Written by whoever passes, and by the connection's thread while nobody does.
  std::vector<std::pair<std::size_t, int>> out;
  std::atomic<int> wakes{0};
  std::atomic<std::size_t> running{writers};
  std::vector<int> handed(writers);
  auto hand_over_all = [&](std::size_t writer) {
    int passed = 0;
    int left = 0;
    for (auto& i = handed[writer]; passed < each || left < each; ++i) {
      if (box.hand_over([&] { out.emplace_back(writer, i), ++passed; },
                        [&] {
                          ++left;
                          return text(std::to_string(writer) + std::to_string(i));
                        }))
        wakes.fetch_add(1);
      if (i % 16 == 0)
        std::this_thread::yield();
    }
    running.fetch_sub(1);
  };
  std::vector<std::thread> threads;
  for (std::size_t writer = 0; writer < writers; ++writer)
    threads.emplace_back(hand_over_all, writer);
  auto collect = [&] {
    for (auto& one : box.take().frames)
      out.emplace_back(std::stoul(one->substr(0, 1)), std::stoi(one->substr(1)));
  };
  for (int served = 0; running.load() != 0 || served != wakes.load();) {
    for (; served != wakes.load(); ++served)
      collect();
    while (!box.begin_passing())
      collect();
    std::this_thread::yield();
    box.stop_passing();
    std::this_thread::yield();
  }
  for (auto& one : threads)
    one.join();
  CHECK(box.empty());
  std::vector<int> next(writers);
  for (auto& [writer, number] : out)
    REQUIRE(number == next[writer]++);
  CHECK(next == handed);
}
