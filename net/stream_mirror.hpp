#pragma once

#include "net/stream_client.hpp"
#include "protocol/mirror_lanes.hpp"
#include "protocol/mirror_status.hpp"
#include "protocol/record_store.hpp"

#include <memory>

namespace carillon::net {

/// Brings the outbox to Stream: a thread of its own with a connection of its own to the store and
/// one `io_context`, on which a `mirror_loop` runs. Nobody waits for it.
class stream_mirror {
public:
  stream_mirror(stream_client_settings how, mirror_patience patience,
                std::shared_ptr<store_factory> stores, std::shared_ptr<mirror_status> status);
  ~stream_mirror(); ///< stops

  /// Starts the thread; the failure of `stream_client::make`. The store may be away.
  status start();

  /// Gives up what is under way (it is sent again after the next start) and writes what is over.
  /// About a second at most: a thread that hangs in the store is left to itself. Idempotent.
  void stop();

private:
  struct impl;
  std::shared_ptr<impl> impl_; ///< shared with the thread
};

} // namespace carillon::net
