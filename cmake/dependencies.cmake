# Third-party libraries from the distribution's packages, each as one target that the folder which may
# use it links privately. The names work on Debian 12, Debian 13 and Ubuntu 24.04.

find_package(PkgConfig REQUIRED)

pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(PQXX REQUIRED IMPORTED_TARGET libpqxx)
find_package(simdjson REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Boost 1.74 REQUIRED)

# Optional: an allocator that takes less time for what one thread allocates and another one frees.
pkg_check_modules(JEMALLOC IMPORTED_TARGET jemalloc)

# CAF's package has neither a CMake nor a pkg-config file.
find_path(CAF_INCLUDE_DIR caf/actor_system.hpp REQUIRED)
find_library(CAF_CORE_LIBRARY caf_core REQUIRED)
add_library(CAF::core UNKNOWN IMPORTED)
set_target_properties(CAF::core PROPERTIES IMPORTED_LOCATION "${CAF_CORE_LIBRARY}"
                                           INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}")
