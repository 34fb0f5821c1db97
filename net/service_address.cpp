#include "net/service_address.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace carillon::net {

namespace {

constexpr std::uint16_t https_port = 443;

failure wrong(std::string why) { return {error_code::invalid_field, std::move(why)}; }

std::optional<std::uint16_t> port_in(std::string_view digits) {
  std::uint16_t port = 0;
  auto end = digits.data() + digits.size();
  auto [at, problem] = std::from_chars(digits.data(), end, port);
  if (problem != std::errc{} || at != end || port == 0)
    return std::nullopt;
  return port;
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

} // namespace

std::string service_address::host_header() const {
  auto is_ipv6 = host.find(':') != std::string::npos;
  auto text = is_ipv6 ? "[" + host + "]" : host;
  return port == https_port ? text : text + ":" + std::to_string(port);
}

result<service_address> parse_service_address(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme))
    return wrong("must begin with https://");
  if (!is_printable(url) || url.find_first_of("@?#\\") != std::string_view::npos)
    return wrong("must be of the form https://host[:port][/path]");
  auto rest = url.substr(scheme.size());
  auto authority = rest.substr(0, rest.find('/'));
  service_address out;
  out.base_path = rest.substr(authority.size());
  while (out.base_path.ends_with('/'))
    out.base_path.pop_back();
  auto is_bracketed = authority.starts_with('[');
  auto host_end = is_bracketed ? authority.find(']') : authority.find(':');
  if (is_bracketed && host_end == std::string_view::npos)
    return wrong("has a host without its closing bracket");
  out.host = authority.substr(is_bracketed ? 1 : 0, is_bracketed ? host_end - 1 : host_end);
  if (out.host.empty())
    return wrong("names no host");
  if (host_end == std::string_view::npos)
    return out;
  auto tail = authority.substr(is_bracketed ? host_end + 1 : host_end);
  if (tail.empty())
    return out;
  auto port = tail.starts_with(':') ? port_in(tail.substr(1)) : std::nullopt;
  if (!port)
    return wrong("has a port that is none");
  out.port = *port;
  return out;
}

} // namespace carillon::net
