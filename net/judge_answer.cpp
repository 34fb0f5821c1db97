#include "net/judge_answer.hpp"

#include "protocol/json.hpp"

#include <algorithm>
#include <optional>

namespace carillon::net {

namespace {

constexpr std::size_t longest_excerpt = 300;

/// What Stream says in the body of a refusal: `{"code":…,"message":…,"StatusCode":…}`.
struct complaint {
  int code = 0; ///< 0: none
  std::string message;
};

complaint read_complaint(std::string_view body) {
  complaint out;
  auto said = json::object::parse(body);
  if (!said)
    return out;
  auto code = said->number("code").value_or(0);
  if (code > 0 && code < 1'000'000)
    out.code = static_cast<int>(code);
  out.message = said->string("message").value_or(std::string_view{});
  return out;
}

/// On one line, cut between two characters.
std::string excerpt(std::string text) {
  if (text.size() > longest_excerpt) {
    auto end = longest_excerpt;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
      --end;
    text.resize(end);
    text += "…";
  }
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return text;
}

std::string line_of(unsigned status, const complaint& said) {
  auto line = "HTTP " + std::to_string(status);
  if (said.code != 0)
    line += ", code " + std::to_string(said.code);
  if (!said.message.empty())
    line += ": " + said.message;
  return excerpt(std::move(line));
}

/// Whether the far side does not know our key or does not believe our signature: nothing would be
/// taken, whatever it is.
bool is_about_credentials(unsigned status, int code) {
  // Stream's codes: 5 authentication failed, 40 to 43 a token is expired, not valid yet, or wrong.
  return status == 401 || (status == 403 && (code == 5 || (code >= 40 && code <= 43)));
}

send_verdict verdict_of(const outbox_entry& entry, const http_answer& answer, int code) {
  auto status = answer.status;
  if (status / 100 == 2)
    return send_verdict::done;
  // A try whose answer was lost had been taken.
  if ((status == 400 || status == 409) && entry.kind == outbox_kind::message
      && answer.body.find("already exists") != std::string::npos)
    return send_verdict::done;
  if (status == 429)
    return send_verdict::throttled;
  if (status == 408 || status / 100 == 5)
    return send_verdict::failed;
  return is_about_credentials(status, code) ? send_verdict::unreachable : send_verdict::refused;
}

} // namespace

send_result judge_answer(const outbox_entry& entry, const http_answer& answer) {
  if (answer.status == 0)
    return {send_verdict::unreachable, excerpt(answer.error), {}};
  auto said = answer.status / 100 == 2 ? complaint{} : read_complaint(answer.body);
  send_result out;
  out.verdict = verdict_of(entry, answer, said.code);
  out.wait = answer.retry_after;
  if (out.verdict != send_verdict::done)
    out.error = line_of(answer.status, said);
  return out;
}

} // namespace carillon::net
