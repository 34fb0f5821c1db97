#include "tests/protocol/simulated_clients.hpp"

#include <utility>

namespace carillon::test {

simulated_clients::simulated_clients(call_id call, dice& random,
                                     std::initializer_list<appetite> kinds)
  : call_(std::move(call))
  , random_(random) {
  for (auto kind : kinds)
    appetites_.push_back(kind.least + static_cast<unsigned>(random_.pick(kind.range)));
}

} // namespace carillon::test
