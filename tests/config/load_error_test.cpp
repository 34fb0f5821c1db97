#include "config/load.hpp"
#include "tests/catch.hpp"
#include "tests/config/loading.hpp"
#include "tests/config/temporary_dir.hpp"

#include <algorithm>

using namespace carillon;
using namespace carillon::test;

TEST_CASE("a bad value names the key, what it must be and where it came from", "[config]") {
  CHECK(load_error("", {{"PORT", "http"}})
        == "server.port: must be a whole number from 0 to 65535, not \"http\" (environment PORT)");
  CHECK(load_error("", {{"PORT", "65536"}})
        == "server.port: must be a whole number from 0 to 65535, not \"65536\" (environment PORT)");
  CHECK(load_error("", {{"PORT", "99999999999999999999"}}).find("server.port: must be") == 0);
  CHECK(load_error("", {{"PORT", "80x"}}).find("server.port: must be") == 0);
  CHECK(load_error("", {}, {{"log_level", "loud"}})
        == "log_level: must be one of trace, debug, info, warn, error, off, not \"loud\" "
           "(flag --log-level)");
  CHECK(load_error("", {{"RING_TIMEOUT_SECONDS", "181"}})
        == "calls.ring_timeout_seconds: must be a whole number from 1 to 180, not \"181\" "
           "(environment RING_TIMEOUT_SECONDS)");
  CHECK(load_error("", {{"DEVELOPMENT", "maybe"}})
        == "server.development: must be true or false, not \"maybe\" (environment DEVELOPMENT)");
  CHECK(load_error("", {{"TRUSTED_PROXIES", "10.0.0.0/8,proxy"}})
        == "server.trusted_proxies: must be a list, each item an address or a CIDR block like "
           "10.0.0.0/8, not \"10.0.0.0/8,proxy\" (environment TRUSTED_PROXIES)");
  CHECK(load_error("", {{"JWT_PUBLIC_KEY", "/nowhere/key.pem"}})
        == "auth.jwt_public_key: must be a file that can be read, not \"/nowhere/key.pem\" "
           "(environment JWT_PUBLIC_KEY)");
}

TEST_CASE("a bad value is refused even where a later source would replace it", "[config]") {
  CHECK(load_error("", {{"PORT", "http"}}, {{"server.port", "1"}}).find("environment PORT")
        != std::string::npos);
}

TEST_CASE("a mistake in the file names its line", "[config]") {
  temporary_dir dir;
  auto error = [&](const std::string& text) {
    auto path = dir.file("c.toml", text);
    auto line = load_error(path);
    auto at = line.find(path);
    REQUIRE(at != std::string::npos);
    return line.replace(at, path.size(), "FILE");
  };
  CHECK(error("data_dir = \"d\"\n[server]\nprot = 1\n") == "server.prot: unknown setting (FILE:3)");
  CHECK(error("\n[sever]\nport = 1\n") == "sever: unknown setting (FILE:2)");
  CHECK(error("[server.port]\nx = 1\n")
        == "server.port: must be a whole number from 0 to 65535 (FILE:1)");
  CHECK(error("server = 1\n") == "server: is a section, not a value (FILE:1)");
  CHECK(error("[[server]]\nport = 1\n") == "server: is a section, not a value (FILE:1)");
  CHECK(error("[server]\nport = \"8080\"\n")
        == "server.port: must be a whole number from 0 to 65535, not \"8080\" (FILE:2)");
  CHECK(error("[server]\nport = -1\n")
        == "server.port: must be a whole number from 0 to 65535, not -1 (FILE:2)");
  CHECK(error("[server]\nport = 80.5\n")
        == "server.port: must be a whole number from 0 to 65535 (FILE:2)");
  CHECK(error("[server]\ndevelopment = 1\n")
        == "server.development: must be true or false, not 1 (FILE:2)");
  CHECK(error("[server]\ncors_origins = \"*\"\n")
        == "server.cors_origins: must be a list, each item an origin like https://app.example.com, "
           "or *, not \"*\" (FILE:2)");
  CHECK(error("[server]\ncors_origins = [1]\n").find("server.cors_origins: must be a list") == 0);
  CHECK(error("[server]\ncors_origins = [\"\"]\n").find("server.cors_origins: must be a list")
        == 0);
  CHECK(error("data_dir = \"a\\nb\"\n")
        == "data_dir: must be one line of text, not \"a\\u000ab\" (FILE:1)");
}

TEST_CASE("of several mistakes in a file's values the first line is named", "[config]") {
  temporary_dir dir;
  auto path = dir.file("c.toml", "[server]\nthreads = -1\n[calls]\nring_timeout_seconds = 0\n");
  CHECK(load_error(path).find("server.threads") == 0);
}

TEST_CASE("what is not TOML names the line and the key", "[config]") {
  temporary_dir dir;
  auto path = dir.file("c.toml", "[server]\nport = eighty\n");
  auto line = load_error(path);
  CHECK(line.find("port: not valid TOML: ") == 0);
  CHECK(line.find("(" + path + ":2)") != std::string::npos);
  CHECK(load_error(dir.file("d.toml", "\xff\xfe")).find("not valid TOML") == 0);
}

TEST_CASE("a file that cannot be read", "[config]") {
  temporary_dir dir;
  CHECK(load_error(dir / "none.toml")
        == "--config: cannot read " + dir / "none.toml" + ": No such file or directory");
  CHECK(load_error(dir / "").find("Is a directory") != std::string::npos);
}

TEST_CASE("an error never shows a secret", "[config]") {
  temporary_dir dir;
  const std::string secret = "hunter2hunter2";
  std::vector<std::string> lines{
      load_error("", {{"STREAM_TOKEN_KEY", secret}}),
      load_error("", {{"DATABASE_URL", "mysql://u:" + secret + "@h/d"}}),
      load_error("", {}, {{"database.url", secret}}),
      load_error("", {{"JWT_SECRET", secret + "\n"}}),
      load_error(dir.file("a.toml", "[stream]\ntoken_key = \"" + secret + "\"\n")),
      load_error(dir.file("b.toml", "[auth]\njwt_secret = " + secret + "\n")),
      load_error(dir.file("c.toml", "[auth]\njwt_secret = \"x\" '" + secret + "'\n")),
      load_error(dir.file("d.toml", "[auth]\njwt_secret = [\"" + secret + "\"]\n")),
      load_error(dir.file("e.toml", "[auth]\njwt_secret = \"" + secret + "\n")),
      load_error(dir.file("f.toml", "[auth]\n" + secret + " = \n")),
  };
  for (const auto& line : lines) {
    INFO(line);
    CHECK(line.find("hunter2") == std::string::npos);
    CHECK(line.find('\n') == std::string::npos);
  }
  auto number = load_error(dir.file("g.toml", "[auth]\njwt_secret = 98989898989898989898989898\n"));
  CHECK(number.find("9898") == std::string::npos);
  CHECK(number.find("jwt_secret: ") == 0);
}

TEST_CASE("an error is one line of bounded length, whatever the value", "[config]") {
  auto line = load_error("", {{"PORT", "8\n0" + std::string(10'000, 'x')}});
  CHECK(line.find('\n') == std::string::npos);
  CHECK(line.size() < 300);
}

TEST_CASE("the echoes for protocol suites are for loopback addresses only", "[config]") {
  auto line = load_error("", {{"HOST", "0.0.0.0"}}, {{"server.conformance_echo", "true"}});
  CHECK(line
        == "server.host: must be a loopback address, because server.conformance_echo is on "
           "(flag --conformance-echo)");
  for (auto* host : {"127.0.0.1", "127.8.9.1", "::1", "localhost"})
    CHECK(load_ok("", {{"HOST", host}}, {{"server.conformance_echo", "true"}})
              .values.server.conformance_echo);
}
