#include "protocol/engine_io.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"
#include "net/polling_payload.hpp"

#include <memory>
#include <string>

namespace carillon::micro {

namespace {

void engine_io_decode(benchmark::State& state) {
  auto text = "42[\"sendIceCandidate\"," + relay_data(relay_kind::candidate) + "]";
  measure(state, [&] {
    keep(text);
    keep(engine_io::decode(text));
  });
}
BENCHMARK(engine_io_decode);

void engine_io_encode_open(benchmark::State& state) {
  engine_io::handshake what;
  what.sid = alice().device.str();
  measure(state, [&] { keep(engine_io::encode_open(what)); });
}
BENCHMARK(engine_io_encode_open);

// A call's candidates as long-polling carries them: as many packets as fit into one request.
void polling_payload_read(benchmark::State& state) {
  std::string body;
  for (int i = 0; i < state.range(0); ++i)
    body += (i == 0 ? "" : "\x1e") + ("42" + candidate_json());
  measure(state, [&] {
    keep(body);
    net::payload_reader packets{body};
    while (auto next = packets.next())
      keep(next);
  });
}
BENCHMARK(polling_payload_read)->Arg(1)->Arg(20);

void polling_payload_take(benchmark::State& state) {
  auto frame = std::make_shared<const std::string>("42" + candidate_json());
  net::outbox waiting{0, 0};
  measure(state, [&] {
    for (int i = 0; i < state.range(0); ++i)
      keep(waiting.push(frame));
    keep(net::take_payload(waiting));
  });
}
BENCHMARK(polling_payload_take)->Arg(1)->Arg(20);

} // namespace

} // namespace carillon::micro
