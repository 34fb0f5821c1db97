#include "net/pages.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace carillon::net {

namespace {

/// What a page may do: load what this server has, talk to it, and nothing else. No script is made
/// from text. Media streams are `blob:` to some browsers.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> page_headers{{
    {"Content-Security-Policy", content_security_policy},
    {"Permissions-Policy",
     "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self)"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
}};

constexpr std::string_view forever = "public, max-age=31536000, immutable";

bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

/// Takes what is before the next `end` off `text`, and the end too.
std::string_view take_until(std::string_view& text, char end) noexcept {
  auto at = std::min(text.find(end), text.size());
  auto taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return trimmed(taken);
}

bool same(std::string_view one, std::string_view other) noexcept {
  return boost::beast::iequals({one.data(), one.size()}, {other.data(), other.size()});
}

/// Whether the parameters of a coding leave it a weight above 0. One that is broken does not.
bool has_weight(std::string_view parameters) noexcept {
  while (!parameters.empty()) {
    auto one = take_until(parameters, ';');
    auto name = take_until(one, '=');
    if (same(name, "q"))
      return one.find_first_of("123456789") != std::string_view::npos;
  }
  return true;
}

/// The tag of the compressed representation, which has other bytes: `"3f2a-gz"`.
std::string gzip_tag(std::string_view etag) {
  std::string tag{etag.substr(0, etag.size() - 1)};
  return tag += "-gz\"";
}

} // namespace

const page_file* page_shelf::find(std::string_view path) const noexcept {
  auto before = [](const page_file& file, std::string_view wanted) { return file.path < wanted; };
  auto at = std::lower_bound(files_.begin(), files_.end(), path, before);
  return at != files_.end() && at->path == path ? &*at : nullptr;
}

bool takes_gzip(std::string_view accepts) noexcept {
  std::optional<bool> named;
  bool others = false;
  while (!accepts.empty()) {
    auto rest = take_until(accepts, ',');
    auto coding = take_until(rest, ';');
    if (same(coding, "gzip") || same(coding, "x-gzip"))
      named = has_weight(rest);
    else if (coding == "*")
      others = has_weight(rest);
  }
  return named.value_or(others);
}

bool names_tag(std::string_view if_none_match, std::string_view etag) noexcept {
  auto rest = trimmed(if_none_match);
  if (rest == "*")
    return true;
  // Commas may stand inside of a tag.
  while (true) {
    auto from = rest.find('"');
    if (from == std::string_view::npos)
      return false;
    auto to = rest.find('"', from + 1);
    if (to == std::string_view::npos)
      return false;
    if (rest.substr(from, to + 1 - from) == etag)
      return true;
    rest.remove_prefix(to + 1);
  }
}

exchange::response page_response(const page_file& file, std::string_view accepts,
                                 std::string_view if_none_match) {
  auto packed = !file.gzip.empty() && takes_gzip(accepts);
  auto tag = packed ? gzip_tag(file.etag) : std::string{file.etag};
  exchange::response answer;
  answer.content_type = file.content_type;
  answer.cache_control = file.immutable ? forever : "no-cache";
  answer.headers.emplace_back("Vary", "Accept-Encoding");
  answer.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  if (file.content_type.starts_with("text/html"))
    for (auto& [name, value] : page_headers)
      answer.headers.emplace_back(name, value);
  if (names_tag(if_none_match, tag)) {
    answer.status = 304;
  } else {
    if (packed)
      answer.headers.emplace_back("Content-Encoding", "gzip");
    answer.body = packed ? file.gzip : file.bytes;
  }
  answer.headers.emplace_back("ETag", std::move(tag));
  return answer;
}

} // namespace carillon::net
