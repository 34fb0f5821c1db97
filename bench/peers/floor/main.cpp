#include "bench/peers/floor/forwarder.hpp"

#include <charconv>
#include <exception>
#include <iostream>
#include <string_view>
#include <sys/resource.h>

namespace {

/// Each connection is a file descriptor, and the usual soft limit is 1024.
void raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace

/// carillon-floor PORT: serves until it is killed.
int main(int argc, char** argv) {
  std::string_view text = argc == 2 ? argv[1] : "";
  std::uint16_t port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
    std::cerr << "usage: carillon-floor PORT (0: any)\n";
    return 2;
  }
  raise_descriptor_limit();
  try {
    carillon::floor::forwarder server{port};
    std::cout << "listening on 127.0.0.1:" << server.port() << std::endl;
    for (;;)
      server.serve_once(-1);
  } catch (const std::exception& failure) {
    std::cerr << "carillon-floor: " << failure.what() << '\n';
    return 1;
  }
}
