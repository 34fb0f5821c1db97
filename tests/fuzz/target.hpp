#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string_view>

/// What every fuzz target consists of: `check`, which one input goes through. libFuzzer calls it
/// with inputs of its own making, `replay.cpp` with the files of the corpus. An exception that
/// leaves it is a finding, and so is a requirement that does not hold.
namespace carillon::fuzz {

/// Defined by each target; `input` lives as long as the call.
void check(std::string_view input);

[[noreturn]] inline void fail(const char* what, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
  std::abort();
}

/// Whether the bytes of `part` are bytes of `whole`; an empty part points nowhere that matters.
inline bool is_inside(std::string_view part, std::string_view whole) {
  return part.empty()
         || (std::greater_equal<>{}(part.data(), whole.data())
             && std::less_equal<>{}(part.data() + part.size(), whole.data() + whole.size()));
}

/// Takes the part of `input` before the first `end`, which goes too; all of it when there is none.
inline std::string_view take_until(std::string_view& input, char end) {
  auto part = input.substr(0, input.find(end));
  input.remove_prefix(part.size() < input.size() ? part.size() + 1 : part.size());
  return part;
}

} // namespace carillon::fuzz

/// Ends the process, which the fuzzer reports together with the input, when `what` does not hold.
/// Unlike `assert` it is there in every build.
#define FUZZ_REQUIRE(what) ((what) ? void() : ::carillon::fuzz::fail(#what, __FILE__, __LINE__))
