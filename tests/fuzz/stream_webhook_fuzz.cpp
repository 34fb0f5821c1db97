// Stream's webhooks. The first line of an input is the webhook's id, the second a signature, the
// rest the body.

#include "protocol/dialects/video.hpp"
#include "protocol/json.hpp"
#include "protocol/stream_webhook.hpp"
#include "protocol/verification_key.hpp"
#include "tests/fuzz/target.hpp"

#include <limits>

namespace carillon::fuzz {

namespace {

constexpr std::string_view secret = "a secret that everybody may know";
const auto now = from_epoch_ms(1762853400000);

bool is_plain(std::string_view text) {
  for (char c : text)
    if (static_cast<unsigned char>(c) < 0x20)
      return false;
  return true;
}

/// It can be kept by any store.
void check_news(const recording_news& news) {
  FUZZ_REQUIRE(!news.webhook.empty() && news.webhook.size() <= 512 && is_plain(news.webhook));
  const auto& what = news.what;
  FUZZ_REQUIRE(!what.id.empty() && what.id.size() <= 2048 && is_plain(what.id));
  FUZZ_REQUIRE(what.call.str().size() == 36 && is_plain(what.url));
  FUZZ_REQUIRE((what.status == recording_status::ready) == !what.url.empty());
  FUZZ_REQUIRE(!what.file_bytes || *what.file_bytes >= 0);
  FUZZ_REQUIRE(
      !what.duration_s
      || (*what.duration_s >= 0 && *what.duration_s <= std::numeric_limits<std::int32_t>::max()));
  FUZZ_REQUIRE(what.url.size() <= 2048);
}

void check_signature(std::string_view body, std::string_view signature) {
  auto mac = hmac_sha256(secret, body);
  std::string hex;
  for (char c : mac)
    for (int shift : {4, 0})
      hex += "0123456789abcdef"[(static_cast<unsigned char>(c) >> shift) & 15];
  FUZZ_REQUIRE(is_signed(body, hex, secret));
  hex.front() = hex.front() == '0' ? '1' : '0';
  FUZZ_REQUIRE(!is_signed(body, hex, secret));
  FUZZ_REQUIRE(!is_signed(body, signature, secret));
}

} // namespace

void check(std::string_view input) {
  auto id = take_until(input, '\n');
  auto signature = take_until(input, '\n');
  check_signature(input, signature);
  auto read = read_webhook(input, {signature, id, {}}, now);
  if (read && *read)
    return check_news(**read);
  if (read)
    return;
  FUZZ_REQUIRE(read.error().code == error_code::invalid_json
               || read.error().code == error_code::invalid_field);
  FUZZ_REQUIRE(json::object::parse(video::encode_rest_error(read.error(), true)));
}

} // namespace carillon::fuzz
