#pragma once

#include "protocol/result.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace carillon::net {

using ip_address = boost::asio::ip::address;

/// `address` with an IPv4 address that is mapped into IPv6 taken out of it.
[[nodiscard]] ip_address plain(const ip_address& address);

/// The key under which failures of an address are counted: the address, or its /64 in IPv6, where
/// one client has that many.
[[nodiscard]] std::string failure_key(const ip_address& address);

/// The proxies whose `X-Forwarded-For` counts (`server.trusted_proxies`). Immutable, thread-safe.
class proxy_list {
public:
  /// From addresses and CIDR blocks; `invalid_field` naming the entry that is neither.
  [[nodiscard]] static result<proxy_list> parse(std::span<const std::string> entries);

  [[nodiscard]] bool trusts(const ip_address& address) const;

  /// Who asks: `peer`, or when `peer` is trusted the right-most address of `forwarded_for` that is
  /// not. An entry that is no address ends the search at the last proxy that is known.
  [[nodiscard]] ip_address client_of(const ip_address& peer, std::string_view forwarded_for) const;

private:
  struct block {
    ip_address base;
    unsigned prefix; ///< how many leading bits count
  };
  std::vector<block> blocks_;
};

} // namespace carillon::net
