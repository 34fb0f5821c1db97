#include "net/client_address.hpp"
#include "tests/catch.hpp"

using namespace carillon::net;
using boost::asio::ip::make_address;

namespace {

proxy_list trust(std::vector<std::string> entries) {
  auto list = proxy_list::parse(entries);
  REQUIRE(list.ok());
  return *list;
}

std::string client(const proxy_list& list, const char* peer, const char* chain) {
  return list.client_of(make_address(peer), chain).to_string();
}

} // namespace

TEST_CASE("a peer that is not trusted speaks for itself") {
  auto none = trust({});
  CHECK(client(none, "1.2.3.4", "9.9.9.9") == "1.2.3.4");
  auto some = trust({"10.0.0.1"});
  CHECK(client(some, "10.0.0.2", "9.9.9.9") == "10.0.0.2");
}

TEST_CASE("a trusted peer's right-most untrusted address counts") {
  auto list = trust({"10.0.0.0/8", "192.168.1.7"});
  CHECK(client(list, "10.0.0.1", "9.9.9.9") == "9.9.9.9");
  CHECK(client(list, "10.0.0.1", "6.6.6.6, 9.9.9.9 , 10.1.1.1,\t192.168.1.7") == "9.9.9.9");
  CHECK(client(list, "10.0.0.1", "") == "10.0.0.1");
  CHECK(client(list, "10.0.0.1", "10.9.9.9, 10.8.8.8") == "10.9.9.9");
  CHECK(client(list, "192.168.1.8", "9.9.9.9") == "192.168.1.8");
}

TEST_CASE("an entry that is no address ends the search at the last known proxy") {
  auto list = trust({"10.0.0.0/8"});
  CHECK(client(list, "10.0.0.1", "9.9.9.9, unknown, 10.2.2.2") == "10.2.2.2");
  CHECK(client(list, "10.0.0.1", "9.9.9.9,,") == "10.0.0.1");
}

TEST_CASE("entries may carry a port") {
  auto list = trust({"10.0.0.1"});
  CHECK(client(list, "10.0.0.1", "9.9.9.9:4711") == "9.9.9.9");
  CHECK(client(list, "10.0.0.1", "[2001:db8::1]:4711") == "2001:db8::1");
  CHECK(client(list, "10.0.0.1", "2001:db8::2") == "2001:db8::2");
}

TEST_CASE("IPv4 inside IPv6 is IPv4") {
  auto list = trust({"::ffff:10.0.0.0/104", "2001:db8::/32"});
  CHECK(client(list, "::ffff:10.3.3.3", "::ffff:9.9.9.9") == "9.9.9.9");
  CHECK(list.trusts(make_address("10.200.0.1")));
  CHECK_FALSE(list.trusts(make_address("11.0.0.1")));
  CHECK(list.trusts(make_address("2001:db8:ffff::1")));
  CHECK_FALSE(list.trusts(make_address("2001:db9::1")));
}

TEST_CASE("prefixes need not end at a byte, and 0 trusts all of a kind") {
  auto list = trust({"172.16.0.0/12"});
  CHECK(list.trusts(make_address("172.31.255.255")));
  CHECK_FALSE(list.trusts(make_address("172.32.0.0")));
  auto all = trust({"0.0.0.0/0"});
  CHECK(all.trusts(make_address("8.8.8.8")));
  CHECK_FALSE(all.trusts(make_address("::1")));
}

TEST_CASE("what is no address or block is refused by name") {
  for (auto* bad :
       {"localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "::/129", "", "1.2.3/8"}) {
    std::vector<std::string> entries{"127.0.0.1", bad};
    auto list = proxy_list::parse(entries);
    REQUIRE_FALSE(list.ok());
    CHECK(list.error().detail.find("server.trusted_proxies") != std::string::npos);
    CHECK(list.error().detail.ends_with(bad));
  }
}

TEST_CASE("failures are counted by address, in IPv6 by network") {
  auto key = [](const char* text) { return failure_key(make_address(text)); };
  CHECK(key("1.2.3.4") == key("::ffff:1.2.3.4"));
  CHECK(key("1.2.3.4") != key("1.2.3.5"));
  CHECK(key("2001:db8:1:2::3") == key("2001:db8:1:2:ffff::4"));
  CHECK(key("2001:db8:1:2::3") != key("2001:db8:1:3::3"));
}
