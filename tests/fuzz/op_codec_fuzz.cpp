// Batches as the spool keeps them: an input is the bytes of one.

#include "persistence/op_check.hpp"
#include "persistence/op_codec.hpp"

#include "config/log.hpp"
#include "tests/fuzz/target.hpp"

namespace carillon::fuzz {

void check(std::string_view input) {
  using namespace carillon::persistence;
  log::set_level(log::level::off); // a word of another version is logged
  auto ops = decode_ops(input);
  if (!ops)
    return;
  // No op is shorter than this, so that few bytes cannot become many ops.
  FUZZ_REQUIRE(ops->size() * 9 <= input.size());
  auto bytes = encode_ops(*ops);
  FUZZ_REQUIRE(bytes.size() <= input.size() + 8 * ops->size());
  auto again = decode_ops(bytes);
  FUZZ_REQUIRE(again && again->size() == ops->size());
  FUZZ_REQUIRE(encode_ops(*again) == bytes);
  for (const auto& op : *ops) {
    auto subject = subject_of(op);
    FUZZ_REQUIRE(!subject.empty() && subject.size() < 1024);
    auto why = why_unstorable(op);
    FUZZ_REQUIRE(!why || !why->empty());
  }
}

} // namespace carillon::fuzz
