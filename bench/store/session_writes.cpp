#include "bench/store/session_writes.hpp"

#include "bench/store/cost.hpp"
#include "bench/store/sample_calls.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace carillon::store_bench {

namespace {

constexpr std::uint64_t people = 8;
constexpr int steps = 1 + 3 * static_cast<int>(people) + 1;

session_facts_ptr facts() {
  static const auto made = [] {
    session_facts facts;
    facts.settings = R"({"isVideoEnabled":true,"isAudioEnabled":true,"isRecordingEnabled":false,)"
                     R"("allowScreenShare":true})";
    facts.metadata = R"({"title":"Weekly round","tags":["team","weekly"]})";
    return std::make_shared<const session_facts>(facts);
  }();
  return made;
}

call_record opened(std::uint64_t n, std::uint64_t first_user) {
  call_record call;
  const auto created = from_epoch_ms(1'700'000'000'000) + seconds{static_cast<std::int64_t>(n)};
  call.id = nth_id(n, created);
  call.status = call_status::waiting;
  call.version = 1;
  call.created_at = created;
  call.ring_deadline = created + seconds{45};
  call.part = session_part{facts(), created + seconds{45}};
  for (std::uint64_t i = 0; i < people; ++i) {
    participant one;
    one.user = nth_user(first_user + i);
    one.version = 1;
    call.people.push_back(one);
  }
  call.caller = call.people[0].user;
  call.people[0].role = participant_role::initiator;
  call.people[0].invited = invitation::none;
  return call;
}

// What the session looks like after so many steps of its life.
call_record after(call_record call, int step) {
  const auto when = [&](int s) { return call.created_at + milliseconds{s * 700}; };
  for (int s = 1; s <= step && s < steps - 1; ++s) {
    auto& one = call.people[static_cast<std::size_t>(s - 1) % people];
    one.version = ++call.version;
    if (s <= static_cast<int>(people)) {
      one.invited = invitation::accepted;
      one.responded_at = one.joined_at = one.entered_at = when(s);
      one.device = device_id{"Xv3kQ8mLr1TzB5nWcYd0"};
      one.media = one.ever = {true, true, false};
      if (s == 2) {
        call.started_at = when(s);
        call.status = call_status::active;
        call.ring_deadline.reset();
        call.call_deadline = when(s) + seconds{3600};
      }
    } else if (s <= 2 * static_cast<int>(people)) {
      one.media.sharing = !one.media.sharing;
      one.ever.sharing = true;
    } else {
      one.present = when(s) - *one.entered_at;
      one.entered_at.reset();
      one.left_at = when(s);
    }
  }
  if (step == steps - 1) {
    ++call.version;
    call.status = call_status::ended;
    call.reason = end_reason::last_left;
    call.ended_at = when(step);
    call.duration_s = 20;
    call.call_deadline.reset();
  }
  return call;
}

quality_sample sample_of(const call_record& call, int step) {
  quality_sample sample;
  sample.call = call.id;
  sample.user = call.people[static_cast<std::size_t>(step) % people].user;
  sample.at = call.created_at + milliseconds{step * 700};
  sample.rtt_ms = 80.5;
  sample.jitter_ms = 7;
  sample.packet_loss = 0.5;
  sample.bitrate_kbps = 1'200;
  sample.mos = mos_of(sample);
  return sample;
}

void write(record_store& store, const std::vector<write_op>& ops) {
  if (!store.write(ops))
    give_up("a batch was not written");
}

template <class Ask>
void print_time(const database& where, const char* name, Ask ask) {
  std::vector<double> took;
  for (int i = 0; i < 21; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    if (!ask())
      give_up("a question was not answered");
    const std::chrono::duration<double, std::milli> ms = std::chrono::steady_clock::now() - begin;
    took.push_back(ms.count());
  }
  std::sort(took.begin(), took.end());
  std::printf("%-10s %-30s median %8.3f ms\n", where.is_postgres() ? "PostgreSQL" : "SQLite", name,
              took[took.size() / 2]);
}

} // namespace

void measure_session_writes(database& where, int sessions, int in_batch) {
  auto store = where.open();
  const auto spent = cost_of(where, [&] {
    for (int first = 0; first < sessions; first += in_batch) {
      for (int step = 0; step < steps; ++step) {
        std::vector<write_op> ops;
        for (int n = first; n < std::min(first + in_batch, sessions); ++n) {
          const auto number = static_cast<std::uint64_t>(n);
          ops.emplace_back(after(opened(number, number * people % 2'000), step));
          if (step > static_cast<int>(people) && step < steps - 1)
            ops.emplace_back(sample_of(std::get<call_record>(ops.back()), step));
        }
        write(*store, ops);
      }
    }
  });
  store.reset(); // PostgreSQL counts rows when a connection ends
  char name[80];
  std::snprintf(name, sizeof name, "%d sessions of 8 a batch", in_batch);
  print(where, name, "session", sessions, spent);
}

void measure_session_pages(database& where, int sessions) {
  auto store = where.open();
  const auto user = nth_user(0);
  std::vector<write_op> ops;
  for (int n = 0; n < sessions; ++n) {
    // The user is in each of them, the others hardly ever.
    auto call = after(opened(static_cast<std::uint64_t>(n), 1 + static_cast<std::uint64_t>(n) * 7),
                      steps - 1);
    call.people[0].user = user;
    call.caller = user;
    ops.emplace_back(std::move(call));
    if (ops.size() == 500 || n + 1 == sessions) {
      write(*store, ops);
      ops.clear();
    }
  }
  if (where.is_postgres())
    where.script("VACUUM ANALYZE");
  std::printf("%d sessions of one user\n", sessions);
  query::sessions what{user, {}, 1, 20};
  print_time(where, "first page", [&] { return store->sessions(what).ok(); });
  what.page = sessions / 40;
  print_time(where, "page in the middle", [&] { return store->sessions(what).ok(); });
  what.status = call_status::ended;
  print_time(where, "the same of ended ones", [&] { return store->sessions(what).ok(); });
  const auto begin = from_epoch_ms(1'700'000'000'000);
  print_time(where, "use, all of them",
             [&] { return store->usage(user, begin, begin + seconds{sessions}).ok(); });
}

} // namespace carillon::store_bench
