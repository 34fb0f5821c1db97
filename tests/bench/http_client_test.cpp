#include "bench/load/http_client.hpp"

#include "tests/catch.hpp"

using carillon::load::read_answer;

TEST_CASE("an HTTP answer is taken apart", "[http_client]") {
  auto got = read_answer("HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 2\r\n\r\n{}");
  REQUIRE(got);
  CHECK(got->status == 200);
  CHECK(got->body == "{}");
  auto refused = read_answer("HTTP/1.1 429 Too Many Requests\r\n\r\n");
  REQUIRE(refused);
  CHECK(refused->status == 429);
  CHECK(refused->body.empty());
}

TEST_CASE("what is no whole HTTP answer is none", "[http_client]") {
  CHECK_FALSE(read_answer(""));
  CHECK_FALSE(read_answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"));
  CHECK_FALSE(read_answer("HTTP/1.1 2x0 OK\r\n\r\n"));
  CHECK_FALSE(read_answer("HTTP/1.1 20\r\n\r\n"));
  CHECK_FALSE(read_answer("SSH-2.0\r\n\r\n"));
  CHECK_FALSE(read_answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}"));
  CHECK_FALSE(read_answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{}"));
}
