#include "bench/micro/inputs.hpp"

#include "protocol/json_writer.hpp"

#include <memory>

namespace carillon::micro {

namespace {

constexpr std::size_t sdp_bytes = 2048;

} // namespace

std::string hex_id(std::uint64_t number) {
  // Spread over all digits, so that neither hashing nor comparing has it easier than in real life.
  auto spread = (number + 1) * 0x9E37'79B9'7F4A'7C15U;
  std::string text(24, '0');
  for (std::size_t i = 0; i < 8; ++i)
    text[i] = "0123456789abcdef"[(number >> (4 * (7 - i))) & 15];
  for (std::size_t i = 8; i < 24; ++i)
    text[i] = "0123456789abcdef"[(spread >> (4 * (23 - i))) & 15];
  return text;
}

user_id nth_user(std::uint64_t number) { return user_id{hex_id(number)}; }

call_id nth_call(std::uint64_t number) { return call_id{hex_id(number + 0x6000'0000)}; }

origin alice() { return {nth_user(1), device_id{"Xv3kQ8mLr1TzB5nWcYd0"}}; }

origin bob() { return {nth_user(2), device_id{"p7HsJ2gKfE9uRtM4oAq6"}}; }

call_id the_call() { return nth_call(0); }

time_point noon() { return from_epoch_ms(1'760'000'000'000); }

user_ptr record_of(const user_id& user) {
  user_record record;
  record.id = user;
  record.profile = {"Alice Example", "alice.example@mail.example",
                    "https://images.example/avatars/0123456789.png", "member"};
  record.claimed = record.profile;
  record.created_at = record.updated_at = noon();
  return std::make_shared<const user_record>(std::move(record));
}

call_record ended_call(std::uint64_t number) {
  call_record call;
  call.id = nth_call(number);
  call.caller = nth_user(2 * number);
  call.part = direct_part{nth_user(2 * number + 1), media_type::video};
  call.status = call_status::completed;
  call.reason = end_reason::hung_up;
  call.version = 3;
  call.duration_s = 125;
  call.ended_by = call.caller;
  call.created_at = noon();
  call.started_at = noon() + seconds{4};
  call.ended_at = noon() + seconds{129};
  return call;
}

std::string candidate_json() {
  return R"({"candidate":"candidate:842163049 1 udp 1677729535 198.51.100.7 46154 typ srflx )"
         R"(raddr 10.0.17.1 rport 51482 generation 0 ufrag EEtu network-id 1 network-cost 999",)"
         R"("sdpMid":"0","sdpMLineIndex":0})";
}

std::string sdp_json(std::string_view type) {
  std::string sdp = "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
                    "a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\n"
                    "a=ice-ufrag:EEtu\r\na=ice-pwd:bP+XJMM09aR8AiX1jdukzR6Y\r\n"
                    "a=fingerprint:sha-256 49:66:12:17:0D:1C:91:AE:57:4C:C6:36:DD:D5:97:D2\r\n";
  while (sdp.size() < sdp_bytes - 64)
    sdp += "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n";
  json::writer out;
  out.begin_object().field("type", type).field("sdp", std::string_view{sdp}).end_object();
  return std::move(out).take();
}

std::string payload_of(relay_kind kind) {
  return kind == relay_kind::candidate ? candidate_json()
         : kind == relay_kind::offer   ? sdp_json("offer")
                                       : sdp_json("answer");
}

std::string relay_data(relay_kind kind) {
  auto field = kind == relay_kind::candidate ? "candidate"
               : kind == relay_kind::offer   ? "offer"
                                             : "answer";
  json::writer out;
  out.begin_object().field("to", bob().user.str()).key(field).raw(payload_of(kind));
  out.field("callId", the_call().str()).end_object();
  return std::move(out).take();
}

} // namespace carillon::micro
