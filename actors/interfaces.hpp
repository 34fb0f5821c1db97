#pragma once

#include "protocol/call.hpp"
#include "protocol/channel.hpp"
#include "protocol/client_link.hpp"
#include "protocol/command_sink.hpp"
#include "protocol/record_store.hpp"
#include "protocol/relay_permit.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <vector>

/// Every actor's messages. None of them leaves the node, which is why they are marked as unsafe for
/// serialization: what crosses nodes gets message types of its own.
namespace carillon::actors {

// -- call --------------------------------------------------------------------

struct call_message {
  call_command cmd;
  reply_to reply;
}; ///< one step of the machine
/// This version of the record is durable; or (refused) the store can never take it.
struct committed {
  std::uint32_t version;
  bool refused = false;
  bool spooled = false; ///< on disk, and not in the store yet
};
struct wake {};       ///< a deadline may be due
struct close_down {}; ///< nothing more will come: quit
struct tell_timeline {
  reply_to reply;
}; ///< an operator looks: a `timeline_answer`

using call_actor = caf::typed_actor<caf::reacts_to<call_message>, caf::reacts_to<committed>,
                                    caf::reacts_to<wake>, caf::reacts_to<close_down>,
                                    caf::reacts_to<tell_timeline>>;

// -- user session ------------------------------------------------------------

struct attach_device {
  device_id fresh;
  client_link_ptr link;
  std::optional<resume_request> resume;
  reply_to reply;
};
struct detach_device {
  const client_link* link = nullptr;
  bool may_resume = false;
};
struct look_after {}; ///< lost devices and kept events may have had their time
/// News of a call for this user: first the summary, then the events, then (gone) forget the call.
/// Without a call handle: only the events.
struct deliver {
  call_actor call;
  call_summary summary;
  std::vector<addressed_event> events;
  bool gone = false;
  std::vector<relay_permit_ptr> opens; ///< permits to relay to this user: open behind all this
  relay_permit_ptr grants = nullptr;   ///< a permit for the user's own device
  std::shared_ptr<const void> introduces = nullptr; ///< let go once this was handled
};

using user_session_actor =
    caf::typed_actor<caf::reacts_to<attach_device>, caf::reacts_to<detach_device>,
                     caf::reacts_to<look_after>, caf::reacts_to<deliver>>;

// -- shutdown ----------------------------------------------------------------

struct tick {};
struct begin_shutdown {
  std::shared_ptr<std::promise<void>> done;
};                 ///< fulfilled when all have to end
struct flushed {}; ///< everything put is durable
using shutdown_actor =
    caf::typed_actor<caf::reacts_to<begin_shutdown>, caf::reacts_to<flushed>, caf::reacts_to<tick>>;

// -- channel -----------------------------------------------------------------

/// What a channel begins with.
struct channel_state {
  std::optional<channel_record> record; ///< none: neither a channel nor a call
  std::uint64_t last_seq = 0;
};

struct channel_message {
  channel_command cmd;
  reply_to reply;
}; ///< one step of the machine
/// What the store knows of the channel; a failure, and the waiting commands are refused with it.
struct channel_loaded {
  std::shared_ptr<const result<channel_state>> what;
};
struct message_stored {
  std::uint64_t token; ///< the message's place; 0: the channel's row
  store_verdict verdict;
};
/// What the store has under an id that was there already.
struct first_found {
  channel_outcome::lookup asked;
  std::shared_ptr<const result<std::optional<chat_message>>> what;
};
/// The channel's call has ended, or concerns more people (video); the whole of it each time.
struct call_news {
  std::vector<user_id> members;
  std::optional<time_point> ended_at;
};

using channel_actor =
    caf::typed_actor<caf::reacts_to<channel_message>, caf::reacts_to<channel_loaded>,
                     caf::reacts_to<message_stored>, caf::reacts_to<first_found>,
                     caf::reacts_to<call_news>, caf::reacts_to<look_after>>;

// -- persistence -------------------------------------------------------------

/// Write `op`; then tell the call, or answer, whichever is set. A message that changes nothing is
/// answered with `message_id_taken`.
struct put {
  write_op op;
  call_actor who;
  std::uint32_t version = 0;
  reply_to reply;
  std::vector<write_op> with{}; ///< in the same transaction; entries of the outbox get their position
  bool may_wait = false; ///< about a second, for a batch between the others; nobody is told
};

/// A read, run on a reader's thread when everything put before it is committed. `fail` is called
/// instead when the store is away.
struct read_job {
  std::function<void(record_store&)> run;
  std::function<void(const failure&)> fail;
};
using read_job_ptr = std::shared_ptr<const read_job>;

struct read {
  read_job_ptr job;
};
struct flush {
  shutdown_actor who;
}; ///< write at once; tell when all is durable
struct sweep {
  time_point before;
};                    ///< delete old calls, batch by batch
struct batch_tick {}; ///< the open batch may be due
struct spare_tick {}; ///< what may wait has waited
struct batch_done {
  std::shared_ptr<const result<std::vector<bool>>>
      what; ///< for each op, whether it changed anything
  bool spooled = false;
  std::vector<std::size_t> refused; ///< ops that can never be written
};
struct replayed {
  bool empty = false;
}; ///< what is left of the spool

using persistence_actor =
    caf::typed_actor<caf::reacts_to<put>, caf::reacts_to<read>, caf::reacts_to<flush>,
                     caf::reacts_to<sweep>, caf::reacts_to<batch_tick>, caf::reacts_to<spare_tick>,
                     caf::reacts_to<batch_done>,
                     caf::reacts_to<replayed>>;

/// The writer: one thread of its own, one transaction at a time.
using batch_ptr = std::shared_ptr<const std::vector<write_op>>;
struct write_order {
  batch_ptr ops;
  persistence_actor from;
};
struct replay_order {
  persistence_actor from;
};
using writer_actor = caf::typed_actor<caf::reacts_to<write_order>, caf::reacts_to<replay_order>,
                                      caf::reacts_to<sweep>>;

/// A reader: one thread and one connection of its own.
using reader_actor = caf::typed_actor<caf::reacts_to<read>>;

// -- housekeeping ------------------------------------------------------------

struct fire {
  std::shared_ptr<struct alarm_slot> slot;
};
using alarm_actor = caf::typed_actor<caf::reacts_to<fire>>;

using janitor_actor = caf::typed_actor<caf::reacts_to<tick>>;

} // namespace carillon::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::call_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::committed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::wake)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::close_down)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::tell_timeline)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::attach_device)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::detach_device)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::look_after)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::deliver)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::channel_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::channel_loaded)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::message_stored)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::first_found)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::call_news)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::put)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::read)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::flush)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::sweep)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::batch_tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::spare_tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::batch_done)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::replayed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::write_order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::replay_order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::fire)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::begin_shutdown)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(carillon::actors::flushed)
