#include "net/client_address.hpp"

#include <algorithm>
#include <charconv>

namespace asio = boost::asio;

namespace carillon::net {

namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

/// An address as proxies write it: bare, `v4:port` or `[v6]:port`.
std::optional<ip_address> parse_entry(std::string_view text) {
  text = trim(text);
  if (text.starts_with('[')) {
    auto end = text.find(']');
    if (end == std::string_view::npos)
      return std::nullopt;
    text = text.substr(1, end - 1);
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  boost::system::error_code problem;
  auto address = asio::ip::make_address(text, problem);
  if (problem)
    return std::nullopt;
  return plain(address);
}

template <class Bytes>
bool same_prefix(const Bytes& a, const Bytes& b, unsigned bits) {
  auto whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin()))
    return false;
  auto rest = bits % 8;
  return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

} // namespace

ip_address plain(const ip_address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return address;
}

std::string failure_key(const ip_address& address) {
  auto bare = plain(address);
  if (bare.is_v4()) {
    auto bytes = bare.to_v4().to_bytes();
    return {bytes.begin(), bytes.end()};
  }
  auto bytes = bare.to_v6().to_bytes();
  return {bytes.begin(), bytes.begin() + 8};
}

result<proxy_list> proxy_list::parse(std::span<const std::string> entries) {
  proxy_list list;
  for (auto& entry : entries) {
    auto refuse = [&] {
      return failure{error_code::invalid_field,
                     "server.trusted_proxies: no address or CIDR block: " + entry};
    };
    auto slash = entry.find('/');
    boost::system::error_code problem;
    auto base = asio::ip::make_address(trim(std::string_view{entry}.substr(0, slash)), problem);
    if (problem)
      return refuse();
    unsigned most = base.is_v4() ? 32 : 128;
    unsigned prefix = most;
    if (slash != std::string::npos) {
      auto bits = trim(std::string_view{entry}.substr(slash + 1));
      auto [end, bad] = std::from_chars(bits.data(), bits.data() + bits.size(), prefix);
      if (bad != std::errc{} || end != bits.data() + bits.size() || prefix > most)
        return refuse();
    }
    if (base.is_v6() && base.to_v6().is_v4_mapped() && prefix >= 96) {
      base = plain(base);
      prefix -= 96;
    }
    list.blocks_.push_back({base, prefix});
  }
  return list;
}

bool proxy_list::trusts(const ip_address& address) const {
  auto bare = plain(address);
  return std::any_of(blocks_.begin(), blocks_.end(), [&](const block& b) {
    if (b.base.is_v4() != bare.is_v4())
      return false;
    return bare.is_v4() ? same_prefix(b.base.to_v4().to_bytes(), bare.to_v4().to_bytes(), b.prefix)
                        : same_prefix(b.base.to_v6().to_bytes(), bare.to_v6().to_bytes(), b.prefix);
  });
}

ip_address proxy_list::client_of(const ip_address& peer, std::string_view forwarded_for) const {
  auto known = plain(peer);
  while (trusts(known) && !forwarded_for.empty()) {
    auto comma = forwarded_for.rfind(',');
    auto last = comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1);
    auto address = parse_entry(last);
    if (!address)
      break;
    known = *address;
    forwarded_for =
        comma == std::string_view::npos ? std::string_view{} : forwarded_for.substr(0, comma);
  }
  return known;
}

} // namespace carillon::net
