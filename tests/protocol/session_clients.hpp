#pragma once

#include "tests/protocol/simulated_clients.hpp"

namespace carillon::test {

/// The clients of a session's users and a stranger.
class session_clients final : public simulated_clients {
public:
  session_clients(call_id call, dice& random);

private:
  call_command invent(const std::vector<simulated_user>& users) override;
  call_command something_of_direct_calls(origin by);
  command::relay relay(origin by, const simulated_user& to);
  origin somebody(const std::vector<simulated_user>& users);
  std::optional<bool> perhaps();
};

} // namespace carillon::test
