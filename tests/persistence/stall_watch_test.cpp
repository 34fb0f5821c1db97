#include "persistence/stall_watch.hpp"

#include "persistence/store_error.hpp"
#include "tests/catch.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace carillon::persistence::test {

namespace {

using std::chrono::hours;
using std::chrono::steady_clock;

// Two sockets that are connected.
struct both_ends {
  std::array<int, 2> end{};

  both_ends() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, end.data()) == 0); }
  ~both_ends() {
    ::close(end[0]);
    ::close(end[1]);
  }

  // Waits for a byte; false when the socket was shut down.
  bool read(std::size_t which) const {
    char byte = 0;
    return ::recv(end[which], &byte, 1, 0) == 1;
  }
  bool write(std::size_t which) const { return ::send(end[which], "x", 1, MSG_NOSIGNAL) == 1; }
};

} // namespace

TEST_CASE("a socket is shut down at the deadline, under whoever waits on it", "[stall_watch]") {
  both_ends sockets;
  stall_watch watch{sockets.end[0]};
  watch.begin(steady_clock::now() + std::chrono::milliseconds{20});
  CHECK_FALSE(sockets.read(0));
  CHECK(watch.end());
  CHECK_FALSE(watch.end());
  CHECK_FALSE(sockets.write(0));
}

TEST_CASE("a deadline that was called off or is far away does nothing", "[stall_watch]") {
  both_ends sockets;
  stall_watch watch{sockets.end[0]};
  for (const auto deadline : {steady_clock::now() + hours{1}, stall_watch::never}) {
    watch.begin(deadline);
    CHECK(sockets.write(1));
    CHECK(sockets.read(0));
    CHECK_FALSE(watch.end());
  }
  // The thread has looked at all of them when it has cut another one.
  both_ends others;
  stall_watch other{others.end[0]};
  other.begin(steady_clock::now());
  CHECK_FALSE(others.read(0));
  CHECK(sockets.write(0));
  CHECK(sockets.read(1));
}

TEST_CASE("a socket that got the number of a closed one is left alone", "[stall_watch]") {
  both_ends sockets;
  const int number = sockets.end[0];
  stall_watch watch{number};
  both_ends others;
  REQUIRE(::dup2(others.end[0], number) == number); // closes what was there, as libpq may any time
  watch.begin(steady_clock::now());
  CHECK_FALSE(sockets.read(1)); // the right one was shut down
  CHECK(watch.end());
  CHECK(others.write(0));
  CHECK(others.read(1));
}

TEST_CASE("what is no socket cannot be watched", "[stall_watch]") {
  CHECK_THROWS_AS(stall_watch{-1}, store_error);
}

} // namespace carillon::persistence::test
