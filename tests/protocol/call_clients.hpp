#pragma once

#include "tests/protocol/simulated_clients.hpp"

namespace carillon::test {

/// The clients of both users of a direct call and a stranger.
class call_clients final : public simulated_clients {
public:
  call_clients(call_id call, dice& random);

private:
  call_command invent(const std::vector<simulated_user>& users) override;
  origin somebody(const simulated_user& user);
};

} // namespace carillon::test
