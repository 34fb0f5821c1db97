#include "config/text_rules.hpp"
#include "tests/catch.hpp"

#include <string>

namespace rules = carillon::config::rules;

TEST_CASE("hosts", "[config]") {
  for (auto good : {"127.0.0.1", "::1", "0.0.0.0", "localhost"})
    CHECK(rules::host(good));
  for (auto bad : {"http://a", "a b", "a/b", "[::1]"})
    CHECK_FALSE(rules::host(bad));
}

TEST_CASE("origins", "[config]") {
  for (auto good :
       {"*", "null", "https://a.example", "http://localhost:3000", "capacitor://localhost"})
    CHECK(rules::origin(good));
  for (auto bad : {"a.example", "https://a.example/", "https://*.example", "://a", "https://"})
    CHECK_FALSE(rules::origin(bad));
}

TEST_CASE("addresses and blocks of them", "[config]") {
  for (auto good : {"10.0.0.1", "10.0.0.0/8", "::1", "fd00::/8", "0.0.0.0/0", "::1/128"})
    CHECK(rules::address_block(good));
  for (auto bad :
       {"10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::1/129", "a", "10.0.0.0/8x"})
    CHECK_FALSE(rules::address_block(bad));
}

TEST_CASE("database URLs", "[config]") {
  for (auto good : {"sqlite:a b.db", "postgresql://h/d", "postgres://h/d"})
    CHECK(rules::database_url(good));
  for (auto bad : {"sqlite:", "mysql://h/d", "postgresql://", "data/carillon.db"})
    CHECK_FALSE(rules::database_url(bad));
}

TEST_CASE("keys, addresses and words", "[config]") {
  CHECK(rules::hex_key(std::string(64, 'a')));
  CHECK_FALSE(rules::hex_key(std::string(63, 'a')));
  CHECK_FALSE(rules::hex_key(std::string(64, 'g')));
  for (auto good : {"https://a.example", "https://a.example:8443/base", "https://[::1]:1/"})
    CHECK(rules::https_url(good));
  for (auto bad : {"http://a.example", "ftp://a.example", "https://", "https:///path", "https://:1",
                   "https://user@a.example", "https://a.example?key=1", "https://a.example#x"})
    CHECK_FALSE(rules::https_url(bad));
  CHECK(rules::stun_uri("stun:a.example:3478"));
  CHECK_FALSE(rules::stun_uri("a.example:3478"));
  CHECK(rules::turn_uri("turns:a.example?transport=tcp"));
  CHECK_FALSE(rules::turn_uri("stun:a.example"));
  CHECK(rules::log_level("debug"));
  CHECK_FALSE(rules::log_level("verbose"));
  CHECK(rules::scheduler("caf"));
  CHECK_FALSE(rules::scheduler("CAF"));
}

TEST_CASE("user ids are counted in characters", "[config]") {
  std::string umlauts;
  for (int i = 0; i < 128; ++i)
    umlauts += "ä";
  CHECK(rules::user_id(umlauts));
  CHECK_FALSE(rules::user_id(umlauts + "x"));
  CHECK(rules::user_id("alice@example.com"));
  CHECK_FALSE(rules::user_id(""));
  CHECK_FALSE(rules::user_id("a b"));
  CHECK_FALSE(rules::user_id("a\n"));
}

TEST_CASE("files that can be read", "[config]") {
  CHECK(rules::readable_file(__FILE__));
  CHECK_FALSE(rules::readable_file("/nowhere/at/all"));
  CHECK_FALSE(rules::readable_file("/"));
}
