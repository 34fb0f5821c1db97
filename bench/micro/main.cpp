#include "bench/micro/allocations.hpp"
#include "config/log.hpp"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <thread>

int main(int argc, char** argv) {
  if (!carillon::micro::count_openssl()) {
    std::fputs("carillon-micro: OpenSSL's allocations cannot be counted\n", stderr);
    return 1;
  }
  // The library counts references without atomics until the first thread is made; the server has
  // many.
  std::thread{[] {}}.join();
  carillon::log::set_level(carillon::log::level::off);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
