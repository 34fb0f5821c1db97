#include "persistence/open.hpp"

#include "persistence/database_url.hpp"
#include "persistence/postgres_store.hpp"
#include "persistence/sqlite_store.hpp"

#include <system_error>

namespace carillon::persistence {

namespace {

result<std::shared_ptr<store_factory>> open_sqlite_url(const std::string& url) {
  auto file = sqlite_file(url);
  if (!file)
    return file.error();
  if (const auto folder = file->parent_path(); !folder.empty()) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
      return failure{error_code::store_unavailable,
                     "cannot make " + folder.string() + ": " + error.message()};
  }
  return sqlite_stores(std::move(*file));
}

} // namespace

result<std::shared_ptr<store_factory>> open_store(const std::string& url) {
  try {
    if (is_sqlite_url(url))
      return open_sqlite_url(url);
    if (is_postgres_url(url)) {
      if (auto usable = check_postgres_url(url); !usable)
        return usable.error();
      return postgres_stores(url);
    }
    return failure{error_code::internal, "database.url is neither sqlite:… nor postgresql://…"};
  } catch (const std::exception& e) {
    return failure{error_code::internal, e.what()};
  }
}

} // namespace carillon::persistence
