#include "config/command_line.hpp"
#include "tests/catch.hpp"
#include "tests/config/loading.hpp"
#include "tests/config/temporary_dir.hpp"

using namespace carillon::config;
using namespace carillon::test;

namespace {

carillon::config::command parse(std::vector<const char*> arguments, const variables& all = {}) {
  arguments.insert(arguments.begin(), "carillon");
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data(),
                            environment_of(all));
}

stop_command stopped(std::vector<const char*> arguments, const variables& all = {}) {
  auto result = parse(std::move(arguments), all);
  REQUIRE(std::holds_alternative<stop_command>(result));
  return std::get<stop_command>(result);
}

template <class Command>
Command parsed(std::vector<const char*> arguments, const variables& all = {}) {
  auto result = parse(std::move(arguments), all);
  if (auto stop = std::get_if<stop_command>(&result))
    FAIL(stop->text);
  REQUIRE(std::holds_alternative<Command>(result));
  return std::get<Command>(result);
}

} // namespace

TEST_CASE("without a command it serves, with the flags", "[config]") {
  CHECK(parsed<serve_command>({}).config.values.server.port == 8080);
  CHECK(parsed<serve_command>({"--port", "9"}).config.values.server.port == 9);
  CHECK(parsed<serve_command>({"serve", "--port=9"}).config.values.server.port == 9);
  CHECK(parsed<serve_command>({"--port", "9", "serve"}).config.values.server.port == 9);
  CHECK(parsed<serve_command>({"--port=9", "serve", "--port=8"}).config.values.server.port == 8);
  CHECK(parsed<serve_command>({"--port=9", "--port=8"}).config.values.server.port == 8);
}

TEST_CASE("each flag sets its setting", "[config]") {
  auto config =
      parsed<serve_command>({"--host=::1", "--port=1", "--database-url=sqlite:x", "--data-dir=d",
                             "--log-level=warn", "--ping-interval-ms=300", "--ping-timeout-ms=200",
                             "--connect-timeout-ms=100", "--max-payload=1000"})
          .config;
  CHECK(config.values.server.host == "::1");
  CHECK(config.values.server.port == 1);
  CHECK(config.values.database.url == "sqlite:x");
  CHECK(config.values.data_dir == "d");
  CHECK(config.values.log_level == "warn");
  CHECK(config.values.server.ping_interval.count() == 300);
  CHECK(config.values.server.ping_timeout.count() == 200);
  CHECK(config.values.server.connect_timeout.count() == 100);
  CHECK(config.values.limits.frame_bytes == 1000);
}

TEST_CASE("flags win over the environment, which wins over the file", "[config]") {
  temporary_dir dir;
  auto file =
      dir.file("c.toml", "[server]\nport = 1\nhost = \"a\"\n[calls]\nring_offline = true\n");
  auto config = parsed<serve_command>({"--config", file.c_str(), "--port", "3"},
                                      {{"PORT", "2"}, {"HOST", "b"}})
                    .config;
  CHECK(config.values.server.port == 3);
  CHECK(config.values.server.host == "b");
  CHECK(config.values.calls.ring_offline);
}

TEST_CASE("the other commands", "[config]") {
  CHECK(
      parsed<migrate_command>({"migrate", "--database-url", "sqlite:x"}).config.values.database.url
      == "sqlite:x");
  CHECK(parsed<check_config_command>({"check-config"}, {{"PORT", "7"}}).config.values.server.port
        == 7);
  auto token = parsed<token_command>({"token", "--user", "alice", "--name", "Alice L.", "--email",
                                      "a@x", "--role", "admin", "--ttl", "2d", "--data-dir", "d"});
  CHECK(token.user == "alice");
  CHECK(token.name == "Alice L.");
  CHECK(token.email == "a@x");
  CHECK(token.role == "admin");
  CHECK(token.ttl == std::chrono::hours(48));
  CHECK(token.config.values.data_dir == "d");
  CHECK(parsed<token_command>({"token", "--user=alice"}).ttl == std::chrono::hours(1));
}

TEST_CASE("help and version end well", "[config]") {
  for (auto arguments : std::vector<std::vector<const char*>>{{"--help"},
                                                              {"-h"},
                                                              {"serve", "--help"},
                                                              {"token", "--help"},
                                                              {"migrate", "--help"},
                                                              {"check-config", "--help"}}) {
    auto stop = stopped(arguments);
    CHECK(stop.exit_code == 0);
    CHECK(stop.text.find("--config") != std::string::npos);
    CHECK(stop.text.back() == '\n');
  }
  CHECK(stopped({"token", "--help"}).text.find("--ttl") != std::string::npos);
  CHECK(stopped({"--help"}).text.find("check-config") != std::string::npos);
  auto stop = stopped({"--version"});
  CHECK(stop.exit_code == 0);
  CHECK(stop.text == "carillon " + std::string(version()) + "\n");
}

TEST_CASE("mistakes on the command line are one line and exit code 2", "[config]") {
  auto line = [](std::vector<const char*> arguments) {
    auto stop = stopped(std::move(arguments));
    CHECK(stop.exit_code == 2);
    CHECK(stop.text.find('\n') == stop.text.size() - 1);
    CHECK(stop.text.find("carillon: ") == 0);
    return stop.text;
  };
  CHECK(line({"serve", "--prot", "1"}).find("unknown option --prot") != std::string::npos);
  CHECK(line({"dance"}).find("unknown command or argument dance") != std::string::npos);
  CHECK(line({"serve", "dance"}).find("unknown command or argument dance") != std::string::npos);
  CHECK(line({"--port"}).find("--port") != std::string::npos);
  CHECK(line({"--port=x"})
        == "carillon: server.port: must be a whole number from 0 to 65535, not \"x\" (flag "
           "--port)\n");
  CHECK(line({"--config", "/nowhere.toml"}).find("--config: cannot read /nowhere.toml")
        != std::string::npos);
  CHECK(line({"token"}).find("--user: must be") != std::string::npos);
  CHECK(line({"token", "--user", "a b"}).find("--user: must be") != std::string::npos);
  CHECK(line({"token", "--user", "a", "--ttl", "soon"}).find("--ttl: must be")
        != std::string::npos);
  CHECK(line({"token", "--user"}).find("--user") != std::string::npos);
}

TEST_CASE("an unknown option's value is not repeated", "[config]") {
  CHECK(stopped({"--jwt-secret", "hunter2"}).text.find("hunter2") == std::string::npos);
  CHECK(stopped({"--jwt-secret=hunter2"}).text.find("hunter2") == std::string::npos);
}

TEST_CASE("lengths of time", "[config]") {
  using std::chrono::seconds;
  CHECK(parse_ttl("30s") == seconds(30));
  CHECK(parse_ttl("15m") == seconds(900));
  CHECK(parse_ttl("1h") == seconds(3600));
  CHECK(parse_ttl("7d") == seconds(604800));
  CHECK(parse_ttl("90") == seconds(90));
  CHECK(parse_ttl("3650d") == seconds(315360000));
  for (auto bad :
       {"", "h", "0s", "-1h", "1w", "1hh", "1 h", "3651d", "99999999999999999999s", "1.5h"})
    CHECK_FALSE(parse_ttl(bad));
}
