#include "bench/store/sample_calls.hpp"

#include <cstdio>

namespace carillon::store_bench {

namespace {

// A bijection, so that no two calls get the same id.
std::uint64_t scattered(std::uint64_t n) {
  n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9u;
  n = (n ^ (n >> 27)) * 0x94d049bb133111ebu;
  return n ^ (n >> 31);
}

} // namespace

call_id nth_id(std::uint64_t n, time_point created) {
  char text[25];
  std::snprintf(text, sizeof text, "%08llx%016llx",
                static_cast<unsigned long long>(to_epoch_ms(created) / 1000),
                static_cast<unsigned long long>(scattered(n)));
  return call_id{std::string_view{text, 24}};
}

user_id nth_user(std::uint64_t n) {
  char text[25];
  std::snprintf(text, sizeof text, "65f0c0de%016llx",
                static_cast<unsigned long long>(scattered(n + 1)));
  return user_id{std::string_view{text, 24}};
}

call_record ringing(std::uint64_t n, const user_id& caller, const user_id& receiver,
                    time_point created) {
  call_record call;
  call.id = nth_id(n, created);
  call.caller = caller;
  call.direct().receiver = receiver;
  call.direct().type = n % 3 == 0 ? media_type::audio : media_type::video;
  call.version = 1;
  call.created_at = created;
  call.ring_deadline = created + seconds{45};
  return call;
}

call_record active(call_record call) {
  call.status = call_status::active;
  call.version = 2;
  call.started_at = call.created_at + milliseconds{3'210};
  call.ring_deadline.reset();
  return call;
}

call_record completed(call_record call) {
  call.status = call_status::completed;
  call.reason = end_reason::hung_up;
  call.version = 3;
  call.duration_s = 61;
  call.ended_by = call.caller;
  call.ended_at = *call.started_at + milliseconds{61'234};
  return call;
}

call_record missed(call_record call) {
  call.status = call_status::missed;
  call.reason = end_reason::no_answer;
  call.direct().missed = true;
  call.version = 2;
  call.ended_at = call.created_at + seconds{45};
  call.ring_deadline.reset();
  return call;
}

} // namespace carillon::store_bench
