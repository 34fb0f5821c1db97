#pragma once

#include "tests/protocol/simulated_clients.hpp"

namespace carillon::test {

/// The clients of a video call's users and of others: over REST and sockets they send commands
/// without sense.
class video_clients final : public simulated_clients {
public:
  video_clients(call_id call, dice& random);

  /// What the call is created with; before anything is sent.
  void know(video_facts_ptr facts) { facts_ = std::move(facts); }

private:
  call_command invent(const std::vector<simulated_user>& users) override;
  call_command something_of_others(origin by);
  origin somebody(const std::vector<simulated_user>& users);

  video_facts_ptr facts_;
  unsigned over_rest_; ///< of 100 commands
};

} // namespace carillon::test
