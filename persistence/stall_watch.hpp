#pragma once

#include <chrono>

namespace carillon::persistence {

/// Ends what waits too long on a socket: shuts the socket down at a deadline, so that whoever reads
/// or writes it at that moment gets an error instead of nothing. libpq has no such bound: it waits
/// for an answer as long as the peer's machine keeps the connection up.
///
/// A part of one connection. One thread of the process, which lives as long as that, looks after
/// all of them; `begin` and `end` cost a lock and wake it only when it sleeps beyond the deadline.
/// The watch holds a descriptor of its own for the socket, so that it cannot hit another one that
/// got the number of a closed one. Used by one thread at a time.
class stall_watch {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// The deadline of what may take any time.
  static constexpr time_point never = time_point::max();

  /// For a connected socket, which stays the caller's. Throws `store_error` without descriptors.
  explicit stall_watch(int socket);
  ~stall_watch();
  stall_watch(const stall_watch&) = delete;
  stall_watch& operator=(const stall_watch&) = delete;

  /// From now on the socket is shut down when `deadline` passes.
  void begin(time_point deadline);

  /// The socket has all the time again. Whether it was shut down since the last `begin`.
  bool end();

private:
  class lookout;

  int socket_;                  ///< a duplicate
  time_point deadline_ = never; ///< guarded by the lookout's mutex, as `cut_`
  bool cut_ = false;
};

} // namespace carillon::persistence
