#pragma once

#include "actors/interfaces.hpp"
#include "protocol/ids.hpp"

#include <vector>

namespace carillon::actors {

/// Whom the actor of a video call that stops because the call is at rest hands on what it gets no
/// more to. Implemented by the door; thread-safe.
class call_waker {
public:
  virtual ~call_waker() = default;

  /// Nothing more will reach the actor of `id`. `late`, in order, came after the directory's
  /// `rest`: the call is woken for it, and for what was sent since.
  virtual void rested(const call_id& id, std::vector<call_message> late) = 0;
};

} // namespace carillon::actors
