#include "net/http_text.hpp"

#include <boost/beast/http/status.hpp>

namespace http = boost::beast::http;

namespace carillon::net {

namespace {

constexpr unsigned no_content = 204;
constexpr unsigned not_modified = 304;

} // namespace

std::string http_head(const exchange::response& what, bool keep_alive) {
  std::string text;
  text.reserve(256);
  auto reason = http::obsolete_reason(http::int_to_status(what.status));
  text += "HTTP/1.1 ";
  text += std::to_string(what.status);
  text += ' ';
  text.append(reason.data(), reason.size());
  text += "\r\n";
  auto line = [&](std::string_view name, std::string_view value) {
    text += name;
    text += ": ";
    text += value;
    text += "\r\n";
  };
  if (!what.body.empty()) {
    line("Content-Type", what.content_type);
    line("X-Content-Type-Options", "nosniff");
  }
  if (!what.body.empty() || what.status == not_modified)
    line("Cache-Control", what.cache_control);
  for (auto& [name, value] : what.headers)
    line(name, value);
  // An answer without content has no length either (RFC 9110, section 8.6).
  if (what.status != no_content && what.status != not_modified)
    line("Content-Length", std::to_string(what.body.size()));
  line("Connection", keep_alive ? "keep-alive" : "close");
  text += "\r\n";
  return text;
}

} // namespace carillon::net
