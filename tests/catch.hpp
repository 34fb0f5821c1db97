#pragma once

// Catch2 under either of its major versions: Debian 12 has 2, Debian 13 and Ubuntu 24.04 have 3.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
