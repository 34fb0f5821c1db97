#include "persistence/database_url.hpp"

#include "persistence/one_line.hpp"
#include "persistence/open.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

namespace carillon::persistence {

namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";

// Where the query begins, or npos. A `?` in the password, which libpq allows, begins none.
std::size_t query_of(std::string_view url) {
  const auto scheme = url.find("://");
  const auto end_of_user =
      scheme == std::string_view::npos ? scheme : url.find_first_of("@/", scheme + 3);
  const bool has_user = end_of_user != std::string_view::npos && url[end_of_user] == '@';
  return url.find('?', has_user ? end_of_user : 0);
}

// Whether the query of `url` sets `key`.
bool sets(std::string_view url, std::string_view key) {
  auto at = query_of(url);
  while (at != std::string_view::npos) {
    const auto rest = url.substr(at + 1);
    if (rest.starts_with(key) && rest.substr(key.size()).starts_with('='))
      return true;
    at = url.find('&', at + 1);
  }
  return false;
}

// Overwrites the value of `key` in the query of `url`.
void mask_value(std::string& url, std::string_view key) {
  for (auto at = query_of(url); at != std::string::npos; at = url.find('&', at + 1)) {
    const auto begin = at + 1 + key.size() + 1;
    if (url.compare(at + 1, key.size(), key) != 0 || begin > url.size() || url[begin - 1] != '=')
      continue;
    const auto end = std::min(url.find('&', begin), url.size());
    url.replace(begin, end - begin, "***");
  }
}

using parsed_url = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

// What libpq says about `url`, without the pieces that it quotes: they may be the password's. The
// name of an unknown parameter is none.
std::string reason_of(std::string_view message) {
  if (message.find("query parameter") == std::string_view::npos)
    message = message.substr(0, message.rfind(": \""));
  return one_line(message);
}

bool is_number_in(std::string_view text, int lowest, int highest) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && number >= lowest
         && number <= highest;
}

// Several hosts have a list of ports; one that is left out is the usual one.
bool are_ports(std::string_view list) {
  while (true) {
    const auto port = list.substr(0, list.find(','));
    if (!port.empty() && !is_number_in(port, 1, 65535))
      return false;
    if (port.size() == list.size())
      return true;
    list.remove_prefix(port.size() + 1);
  }
}

bool is_ssl_mode(std::string_view word) {
  static constexpr std::array<std::string_view, 6> words{"disable", "allow",     "prefer",
                                                         "require", "verify-ca", "verify-full"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Whether an @ stands where libpq takes it for a part of the host or of the database: then one that
// belongs to the password, or a / before it, was not escaped.
bool has_stray_at(std::string_view url) {
  const auto rest = url.substr(url.find("://") + 3);
  const auto end_of_user = rest.find_first_of("@/");
  if (end_of_user == rest.npos)
    return false;
  const auto place = rest.substr(end_of_user + 1);
  return place.substr(0, place.find('?')).find('@') != place.npos;
}

// What libpq would find out only when it connects. Nothing is quoted: part of a password that was
// not escaped may be where the host or the port should be.
std::optional<std::string> why_unusable(std::string_view key, std::string_view value) {
  if (key == "port" && !are_ports(value))
    return "the port is not a number from 1 to 65535";
  if (key == "connect_timeout" && !is_number_in(value, 1, 60))
    return "connect_timeout is not a number of seconds from 1 to 60";
  if (key == "sslmode" && !is_ssl_mode(value))
    return "sslmode is none of disable, allow, prefer, require, verify-ca, verify-full";
  const bool counts = key.starts_with("keepalives") || key == "tcp_user_timeout";
  if (counts && !is_number_in(value, 0, std::numeric_limits<int>::max()))
    return std::string{key} + " is not a number";
  return std::nullopt;
}

} // namespace

bool is_postgres_url(std::string_view url) noexcept {
  return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

bool is_sqlite_url(std::string_view url) noexcept { return url.starts_with(sqlite_scheme); }

result<std::filesystem::path> sqlite_file(std::string_view url) {
  auto name = url.substr(sqlite_scheme.size());
  if (name.starts_with("//"))
    name.remove_prefix(2);
  if (name.empty())
    return failure{error_code::internal, "sqlite: names no file"};
  if (name == ":memory:" || name.find('\0') != std::string_view::npos)
    return failure{error_code::internal, "sqlite: needs a file that outlives the process"};
  return std::filesystem::path{name};
}

status check_postgres_url(const std::string& url) {
  const auto refused = [](const std::string& why) { return failure{error_code::internal, why}; };
  if (url.find('\0') != std::string::npos)
    return refused("there is a NUL in it");
  if (has_stray_at(url))
    return refused("an @ stands behind the host: in a password @ is written %40, and / %2F");
  char* message = nullptr;
  const parsed_url options{PQconninfoParse(url.c_str(), &message), &PQconninfoFree};
  const std::unique_ptr<char, decltype(&PQfreemem)> owner{message, &PQfreemem};
  if (!options)
    return refused(message ? reason_of(message) : "out of memory");
  for (const auto* one = options.get(); one->keyword != nullptr; ++one) {
    if (one->val == nullptr)
      continue;
    if (const auto why = why_unusable(one->keyword, one->val))
      return refused(*why);
  }
  return success();
}

std::string with_connection_defaults(std::string url) {
  // Seconds, except tcp_user_timeout (milliseconds until unacknowledged data counts as a lost
  // connection, as long as a store's patience). A dead host is noticed after 10 s at the latest,
  // also when nothing is sent.
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> defaults{{
      {"application_name", "carillon"},
      {"client_encoding", "UTF8"},
      {"connect_timeout", "3"},
      {"keepalives_idle", "4"},
      {"keepalives_interval", "2"},
      {"keepalives_count", "3"},
      {"tcp_user_timeout", "4000"},
  }};
  for (const auto& [key, value] : defaults) {
    if (sets(url, key))
      continue;
    url += query_of(url) == std::string::npos ? '?' : '&';
    url.append(key).append("=").append(value);
  }
  return url;
}

std::string without_password(std::string_view url) {
  std::string shown{url};
  const auto scheme = shown.find("://");
  if (scheme == std::string::npos)
    return shown;
  // The last @ before the query: a password that was not escaped must not show either.
  const auto begin = scheme + 3;
  const auto query = std::min(query_of(shown), shown.size());
  const auto at = shown.substr(0, query).rfind('@');
  const auto colon = shown.find(':', begin);
  if (at != std::string::npos && colon < at)
    shown.replace(colon + 1, at - colon - 1, "***");
  mask_value(shown, "password");
  mask_value(shown, "sslpassword");
  return shown;
}

} // namespace carillon::persistence
