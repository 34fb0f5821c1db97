#include "protocol/channel.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"
#include "protocol/dialects/stream.hpp"
#include "protocol/stream_requests.hpp"

#include <string>

namespace carillon::micro {

namespace {

// What people type.
std::string usual_text() {
  return "I can hear you, but I cannot see you. Is your camera switched on, or is it mine?";
}

std::string message_data() {
  return R"({"channelId":")" + channel_name(the_call()) + R"(","text":")" + usual_text()
         + R"(","id":"5f0c2a44-9f5d-4d7e-8a36-1f1c0b9d2e77"})";
}

channel_record record() {
  channel_record out;
  out.call = the_call();
  out.created_by = alice().user;
  out.members = {alice().user, bob().user};
  out.created_at = noon();
  out.of_call = true;
  return out;
}

chat_message message() {
  return {the_call(), 1234,  "5f0c2a44-9f5d-4d7e-8a36-1f1c0b9d2e77", alice().user, usual_text(),
          {},         noon()};
}

// What one message costs its channel: the send, and that it is stored. The memory of ids is full.
void channel_message_said(benchmark::State& state) {
  channel machine{record()};
  std::uint64_t number = 0;
  auto from = alice();
  from.family = call_kind::stream;
  auto say = [&] {
    ++number;
    keep(machine.apply(command::send_message{from, the_call(), hex_id(number), usual_text(), {}},
                       number, {}, noon()));
    keep(machine.stored(number, store_verdict::written));
  };
  while (number <= channel::remembered_ids)
    say();
  if (!works(state, machine.idle(), "the message is not stored"))
    return;
  measure(state, say);
}
BENCHMARK(channel_message_said);

void channel_decode(benchmark::State& state) {
  auto text = message_data();
  auto who = alice();
  if (!works(state, stream::decode_event("sendMessage", text, who).ok(), "the event is refused"))
    return;
  measure(state, [&] {
    keep(text);
    keep(stream::decode_event("sendMessage", text, origin{who.user, who.device}));
  });
}
BENCHMARK(channel_decode);

void channel_encode_message(benchmark::State& state) {
  auto what = message();
  measure(state, [&] { keep(stream::encode_message(what)); });
}
BENCHMARK(channel_encode_message);

// What the mirror adds to a message before it is written.
void channel_mirror_request(benchmark::State& state) {
  auto what = message();
  measure(state, [&] { keep(stream::send_message(what)); });
}
BENCHMARK(channel_mirror_request);

} // namespace

} // namespace carillon::micro
