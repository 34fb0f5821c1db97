#include "protocol/stream_webhook.hpp"

#include "protocol/verification_key.hpp"
#include "tests/catch.hpp"

using namespace carillon;

namespace {

const auto now = from_epoch_ms(1762853400000);

std::string hex(std::string_view bytes, bool upper = false) {
  std::string_view digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string out;
  for (char c : bytes) {
    auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

/// What a webhook with this body and id tells; fails where it tells nothing.
recording_news news_of(std::string_view body, std::string_view id = "w-1") {
  auto read = read_webhook(body, {{}, id, {}}, now);
  REQUIRE(read);
  REQUIRE(*read);
  return **read;
}

bool tells_nothing(std::string_view body) {
  auto read = read_webhook(body, {{}, "w-1", {}}, now);
  return read && !*read;
}

std::string refusal_of(std::string_view body) {
  auto read = read_webhook(body, {{}, "w-1", {}}, now);
  return read ? std::string{"none"} : read.error().message();
}

/// A webhook about a recording that is ready, with this in `call_recording` and on top.
std::string ready(std::string file, std::string more = "") {
  return R"({"type":"call.recording_ready","call_cid":"default:stand-up")" + more
         + R"(,"call_recording":{)" + file + "}}";
}

constexpr auto url = R"("url":"https://cdn.example/a.mp4?sig=1")";

} // namespace

TEST_CASE("a signature is that of Stream's SDKs", "[stream_webhook]") {
  // Body, secret and signature as @stream-io/node-sdk 0.7.64 took them.
  std::string_view body = "{\"type\":\"call.ended\",\"created_at\":\"2024-01-01T00:00:00.000Z\","
                          "\"call_cid\":\"default:call-1\",\"note\":\"\xC3\xA9\xE2\x9C\x93\"}";
  std::string_view secret = "dummy-secret-for-capture-only-0123456789";
  std::string signature = "680211a211a7af2bc2f6da87ac592b5e27e957ef4fe672505455fd96f1daea0e";
  CHECK(is_signed(body, signature, secret));
  CHECK_FALSE(is_signed(body, signature, "another"));
  CHECK_FALSE(is_signed(std::string{body} + " ", signature, secret));
  CHECK_FALSE(is_signed("", signature, secret));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    auto other = signature;
    other[i] = other[i] == '0' ? '1' : '0';
    CHECK_FALSE(is_signed(body, other, secret));
    CHECK_FALSE(is_signed(body, signature.substr(0, i), secret));
  }
  CHECK_FALSE(is_signed(body, signature + "0", secret));
  CHECK_FALSE(is_signed(body, std::string(64, 'g'), secret));
  CHECK_FALSE(is_signed(body, "", secret));
}

TEST_CASE("a signature may have digits of either case", "[stream_webhook]") {
  auto mac = hmac_sha256("secret", "body");
  CHECK(is_signed("body", hex(mac), "secret"));
  CHECK(is_signed("body", hex(mac, true), "secret"));
}

TEST_CASE("nothing is signed with no secret", "[stream_webhook]") {
  CHECK_FALSE(is_signed("body", hex(hmac_sha256("", "body")), ""));
}

TEST_CASE("a recording goes on from its start to its end", "[stream_webhook]") {
  for (const auto* type : {"started", "stopped", "failed"}) {
    INFO(type);
    auto news = news_of(R"({"type":"call.recording_)" + std::string{type}
                        + R"(","call_cid":"default:stand-up","egress_id":"e-1"})");
    CHECK(news.webhook == "w-1");
    CHECK(news.what.id == "e-1");
    CHECK(news.what.call == video_call_id("stand-up"));
    CHECK(news.what.status
          == (type == std::string_view{"failed"} ? recording_status::failed
                                                 : recording_status::processing));
    CHECK(news.what.url.empty());
    CHECK_FALSE(news.what.duration_s);
    CHECK(news.what.created_at == now);
    CHECK(news.what.updated_at == now);
    CHECK(news.adopts.empty());
  }
}

TEST_CASE("a recording that is ready has its file", "[stream_webhook]") {
  auto news = news_of(ready(std::string{url}
                                + R"(,"filename":"a.mp4","start_time":"2025-11-11T09:30:00.250Z",)"
                                  R"("end_time":"2025-11-11T10:31:01.249Z","file_size":123456)",
                            R"(,"egress_id":"e-1")"));
  CHECK(news.what.id == "e-1");
  CHECK(news.what.status == recording_status::ready);
  CHECK(news.what.url == "https://cdn.example/a.mp4?sig=1");
  CHECK(news.what.duration_s == 3660);
  CHECK(news.what.file_bytes == 123456);
  CHECK(news.adopts.empty());
}

TEST_CASE("without an egress a recording is the open one of its call", "[stream_webhook]") {
  auto started = news_of(R"({"type":"call.recording_started","call_cid":"audio_room:a:b"})");
  CHECK(started.what.id == "audio_room:a:b#open");
  CHECK(started.what.call == video_call_id("a:b"));
  auto done = news_of(ready(std::string{url} + R"(,"filename":"a.mp4")"));
  CHECK(done.what.id == "a.mp4");
  CHECK(done.adopts == "default:stand-up#open");
  auto null = news_of(ready(std::string{url} + R"(,"filename":"a.mp4")", R"(,"egress_id":null)"));
  CHECK(null.what.id == "a.mp4");
}

TEST_CASE("times of a recording are read as RFC 3339 has them", "[stream_webhook]") {
  auto length = [](std::string start, std::string end) {
    return news_of(ready(std::string{url} + R"(,"filename":"a","start_time":")" + start
                         + R"(","end_time":")" + end + "\""))
        .what.duration_s;
  };
  CHECK(length("2025-11-11T09:30:00Z", "2025-11-11T09:30:00Z") == 0);
  CHECK(length("2025-11-11T09:30:00Z", "2025-11-11T12:31:00+02:00") == 3660);
  CHECK(length("2025-11-11T09:30:00Z", "2025-11-11T08:31:00-01:30") == 1860);
  CHECK(length("2025-11-11T09:30:00.999999999Z", "2025-11-11T09:30:02Z") == 1);
  CHECK(length("2025-11-11T09:30:00.5Z", "2025-11-11T09:30:01.49z") == 0);
  CHECK(length("2024-02-28T23:59:59Z", "2024-03-01T00:00:00Z") == 86401);
  CHECK(length("2016-12-31T23:59:60Z", "2017-01-01T00:00:05Z") == 5);
  for (const auto* bad :
       {"", "2025-11-11", "2025-11-11T09:30:00", "2025-11-11 09:30:00Z", "2025-02-29T09:30:00Z",
        "2025-11-11T24:00:00Z", "2025-11-11T09:60:00Z", "2025-11-11T09:30:61Z",
        "2025-13-11T09:30:00Z", "2025-11-11T09:30:00+2", "2025-11-11T09:30:00+24:00",
        "2025-11-11T09:30:00Zx", "-025-11-11T09:30:00Z", "2025-1-11T09:30:00Z"}) {
    INFO(bad);
    CHECK_FALSE(length(bad, "2025-12-31T00:00:00Z"));
    CHECK_FALSE(length("2000-01-01T00:00:00Z", bad));
  }
  CHECK_FALSE(length("2025-11-11T09:30:01Z", "2025-11-11T09:30:00Z"));
  // Longer than a column of the store can say.
  CHECK_FALSE(length("1900-01-01T00:00:00Z", "2025-11-11T09:30:00Z"));
}

TEST_CASE("a size that is no number of bytes is none", "[stream_webhook]") {
  auto size = [](std::string text) {
    return news_of(ready(std::string{url} + R"(,"filename":"a","file_size":)" + text))
        .what.file_bytes;
  };
  CHECK(size("0") == 0);
  CHECK(size("9223372036854775807") == 9223372036854775807);
  for (const auto* bad : {"-1", "1.5", "1e3", "9223372036854775808", "\"5\"", "null"})
    CHECK_FALSE(size(bad));
}

TEST_CASE("a webhook without an id is known by its body", "[stream_webhook]") {
  auto body = R"({"type":"call.recording_started","call_cid":"default:a"})";
  auto news = news_of(body, "");
  CHECK(news.webhook.starts_with("sha256:"));
  CHECK(news.webhook.size() == 7 + 64);
  CHECK(news_of(body, "").webhook == news.webhook);
  CHECK(news_of(std::string{body} + " ", "").webhook != news.webhook);
  // So is one whose id the store could not keep.
  CHECK(news_of(body, std::string(600, 'x')).webhook == news.webhook);
  CHECK(news_of(body, "a b").webhook == news.webhook);
}

TEST_CASE("the hash of a body is SHA-256", "[stream_webhook]") {
  auto body = R"({"type":"call.recording_started","call_cid":"default:a"})";
  // As sha256sum prints it.
  CHECK(news_of(body, "").webhook
        == "sha256:0f0340a721ef58743b3c54339536a859ac375641160ab8e4c7875be31efc9402");
}

TEST_CASE("other webhooks tell nothing of recordings", "[stream_webhook]") {
  CHECK(tells_nothing(R"({"type":"call.ended","call_cid":"default:a"})"));
  CHECK(tells_nothing(R"({"type":"call.recording_ready.soon"})"));
  CHECK(tells_nothing(R"({"type":"message.new"})"));
  // Nobody can have created a call of such an id here.
  CHECK(tells_nothing(R"({"type":"call.recording_started","call_cid":"default:"})"));
  CHECK(tells_nothing(R"({"type":"call.recording_started","call_cid":"default:a b"})"));
  CHECK(tells_nothing(R"({"type":"call.recording_started","call_cid":"a\u0000b:c"})"));
  CHECK(tells_nothing(R"({"type":"call.recording_started","call_cid":"default:)"
                      + std::string(129, 'x') + "\"}"));
}

TEST_CASE("a webhook that lacks something is refused by its name", "[stream_webhook]") {
  CHECK(refusal_of("") == "Invalid JSON");
  CHECK(refusal_of("[]") == "Invalid JSON");
  CHECK(refusal_of("{") == "Invalid JSON");
  CHECK(refusal_of("{}") == "Invalid field: type");
  CHECK(refusal_of(R"({"type":7})") == "Invalid field: type");
  CHECK(refusal_of(R"({"type":"call.recording_started"})") == "Invalid field: call_cid");
  CHECK(refusal_of(R"({"type":"call.recording_started","call_cid":"default"})")
        == "Invalid field: call_cid");
  auto started = std::string{R"({"type":"call.recording_started","call_cid":"default:a",)"};
  CHECK(refusal_of(started + R"("egress_id":7})") == "Invalid field: egress_id");
  CHECK(refusal_of(started + R"("egress_id":"a\u0000"})") == "Invalid field: egress_id");
  CHECK(refusal_of(started + R"("egress_id":")" + std::string(513, 'x') + "\"}")
        == "Invalid field: egress_id");
  CHECK(refusal_of(R"({"type":"call.recording_ready","call_cid":"default:a"})")
        == "Invalid field: call_recording");
  CHECK(refusal_of(R"({"type":"call.recording_ready","call_cid":"default:a","call_recording":[]})")
        == "Invalid field: call_recording");
  CHECK(refusal_of(ready("")) == "Invalid field: call_recording.url");
  CHECK(refusal_of(ready(R"("url":7)")) == "Invalid field: call_recording.url");
  CHECK(refusal_of(ready(R"("url":"a\nb")")) == "Invalid field: call_recording.url");
  CHECK(refusal_of(ready(R"("url":")" + std::string(2049, 'x') + "\""))
        == "Invalid field: call_recording.url");
  CHECK(refusal_of(ready(url)) == "Invalid field: call_recording.filename");
  CHECK(refusal_of(ready(std::string{url} + R"(,"filename":"a\u0000")"))
        == "Invalid field: call_recording.filename");
}
