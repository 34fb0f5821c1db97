#include "bench/store/database.hpp"

#include "persistence/database_url.hpp"
#include "persistence/open.hpp"
#include "persistence/postgres_session.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace carillon::store_bench {

namespace {

using persistence::postgres_access;
using persistence::postgres_session;

// Vacuuming takes its time.
constexpr std::chrono::minutes patience{10};

std::string run(const std::string& url, const std::string& sql) {
  std::string value;
  postgres_session{url, patience}.read([&](postgres_access& db) {
    const auto rows = db.script(sql);
    if (rows.size() > 0)
      value = rows[0].text(0);
  });
  return value;
}

} // namespace

void give_up(const std::string& why) {
  std::fprintf(stderr, "carillon-store: %s\n", why.c_str());
  std::exit(1);
}

database::database(const std::string& url)
  : base_(url) {
  static int made = 0;
  const auto name = "carillon_bench_" + std::to_string(::getpid()) + "_" + std::to_string(++made);
  if (!persistence::is_postgres_url(url)) {
    directory_ = std::filesystem::temp_directory_path() / name;
    std::filesystem::create_directories(directory_);
    url_ = "sqlite:" + (directory_ / "carillon.db").string();
    return;
  }
  run(url, "CREATE SCHEMA " + name);
  schema_ = name;
  const auto* join = url.find('?') == std::string::npos ? "?" : "&";
  url_ = url + join + "options=-csearch_path%3D" + name;
}

database::~database() {
  try {
    if (is_postgres())
      run(base_, "DROP SCHEMA " + schema_ + " CASCADE");
    else
      std::filesystem::remove_all(directory_);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "carillon-store: something is left: %s\n", e.what());
  }
}

std::shared_ptr<store_factory> database::stores() const {
  auto stores = persistence::open_store(url_);
  if (!stores)
    give_up(stores.error().message());
  return *stores;
}

std::unique_ptr<record_store> database::open() const {
  auto store = stores()->open();
  if (!store)
    give_up(store.error().message());
  if (auto migrated = (*store)->migrate(); !migrated)
    give_up(migrated.error().message());
  return std::move(*store);
}

std::string database::script(const std::string& sql) const { return run(url_, sql); }

} // namespace carillon::store_bench
