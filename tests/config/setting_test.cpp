#include "config/redact.hpp"
#include "config/setting.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <set>

using namespace carillon::config;

TEST_CASE("every entry of the table is whole", "[config]") {
  std::set<std::string_view> keys;
  std::set<std::string_view> variables;
  std::set<std::string_view> flags;
  for (const auto& each : all_settings()) {
    INFO(each.key);
    CHECK(keys.insert(each.key).second);
    CHECK(variables.insert(each.environment).second);
    CHECK((each.flag.empty() || flags.insert(each.flag).second));
    CHECK((each.flag.empty() || each.flag.starts_with("--")));
    CHECK(each.help.ends_with("."));
    CHECK(fits(each, default_of(each)));
    if (std::holds_alternative<std::int64_t>(default_of(each)))
      CHECK(each.least < each.most);
  }
}

TEST_CASE("a setting reads and writes its own member", "[config]") {
  for (const auto& each : all_settings()) {
    INFO(each.key);
    settings changed;
    auto value = default_of(each);
    if (auto flag = std::get_if<bool>(&value))
      *flag = !*flag;
    else if (auto number = std::get_if<std::int64_t>(&value))
      *number += 1;
    else if (auto text = std::get_if<std::string>(&value))
      *text += "x";
    else
      std::get<std::vector<std::string>>(value).push_back("x");
    each.set(changed, value);
    CHECK(each.get(changed) == value);
    auto untouched = std::ranges::count_if(all_settings(), [&](const setting& other) {
      return other.get(changed) == default_of(other);
    });
    CHECK(untouched == static_cast<long>(all_settings().size()) - 1);
  }
}

TEST_CASE("a number takes both ends of its range without loss", "[config]") {
  for (const auto& each : all_settings()) {
    if (!std::holds_alternative<std::int64_t>(default_of(each)))
      continue;
    INFO(each.key);
    for (auto number : {each.least, each.most}) {
      settings changed;
      CHECK(fits(each, number));
      each.set(changed, number);
      CHECK(each.get(changed) == setting_value(number));
    }
    CHECK_FALSE(fits(each, each.least - 1));
    CHECK_FALSE(fits(each, each.most + 1));
  }
}

TEST_CASE("the environment's names are those of the documentation", "[config]") {
  for (auto [key, name] : std::vector<std::pair<std::string_view, std::string_view>>{
           {"data_dir", "DATA_DIR"},
           {"server.port", "PORT"},
           {"database.url", "DATABASE_URL"},
           {"server.ping_interval_ms", "SERVER_PING_INTERVAL_MS"},
           {"webrtc.stun_servers", "STUN_SERVERS"},
           {"webrtc.turn_url", "TURN_SERVER_URL"},
           {"calls.max_participants", "MAX_CALL_PARTICIPANTS"},
           {"limits.frame_bytes", "LIMITS_FRAME_BYTES"}}) {
    auto index = find_setting(key);
    REQUIRE(index);
    CHECK(all_settings()[*index].environment == name);
  }
}

TEST_CASE("every name under limits is its key in capitals", "[config]") {
  for (const auto& each : all_settings()) {
    if (!each.key.starts_with("limits."))
      continue;
    std::string expected;
    for (char c : each.key)
      expected += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    CHECK(each.environment == expected);
  }
}

TEST_CASE("passwords are taken out of URLs", "[config]") {
  CHECK(without_password("postgresql://u:p@h/d") == "postgresql://u:***@h/d");
  CHECK(without_password("postgresql://u:p@w:x@h:5432/d") == "postgresql://u:***@h:5432/d");
  CHECK(without_password("postgresql://u@h:5432/d") == "postgresql://u@h:5432/d");
  CHECK(without_password("postgresql://h/d?user=a&password=p&sslmode=require")
        == "postgresql://h/d?user=a&password=***&sslmode=require");
  CHECK(without_password("postgresql://h/d?sslpassword=p") == "postgresql://h/d?sslpassword=***");
  CHECK(without_password("sqlite:data/carillon.db") == "sqlite:data/carillon.db");
}

TEST_CASE("values are written as TOML", "[config]") {
  CHECK(to_toml(true) == "true");
  CHECK(to_toml(std::int64_t{42}) == "42");
  CHECK(to_toml(std::string("a\"b\\c\n")) == R"("a\"b\\c\u000a")");
  CHECK(to_toml(std::vector<std::string>{"a", "b"}) == R"(["a", "b"])");
  CHECK(to_toml(std::vector<std::string>{}) == "[]");
}
