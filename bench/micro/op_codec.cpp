#include "persistence/op_codec.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"
#include "persistence/crc32.hpp"
#include "persistence/write_groups.hpp"

#include <string>
#include <vector>

namespace carillon::micro {

namespace {

constexpr std::size_t rows = 500;

std::vector<write_op> batch() {
  std::vector<write_op> ops;
  for (std::size_t i = 0; i < rows; ++i)
    ops.emplace_back(ended_call(i));
  return ops;
}

/// Measures `step()`, which is about a whole batch; one iteration is one row of it.
template <class Step>
void measure_rows(benchmark::State& state, Step step) {
  step();
  allocation_meter meter;
  while (state.KeepRunningBatch(rows))
    step();
  meter.pause();
  meter.report(state);
}

void op_codec_encode(benchmark::State& state) {
  auto ops = batch();
  measure_rows(state, [&] { keep(persistence::encode_ops(ops)); });
}
BENCHMARK(op_codec_encode);

void op_codec_decode(benchmark::State& state) {
  auto bytes = persistence::encode_ops(batch());
  auto ops = persistence::decode_ops(bytes);
  if (!works(state, ops && ops->size() == rows, "the batch cannot be read"))
    return;
  measure_rows(state, [&] { keep(persistence::decode_ops(bytes)); });
}
BENCHMARK(op_codec_decode);

void crc32_of_batch(benchmark::State& state) {
  auto bytes = persistence::encode_ops(batch());
  measure_rows(state, [&] {
    keep(bytes);
    keep(persistence::crc32(bytes));
  });
}
BENCHMARK(crc32_of_batch);

void split_into_groups(benchmark::State& state) {
  auto ops = batch();
  measure_rows(state, [&] { keep(persistence::split_into_groups(ops)); });
}
BENCHMARK(split_into_groups);

} // namespace

} // namespace carillon::micro
