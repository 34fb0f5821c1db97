#include "protocol/stream_webhook.hpp"

#include "protocol/dialects/words.hpp"
#include "protocol/json.hpp"
#include "protocol/verification_key.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>
#include <utility>

namespace carillon {

namespace {

// What an index of the store takes well; Stream's own ids have 36 characters.
constexpr std::size_t id_bytes = 512;
constexpr std::size_t url_bytes = 2048; // its end may become part of an id

constexpr std::size_t hash_bytes = 32;

std::optional<unsigned char> byte_in(std::string_view two_digits) noexcept {
  unsigned char byte = 0;
  auto [end, error] =
      std::from_chars(two_digits.data(), two_digits.data() + two_digits.size(), byte, 16);
  if (error != std::errc{} || end != two_digits.data() + 2)
    return std::nullopt;
  return byte;
}

std::string hex_of_hash(std::string_view text) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::array<unsigned char, hash_bytes> hash{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
  std::string out;
  for (auto byte : hash) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

/// Cuts the number that `count` digits at the front of `text` are off it, if they are digits.
std::optional<int> take_number(std::string_view& text, std::size_t count) noexcept {
  int number = 0;
  auto digits = text.substr(0, count);
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.size() != count || digits.front() == '-' || error != std::errc{}
      || end != digits.data() + count)
    return std::nullopt;
  text.remove_prefix(count);
  return number;
}

/// Numbers of `widths` digits with `marks` between and behind them; a zero mark stands for nothing.
template <std::size_t Count>
std::optional<std::array<int, Count>> take_numbers(std::string_view& text,
                                                   const std::array<std::size_t, Count>& widths,
                                                   const std::array<char, Count>& marks) noexcept {
  std::array<int, Count> out{};
  for (std::size_t i = 0; i < Count; ++i) {
    auto number = take_number(text, widths[i]);
    if (!number)
      return std::nullopt;
    out[i] = *number;
    if (marks[i] == 0)
      continue;
    if (text.empty() || text.front() != marks[i])
      return std::nullopt;
    text.remove_prefix(1);
  }
  return out;
}

/// How far local time is ahead of UTC: `Z`, `+hh:mm` or `-hh:mm`.
std::optional<seconds> offset_in(std::string_view text) noexcept {
  if (text == "Z" || text == "z")
    return seconds{0};
  if (text.empty() || (text.front() != '+' && text.front() != '-'))
    return std::nullopt;
  int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  auto ahead = take_numbers<2>(text, {2, 2}, {':', 0});
  if (!ahead || !text.empty() || (*ahead)[0] > 23 || (*ahead)[1] > 59)
    return std::nullopt;
  return seconds{sign * ((*ahead)[0] * 3600 + (*ahead)[1] * 60)};
}

/// A time as RFC 3339 has it; what a fraction has behind its third digit is cut off.
std::optional<time_point> time_in(std::string_view text) noexcept {
  auto date = take_numbers<3>(text, {4, 2, 2}, {'-', '-', 'T'});
  if (!date)
    return std::nullopt;
  auto clock = take_numbers<3>(text, {2, 2, 2}, {':', ':', 0});
  if (!clock)
    return std::nullopt;
  int ms = 0;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    for (std::size_t i = 0; i < 3; ++i)
      ms = ms * 10 + (i < digits ? text[i] - '0' : 0);
    text.remove_prefix(digits);
  }
  auto ahead = offset_in(text);
  namespace ch = std::chrono;
  ch::year_month_day day{ch::year{(*date)[0]}, ch::month{static_cast<unsigned>((*date)[1])},
                         ch::day{static_cast<unsigned>((*date)[2])}};
  auto [hour, minute, second] = *clock;
  // A leap second is the one behind it.
  if (!ahead || !day.ok() || hour > 23 || minute > 59 || second > 60)
    return std::nullopt;
  return time_point{ch::sys_days{day}.time_since_epoch() + ch::hours{hour} + ch::minutes{minute}
                    + seconds{second} + milliseconds{ms} - *ahead};
}

struct kind_row {
  std::string_view type;
  recording_status status;
};

// A recording that was stopped is being processed until it is ready.
constexpr std::array<kind_row, 4> kinds{{
    {"call.recording_started", recording_status::processing},
    {"call.recording_stopped", recording_status::processing},
    {"call.recording_ready", recording_status::ready},
    {"call.recording_failed", recording_status::failed},
}};

failure bad(std::string_view name) { return bad_field({}, name); }

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// A text that may be left out, or be null; empty then.
result<std::string> text_in(const json::object& from, std::string_view group, std::string_view name,
                            std::size_t most) {
  const auto* found = from.find(name);
  if (found == nullptr || found->type == json::kind::null)
    return std::string{};
  const auto& text = found->text;
  if (found->type != json::kind::string || text.size() > most
      || std::any_of(text.begin(), text.end(), is_control))
    return bad(std::string{group}.append(name));
  return text;
}

/// The length in whole seconds, where both ends are known.
std::optional<std::int64_t> length_of(const json::object& from) {
  auto start = time_in(from.string("start_time").value_or(std::string_view{}));
  auto end = time_in(from.string("end_time").value_or(std::string_view{}));
  if (!start || !end || *end < *start)
    return std::nullopt;
  auto length = std::chrono::floor<seconds>(*end - *start).count();
  return length > std::numeric_limits<std::int32_t>::max() ? std::nullopt : std::optional{length};
}

std::optional<std::int64_t> bytes_in(const json::object& from) {
  const auto* found = from.find("file_size");
  if (found == nullptr || found->type != json::kind::number)
    return std::nullopt;
  std::int64_t bytes = 0;
  auto raw = found->raw;
  auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), bytes);
  if (error != std::errc{} || end != raw.data() + raw.size() || bytes < 0)
    return std::nullopt;
  return bytes;
}

/// What `call_recording` of a recording that is ready says; `open` is the id of one that is not
/// told otherwise.
status read_file(const json::object& from, const std::string& open, recording_news& to) {
  const auto* group = from.find("call_recording");
  auto file = json::object::parse(group ? group->raw : std::string_view{});
  if (!file)
    return bad("call_recording");
  constexpr std::string_view prefix = "call_recording.";
  auto url = text_in(*file, prefix, "url", url_bytes);
  if (!url)
    return url.error();
  if (url->empty())
    return bad("call_recording.url");
  auto name = text_in(*file, prefix, "filename", id_bytes);
  if (!name)
    return name.error();
  if (to.what.id.empty()) {
    if (name->empty())
      return bad("call_recording.filename");
    to.what.id = *std::move(name);
    to.adopts = open;
  }
  to.what.url = *std::move(url);
  to.what.duration_s = length_of(*file);
  to.what.file_bytes = bytes_in(*file);
  return success();
}

std::string id_of_webhook(std::string_view body, std::string_view header) {
  // One that is no id cannot be kept.
  return is_id(header) ? std::string{header} : "sha256:" + hex_of_hash(body);
}

} // namespace

bool is_signed(std::string_view body, std::string_view signature, std::string_view secret) {
  if (secret.empty() || signature.size() != 2 * hash_bytes)
    return false;
  std::array<unsigned char, hash_bytes> given{};
  for (std::size_t i = 0; i < hash_bytes; ++i) {
    auto byte = byte_in(signature.substr(2 * i, 2));
    if (!byte)
      return false;
    given[i] = *byte;
  }
  auto expected = hmac_sha256(secret, body);
  return expected.size() == hash_bytes
         && CRYPTO_memcmp(expected.data(), given.data(), hash_bytes) == 0;
}

result<std::optional<recording_news>> read_webhook(std::string_view body,
                                                   const webhook_headers& headers, time_point now) {
  using nothing = std::optional<recording_news>;
  auto fields = json::object::parse(body);
  if (!fields)
    return fields.error();
  auto type = fields->string("type");
  if (!type)
    return bad("type");
  auto kind = std::find_if(kinds.begin(), kinds.end(),
                           [&](const kind_row& row) { return row.type == *type; });
  if (kind == kinds.end())
    return nothing{};
  auto cid = fields->string("call_cid");
  if (!cid || cid->find(':') == std::string_view::npos)
    return bad("call_cid");
  auto call = cid->substr(cid->find(':') + 1);
  if (!is_id(call) || !is_id(cid->substr(0, cid->find(':'))))
    return nothing{}; // nobody could have created it here
  auto egress = text_in(*fields, {}, "egress_id", id_bytes);
  if (!egress)
    return egress.error();
  recording_news out;
  out.webhook = id_of_webhook(body, headers.id);
  out.what.id = *std::move(egress);
  out.what.call = video_call_id(call);
  out.what.status = kind->status;
  out.what.created_at = out.what.updated_at = now;
  // Older webhooks do not name a recording before it is there; there is one at a time of each call.
  auto open = std::string{*cid} + "#open";
  if (kind->status == recording_status::ready) {
    if (auto read = read_file(*fields, open, out); !read)
      return read.error();
  } else if (out.what.id.empty()) {
    out.what.id = open;
  }
  return nothing{std::move(out)};
}

} // namespace carillon
