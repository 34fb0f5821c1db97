// Who is behind a proxy: the first line of an input is the peer's address, the second the trusted
// proxies as in the settings, separated by commas, the rest X-Forwarded-For.

#include "net/client_address.hpp"
#include "tests/fuzz/target.hpp"

namespace carillon::fuzz {

void check(std::string_view input) {
  using namespace carillon::net;
  boost::system::error_code problem;
  auto peer = boost::asio::ip::make_address(take_until(input, '\n'), problem);
  auto text = take_until(input, '\n');
  std::vector<std::string> entries;
  while (!text.empty())
    entries.emplace_back(take_until(text, ','));
  auto proxies = proxy_list::parse(entries);
  if (!proxies) {
    FUZZ_REQUIRE(proxies.error().code == error_code::invalid_field);
    FUZZ_REQUIRE(proxies.error().detail.starts_with("server.trusted_proxies: "));
    proxies = proxy_list::parse({});
  }
  auto client = proxies->client_of(peer, input);
  FUZZ_REQUIRE(client == plain(client));
  if (!proxies->trusts(peer))
    FUZZ_REQUIRE(client == plain(peer));
  // Whoever it is was written by a proxy that is trusted, and not further left than the first who
  // is not.
  FUZZ_REQUIRE(proxies->client_of(peer, "9.9.9.9,!," + std::string{input}) == client
               || proxies->trusts(client));
  auto key = failure_key(client);
  FUZZ_REQUIRE(key.size() == (client.is_v4() ? 4u : 8u));
}

} // namespace carillon::fuzz
