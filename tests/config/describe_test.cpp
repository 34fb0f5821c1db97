#include "config/describe.hpp"
#include "tests/catch.hpp"
#include "tests/config/loading.hpp"
#include "tests/config/temporary_dir.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

using namespace carillon;
using namespace carillon::test;

namespace {

std::filesystem::path root() {
  return std::filesystem::path(__FILE__).parent_path().parent_path().parent_path();
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// `CARILLON_REGENERATE=1` writes the generated files in place of comparing them.
void check_generated(const std::filesystem::path& path, const std::string& wanted) {
  if (std::getenv("CARILLON_REGENERATE"))
    std::ofstream(path, std::ios::binary) << wanted;
  INFO(path << " is out of date: run CARILLON_REGENERATE=1 build/release/tests/test_config");
  CHECK(read(path) == wanted);
}

} // namespace

TEST_CASE("check-config shows each value and where it came from", "[config]") {
  auto text = config::describe(load_ok("", {{"PORT", "9"}}, {{"log_level", "debug"}}));
  auto line = [&](const std::string& key) {
    auto at = text.find("\n" + key + " ");
    REQUIRE(at != std::string::npos);
    auto found = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
    std::string squeezed;
    for (char c : found)
      if (c != ' ' || squeezed.empty() || squeezed.back() != ' ')
        squeezed += c;
    return squeezed;
  };
  CHECK(line("server.port") == "server.port = 9 # environment PORT");
  CHECK(line("log_level") == "log_level = \"debug\" # flag --log-level");
  CHECK(line("server.tls_key") == "server.tls_key = (none) # default");
  CHECK(std::count(text.begin(), text.end(), '\n')
        == static_cast<long>(config::all_settings().size()));
}

TEST_CASE("check-config never shows a secret", "[config]") {
  const std::string secret = "hunter2";
  std::string key(64, 'a');
  key.replace(0, 4, "beef");
  auto text = config::describe(load_ok("", {{"JWT_SECRET", secret},
                                            {"STREAM_API_SECRET", secret},
                                            {"STREAM_TOKEN_KEY", key},
                                            {"TURN_PASSWORD", secret},
                                            {"TURN_SECRET", secret},
                                            {"DATABASE_URL", "postgresql://u:hunter2@h/d"}}));
  CHECK(text.find(secret) == std::string::npos);
  CHECK(text.find("beef") == std::string::npos);
  CHECK(text.find("\"postgresql://u:***@h/d\"") != std::string::npos);
  std::size_t set = 0;
  for (auto at = text.find("(set)"); at != std::string::npos; at = text.find("(set)", at + 1))
    ++set;
  CHECK(set == 5);
}

TEST_CASE("the example file is the one that the table gives", "[config]") {
  check_generated(root() / "config" / "carillon.example.toml", config::example_toml());
}

TEST_CASE("the example file with every line in use gives the defaults", "[config]") {
  temporary_dir dir;
  std::istringstream lines(config::example_toml());
  std::string used;
  std::size_t assignments = 0;
  for (std::string line; std::getline(lines, line);) {
    bool assignment = line.starts_with("# ") && line.find(" = ") != std::string::npos;
    assignments += assignment ? 1 : 0;
    used += (assignment ? line.substr(2) : line) + "\n";
  }
  CHECK(assignments == config::all_settings().size());
  auto config = load_ok(dir.file("c.toml", used));
  auto defaults = load_ok("");
  for (const auto& each : config::all_settings()) {
    INFO(each.key);
    CHECK(each.get(config.values) == each.get(defaults.values));
  }
}

TEST_CASE("the operators' page has the table of settings", "[config]") {
  const std::string begin = "<!-- settings: made by the tests of config -->\n";
  const std::string end = "<!-- end of settings -->";
  auto path = root() / "docs" / "operations.md";
  auto page = read(path);
  auto from = page.find(begin);
  auto to = page.find(end);
  REQUIRE(from != std::string::npos);
  REQUIRE(to != std::string::npos);
  from += begin.size();
  check_generated(path, page.substr(0, from) + config::settings_markdown() + page.substr(to));
}
