#include "net/judge_answer.hpp"
#include "tests/catch.hpp"

#include <algorithm>

using namespace carillon;
using namespace carillon::net;

namespace {

send_result judged(unsigned status, std::string body = "{}",
                   outbox_kind kind = outbox_kind::message) {
  outbox_entry entry;
  entry.kind = kind;
  http_answer answer;
  answer.status = status;
  answer.body = std::move(body);
  return judge_answer(entry, answer);
}

} // namespace

TEST_CASE("what an answer's status means for an entry") {
  using enum send_verdict;
  for (auto status : {200U, 201U, 204U})
    CHECK(judged(status).verdict == done);
  for (auto status : {408U, 500U, 502U, 503U, 504U})
    CHECK(judged(status).verdict == failed);
  for (auto status : {301U, 302U, 400U, 403U, 404U, 405U, 409U, 413U, 422U})
    CHECK(judged(status).verdict == refused);
  CHECK(judged(429).verdict == throttled);
  CHECK(judged(401).verdict == unreachable);
}

TEST_CASE("a message that is there already is done") {
  auto there = R"({"code":4,"message":"a message with ID \"x\" already exists"})";
  CHECK(judged(400, there).verdict == send_verdict::done);
  CHECK(judged(409, there).verdict == send_verdict::done);
  CHECK(judged(403, there).verdict == send_verdict::refused);
  CHECK(judged(400, there, outbox_kind::open).verdict == send_verdict::refused);
}

TEST_CASE("what is about our key is no fault of the entry's") {
  auto with = [](int code) {
    return judged(403, R"({"code":)" + std::to_string(code) + R"(,"message":"no"})").verdict;
  };
  for (auto code : {5, 40, 41, 42, 43})
    CHECK(with(code) == send_verdict::unreachable);
  for (auto code : {4, 6, 17, 39, 44, 99})
    CHECK(with(code) == send_verdict::refused);
}

TEST_CASE("no answer is nobody's fault") {
  http_answer none;
  none.error = "cannot connect to x: Connection refused";
  auto how = judge_answer({}, none);
  CHECK(how.verdict == send_verdict::unreachable);
  CHECK(how.error == none.error);
}

TEST_CASE("what went wrong is told on one line of bounded length") {
  CHECK(judged(200).error.empty());
  CHECK(judged(500).error == "HTTP 500");
  CHECK(judged(500, "<html>\n").error == "HTTP 500");
  CHECK(judged(400, R"({"code":4,"message":"bad\ninput","StatusCode":400})").error
        == "HTTP 400, code 4: bad input");
  CHECK(judged(400, R"({"code":"4","message":7})").error == "HTTP 400");
  std::string umlauts;
  for (int i = 0; i < 1000; ++i)
    umlauts += "ä";
  auto cut = judged(400, R"({"message":")" + umlauts + "\"}").error;
  CHECK(cut.size() < 310);
  CHECK(cut.ends_with("ä…"));
}

TEST_CASE("how long Stream asks to wait is passed on") {
  http_answer answer;
  answer.status = 429;
  answer.retry_after = std::chrono::seconds{9};
  CHECK(judge_answer({}, answer).wait == seconds{9});
}
