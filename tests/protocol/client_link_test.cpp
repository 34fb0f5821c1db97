#include "protocol/client_link.hpp"

#include "tests/catch.hpp"

#include <set>
#include <thread>

using namespace carillon;

TEST_CASE("an event is framed once and shared", "[client_link]") {
  wire_event event{"callEnded", R"({"callId":"c1"})"};
  auto frame = event.socket_io();
  CHECK(*frame == R"(42["callEnded",{"callId":"c1"}])");
  CHECK(event.socket_io() == frame);
}

TEST_CASE("receivers on several threads share one frame", "[client_link]") {
  for (int round = 0; round < 100; ++round) {
    auto event = std::make_shared<const wire_event>("x", "1");
    std::vector<std::shared_ptr<const std::string>> frames(4);
    std::vector<std::thread> threads;
    for (auto& frame : frames)
      threads.emplace_back([&frame, event] { frame = event->socket_io(); });
    for (auto& thread : threads)
      thread.join();
    for (const auto& frame : frames)
      REQUIRE(frame == frames.front());
  }
}

TEST_CASE("every close reason has a code of its own that a server may send", "[client_link]") {
  std::set<std::uint16_t> codes;
  for (int i = 0; i <= static_cast<int>(close_reason::replaced); ++i) {
    const auto& row = describe(close_reason(i));
    CHECK(codes.insert(row.code).second);
    CHECK(((row.code >= 1000 && row.code <= 1014) || (row.code >= 4000 && row.code <= 4999)));
    CHECK_FALSE(row.sentence.empty());
    // A close frame has room for 123 bytes (RFC 6455, 5.5).
    CHECK(row.sentence.size() <= 123);
  }
  CHECK(describe(close_reason::normal).code == 1000);
  CHECK(describe(close_reason::going_away).code == 1001);
  CHECK(describe(close_reason::too_big).code == 1009);
}
