#include "persistence/database_url.hpp"

#include "persistence/open.hpp"

#include <algorithm>
#include <array>
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

std::string with_connection_defaults(std::string url) {
  // Seconds, except tcp_user_timeout (milliseconds until unacknowledged data counts as a lost
  // connection). A dead host is noticed after 10 s at the latest, whether or not anything is sent.
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> defaults{{
      {"application_name", "carillon"},
      {"client_encoding", "UTF8"},
      {"connect_timeout", "3"},
      {"keepalives_idle", "4"},
      {"keepalives_interval", "2"},
      {"keepalives_count", "3"},
      {"tcp_user_timeout", "10000"},
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
