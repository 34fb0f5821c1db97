#include "persistence/op_codec.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"
#include "persistence/crc32.hpp"
#include "persistence/write_groups.hpp"

#include <memory>
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

/// A session of eight, as it is written when somebody joins.
call_record session(std::size_t number) {
  call_record call;
  call.id = nth_call(number);
  call.status = call_status::active;
  call.version = 9;
  call.created_at = noon();
  call.started_at = noon() + seconds{4};
  session_facts facts;
  facts.settings = R"({"isVideoEnabled":true,"isAudioEnabled":true,"isRecordingEnabled":false,)"
                   R"("allowScreenShare":true})";
  facts.metadata = "{}";
  call.part = session_part{std::make_shared<const session_facts>(facts), noon() + seconds{45}};
  for (std::uint64_t i = 0; i < 8; ++i) {
    participant one;
    one.user = nth_user(i);
    one.invited = invitation::accepted;
    one.device = device_id{"Xv3kQ8mLr1TzB5nWcYd0"};
    one.responded_at = one.joined_at = one.entered_at = noon() + seconds{2};
    call.people.push_back(one);
  }
  call.caller = call.people[0].user;
  return call;
}

std::vector<write_op> batch_of_sessions() {
  std::vector<write_op> ops;
  for (std::size_t i = 0; i < rows; ++i)
    ops.emplace_back(session(i));
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

void op_codec_encode_sessions(benchmark::State& state) {
  auto ops = batch_of_sessions();
  measure_rows(state, [&] { keep(persistence::encode_ops(ops)); });
}
BENCHMARK(op_codec_encode_sessions);

void op_codec_decode_sessions(benchmark::State& state) {
  auto bytes = persistence::encode_ops(batch_of_sessions());
  auto ops = persistence::decode_ops(bytes);
  if (!works(state, ops && ops->size() == rows, "the batch cannot be read"))
    return;
  measure_rows(state, [&] { keep(persistence::decode_ops(bytes)); });
}
BENCHMARK(op_codec_decode_sessions);

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
