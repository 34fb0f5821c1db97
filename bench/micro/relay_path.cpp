#include "actors/engine.hpp"
#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"
#include "net/outbox.hpp"
#include "persistence/open.hpp"
#include "protocol/dialects/direct.hpp"
#include "protocol/engine_io.hpp"
#include "protocol/relay_permit.hpp"
#include "protocol/socket_io.hpp"

#include <caf/actor_system.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>

namespace carillon::micro {

namespace {

/// A device without a socket: what is for it goes through its outbox.
class loose_device final : public client_link, public responder {
public:
  using client_link::offer;
  void offer(const wire_event_ptr& event) noexcept override {
    ++events;
    keep(out_.push(event->socket_io()));
    keep(out_.pop());
  }
  void close(close_reason) noexcept override {}
  void set_in_call(bool) noexcept override {}
  void grant(relay_permit_ptr granted) noexcept override { permit = std::move(granted); }
  void answer(std::uint64_t, result<reply_value> what) noexcept override { last = std::move(what); }

  std::uint64_t events = 0;
  std::optional<result<reply_value>> last;
  relay_permit_ptr permit;

private:
  net::outbox out_{256, 1 << 20};
};

/// Who sends in the words of a family.
origin in_words_of(call_kind family, origin who) {
  who.family = family;
  return who;
}

/// All actors on a store of their own, driven by hand, with an active call of Alice and Bob.
class house {
public:
  explicit house(call_kind kind = call_kind::direct) {
    std::filesystem::create_directories(dir_);
    actors::engine_settings how;
    how.where = actors::scheduling::virtual_time;
    actors::engine_parts parts;
    auto stores = persistence::open_store("sqlite:" + (dir_ / "micro.db").string());
    if (!stores)
      return;
    parts.stores = *stores;
    parts.spool = dir_ / "spool";
    parts.time = &time_;
    parts.counts = &counts_;
    engine_.emplace(how, parts);
    if (!engine_->start())
      return;
    enter(alice(), from);
    enter(bob(), to);
    if (kind == call_kind::direct)
      ring();
    else
      gather();
    working = last(to) && std::holds_alternative<call_view>(*last(to)) && from->permit;
  }

  ~house() {
    if (engine_)
      engine_->stop();
    engine_.reset();
    std::filesystem::remove_all(dir_);
  }

  /// Submits a command of `who` and lets everything run that follows from it at once.
  void submit(client_command what, const std::shared_ptr<loose_device>& who) {
    engine_->sink().submit(std::move(what), {who, 1});
    jobs().run();
  }

  std::shared_ptr<loose_device> from = std::make_shared<loose_device>();
  std::shared_ptr<loose_device> to = std::make_shared<loose_device>();
  call_id call;
  bool working = false;

private:
  caf::scheduler::test_coordinator& jobs() {
    auto& system = *static_cast<caf::actor_system*>(engine_->system_for_tests());
    return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  }

  void ring() {
    submit(command::initiate{alice(), bob().user, media_type::video}, from);
    take_id();
    submit(command::accept{bob(), call}, to);
    settle();
  }

  void gather() {
    session_facts facts;
    facts.settings = facts.metadata = "{}";
    auto a = in_words_of(call_kind::session, alice());
    auto b = in_words_of(call_kind::session, bob());
    submit(command::gather{a, {b.user}, std::move(facts)}, from);
    take_id();
    submit(command::join{a, call, {}}, from);
    submit(command::join{b, call, {}}, to);
    settle();
  }

  void take_id() {
    settle();
    if (auto* view = last(from) ? std::get_if<call_view>(last(from)) : nullptr)
      call = view->call.id;
  }

  /// Lets the batch with the last records be written.
  void settle() {
    jobs().run();
    jobs().advance_time(milliseconds{10});
    jobs().run();
  }

  static reply_value* last(const std::shared_ptr<loose_device>& who) {
    return who->last && *who->last ? &who->last->value() : nullptr;
  }

  void enter(const origin& as, const std::shared_ptr<loose_device>& who) {
    auto& sink = engine_->sink();
    sink.seen({as.user, record_of(as.user)->profile}, {who, 1});
    settle();
    auto* user = last(who) ? std::get_if<user_ptr>(last(who)) : nullptr;
    if (user)
      sink.attach(*user, as.device, who, std::nullopt, {who, 1});
    jobs().run();
  }

  std::filesystem::path dir_ =
      std::filesystem::temp_directory_path() / ("carillon-micro-" + std::to_string(::getpid()));
  clock time_{clock::monotonic::time_point{}, noon()};
  counters counts_;
  std::optional<actors::engine> engine_;
};

// One message of Alice through the actors, from the command to Bob's outbox.
void relay_through_actors(benchmark::State& state, call_kind family, relay_kind kind) {
  house h{family};
  if (!works(state, h.working, "there is no call"))
    return;
  auto before = h.to->events;
  std::uint64_t sent = 0;
  measure_prepared(
      state, usual_batch,
      [&] {
        return client_command{command::relay{in_words_of(family, alice()), h.call, bob().user, kind,
                                             payload_of(kind)}};
      },
      [&](client_command& what) {
        h.submit(std::move(what), h.from);
        ++sent;
      });
  static_cast<void>(works(state, h.to->events - before == sent, "messages were lost"));
}
BENCHMARK_CAPTURE(relay_through_actors, candidate, call_kind::direct, relay_kind::candidate);
BENCHMARK_CAPTURE(relay_through_actors, offer, call_kind::direct, relay_kind::offer);
BENCHMARK_CAPTURE(relay_through_actors, session_candidate, call_kind::session,
                  relay_kind::candidate);

// The same under a permit, past the actors.
void relay_by_permit(benchmark::State& state, call_kind family) {
  house h{family};
  if (!works(state, h.working, "there is no call"))
    return;
  auto payload = candidate_json();
  auto before = h.to->events;
  std::uint64_t sent = 0;
  measure(state, [&] {
    keep(h.from->permit->relay({bob().user.str()}, relay_kind::candidate, payload, noon()));
    ++sent;
  });
  static_cast<void>(works(state, h.to->events - before == sent, "messages were lost"));
}
BENCHMARK_CAPTURE(relay_by_permit, direct, call_kind::direct);
BENCHMARK_CAPTURE(relay_by_permit, session, call_kind::session);

// All of it but the sockets: from the text that Alice's WebSocket read to the frame in Bob's
// outbox.
void relay_from_text_to_frame(benchmark::State& state) {
  house h;
  if (!works(state, h.working, "there is no call"))
    return;
  auto text = R"(42["sendIceCandidate",{"to":")" + bob().user.str() + R"(","candidate":)"
              + candidate_json() + R"(,"callId":")" + h.call.str() + "\"}]";
  auto before = h.to->events;
  std::uint64_t sent = 0;
  auto who = alice();
  const decode_limits limits;
  measure(state, [&] {
    keep(text);
    auto outer = engine_io::decode(text);
    auto packet = socket_io::decode(outer->data);
    auto event = socket_io::split_event(packet->payload);
    auto what =
        direct::decode_event(event->name, event->first, origin{who.user, who.device}, limits);
    h.submit(*std::move(what), h.from);
    ++sent;
  });
  static_cast<void>(works(state, h.to->events - before == sent, "messages were lost"));
}
BENCHMARK(relay_from_text_to_frame);

} // namespace

} // namespace carillon::micro
