#pragma once

#include "actors/call_waker.hpp"
#include "actors/fwd.hpp"
#include "actors/interfaces.hpp"
#include "protocol/clock.hpp"
#include "protocol/counters.hpp"
#include "protocol/event_log.hpp"
#include "protocol/fwd.hpp"
#include "protocol/ice_servers.hpp"

namespace carillon::actors {

/// What every actor needs of the others. Owned by the engine, outlives the actors; the handles are
/// set once, before the first call or session exists.
struct context {
  call_settings calls;
  ice_settings ice; ///< for who joins a session
  resume_limits resume;
  const clock& time;
  counters& counts;
  directory& lines;
  user_book& users;
  call_board& board;
  command_sink& door; ///< to submit a command again
  call_waker& waker;
  const stream_tokens& tokens;
  persistence_actor persistence;
  alarm_actor alarms;
  channel_book& channels;
  mirror_status* mirror; ///< never null
};

} // namespace carillon::actors
