#include "persistence/write_batch.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"

namespace carillon::micro {

namespace {

/// As many as a batch takes.
constexpr std::size_t rows = 500;

// One iteration is one row; the batch is taken whenever it is full.
void write_batch_fill(benchmark::State& state) {
  persistence::write_batch batch{{rows, 1 << 20, milliseconds{5}}};
  std::uint64_t number = 0;
  measure_prepared(
      state, rows, [&] { return write_op{ended_call(number++)}; },
      [&](write_op& op) {
        keep(batch.add(std::move(op), noon()));
        if (batch.full())
          keep(batch.take());
      });
}
BENCHMARK(write_batch_fill);

// The same calls again and again: the later version takes the place of the earlier one.
void write_batch_collapse(benchmark::State& state) {
  persistence::write_batch batch{{rows + 1, 1 << 20, milliseconds{5}}};
  std::uint64_t number = 0;
  measure_prepared(
      state, rows,
      [&] {
        auto record = ended_call(number % rows);
        record.version = static_cast<std::uint32_t>(number++ / rows);
        return write_op{std::move(record)};
      },
      [&](write_op& op) { keep(batch.add(std::move(op), noon())); });
}
BENCHMARK(write_batch_collapse);

} // namespace

} // namespace carillon::micro
