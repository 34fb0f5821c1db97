#include "config/load.hpp"
#include "tests/catch.hpp"
#include "tests/config/loading.hpp"
#include "tests/config/temporary_dir.hpp"

using namespace carillon;
using namespace carillon::test;

TEST_CASE("without anything the defaults hold", "[config]") {
  auto config = load_ok("");
  CHECK(config.values.server.port == 8080);
  CHECK(config.values.database.url == "sqlite:data/carillon.db");
  CHECK(config.values.webrtc.stun_servers.size() == 3);
  for (const auto& each : config.origins)
    CHECK(each == config::origin{});
}

TEST_CASE("a later source wins over an earlier one", "[config]") {
  temporary_dir dir;
  auto file = dir.file("c.toml", "[server]\nport = 1001\n\n[calls]\nring_timeout_seconds = 20\n");

  auto config = load_ok(file);
  CHECK(config.values.server.port == 1001);
  CHECK(origin_of(config, "server.port") == file + ":2");
  CHECK(origin_of(config, "calls.ring_timeout_seconds") == file + ":5");
  CHECK(origin_of(config, "server.host") == "default");

  config = load_ok(file, {{"PORT", "1002"}});
  CHECK(config.values.server.port == 1002);
  CHECK(origin_of(config, "server.port") == "environment PORT");
  CHECK(config.values.calls.ring_timeout_seconds == 20);

  config = load_ok(file, {{"PORT", "1002"}}, {{"server.port", "1003"}});
  CHECK(config.values.server.port == 1003);
  CHECK(origin_of(config, "server.port") == "flag --port");

  config = load_ok(file, {}, {{"server.port", "1003"}, {"server.port", "1004"}});
  CHECK(config.values.server.port == 1004);
}

TEST_CASE("every kind of value comes from a file", "[config]") {
  temporary_dir dir;
  auto file = dir.file("c.toml", "data_dir = \"/d\"\n"
                                 "server.development = true\n"
                                 "server.ping_interval_ms = 300\n"
                                 "limits.frame_bytes = 1_000_000\n"
                                 "[server]\n"
                                 "cors_origins = [\"https://a.example\", \"https://b.example\"]\n"
                                 "[webrtc]\nstun_servers = []\n");
  // TOML does not let a table be opened again after dotted keys made it.
  CHECK(load_error(file).find("not valid TOML") != std::string::npos);

  file = dir.file("d.toml", "data_dir = \"/d\"\n"
                            "limits.frame_bytes = 1_000_000\n"
                            "[server]\n"
                            "development = true\n"
                            "ping_interval_ms = 300\n"
                            "cors_origins = [\"https://a.example\", \"https://b.example\"]\n"
                            "[webrtc]\nstun_servers = []\n");
  auto config = load_ok(file);
  CHECK(config.values.data_dir == "/d");
  CHECK(config.values.database.url == "sqlite:/d/carillon.db");
  CHECK(config.values.server.development);
  CHECK(config.values.server.ping_interval == std::chrono::milliseconds(300));
  CHECK(config.values.limits.frame_bytes == 1'000'000);
  CHECK(config.values.server.cors_origins
        == std::vector<std::string>{"https://a.example", "https://b.example"});
  CHECK(config.values.webrtc.stun_servers.empty());
}

TEST_CASE("every kind of value comes from the environment", "[config]") {
  auto config = load_ok("", {{"CORS_ORIGINS", " https://a.example , https://b.example,"},
                             {"DEVELOPMENT", "Yes"},
                             {"RING_OFFLINE", "1"},
                             {"STREAM_MIRROR", "no"},
                             {"LIMITS_DEVICES_PER_USER", " 3 "},
                             {"JWT_SECRET", "s, t"},
                             {"TRUSTED_PROXIES", "10.0.0.0/8"},
                             {"SERVER_PING_TIMEOUT_MS", "200"},
                             {"SOMETHING_ELSE", "whatever"}});
  CHECK(config.values.server.cors_origins
        == std::vector<std::string>{"https://a.example", "https://b.example"});
  CHECK(config.values.server.development);
  CHECK(config.values.calls.ring_offline);
  CHECK_FALSE(config.values.stream.mirror);
  CHECK(config.values.limits.devices_per_user == 3);
  CHECK(config.values.auth.jwt_secret == "s, t");
  CHECK(config.values.server.trusted_proxies == std::vector<std::string>{"10.0.0.0/8"});
  CHECK(config.values.server.ping_timeout == std::chrono::milliseconds(200));
}

TEST_CASE("an empty variable counts as not set", "[config]") {
  temporary_dir dir;
  auto file = dir.file("c.toml", "[server]\nport = 1001\n");
  auto config = load_ok(file, {{"PORT", ""}, {"STUN_SERVERS", ""}, {"JWT_SECRET", ""}});
  CHECK(config.values.server.port == 1001);
  CHECK(config.values.webrtc.stun_servers.size() == 3);
  CHECK(origin_of(config, "auth.jwt_secret") == "default");
}

TEST_CASE("an empty text in the file means none, where there may be none", "[config]") {
  temporary_dir dir;
  auto config = load_ok(dir.file("c.toml", "[database]\nurl = \"\"\n[auth]\njwt_issuer = \"\"\n"));
  CHECK(config.values.database.url == "sqlite:data/carillon.db");
  CHECK(load_error(dir.file("d.toml", "[server]\nhost = \"\"\n")).find("server.host: must be")
        == 0);
}

TEST_CASE("a TLS certificate and its key come together", "[config]") {
  temporary_dir dir;
  auto certificate = dir.file("c.pem", "c");
  auto key = dir.file("k.pem", "k");
  CHECK(load_error("", {{"TLS_CERTIFICATE", certificate}})
        == "server.tls_key: must be set too, because server.tls_certificate is "
           "(environment TLS_CERTIFICATE)");
  CHECK(load_error("", {{"TLS_KEY", key}})
        == "server.tls_certificate: must be set too, because server.tls_key is "
           "(environment TLS_KEY)");
  auto config = load_ok("", {{"TLS_CERTIFICATE", certificate}, {"TLS_KEY", key}});
  CHECK(config.values.server.tls_key == key);
}

TEST_CASE("the log level is translated", "[config]") {
  for (auto [word, level] :
       std::vector<std::pair<std::string, log::level>>{{"trace", log::level::trace},
                                                       {"debug", log::level::debug},
                                                       {"info", log::level::info},
                                                       {"warn", log::level::warn},
                                                       {"error", log::level::error},
                                                       {"off", log::level::off}})
    CHECK(config::log_level(load_ok("", {{"LOG_LEVEL", word}}).values) == level);
}
