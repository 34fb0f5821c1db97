#include "config/redact.hpp"

#include <algorithm>

namespace carillon::config {

namespace {

constexpr std::string_view mask = "***";

/// Hides the value of the query parameter `name` wherever it stands.
void hide_parameter(std::string& url, std::string_view name) {
  for (auto at = url.find(name); at != std::string::npos; at = url.find(name, at)) {
    bool begins_there = at > 0 && (url[at - 1] == '?' || url[at - 1] == '&');
    at += name.size();
    if (!begins_there)
      continue;
    auto end = std::min(url.find('&', at), url.size());
    url.replace(at, end - at, mask);
  }
}

std::string in_quotes(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += c;
    }
  }
  return out += '"';
}

} // namespace

std::string without_password(std::string_view url) {
  std::string out(url);
  if (auto scheme = out.find("://"); scheme != std::string::npos) {
    auto user = scheme + 3;
    auto colon = out.find(':', user);
    // The last @: a password that was not percent-encoded may hold more of them.
    auto at = out.rfind('@');
    if (colon != std::string::npos && at != std::string::npos && colon < at)
      out.replace(colon + 1, at - colon - 1, mask);
  }
  hide_parameter(out, "password=");
  hide_parameter(out, "sslpassword=");
  return out;
}

std::string to_toml(const setting_value& value) {
  if (auto flag = std::get_if<bool>(&value))
    return *flag ? "true" : "false";
  if (auto number = std::get_if<std::int64_t>(&value))
    return std::to_string(*number);
  if (auto text = std::get_if<std::string>(&value))
    return in_quotes(*text);
  std::string out;
  for (const auto& item : std::get<std::vector<std::string>>(value)) {
    out += out.empty() ? "[" : ", ";
    out += in_quotes(item);
  }
  return out.empty() ? "[]" : out + "]";
}

std::string shown(const setting& which, const setting_value& value) {
  auto text = std::get_if<std::string>(&value);
  if (text && text->empty())
    return "(none)";
  if (which.shown == secrecy::secret)
    return "(set)";
  if (text && which.shown == secrecy::password)
    return in_quotes(without_password(*text));
  return to_toml(value);
}

} // namespace carillon::config
