#pragma once

#include "persistence/history_shape.hpp"
#include "persistence/postgres_session.hpp"
#include "protocol/record_store.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace carillon::persistence {

/// What is done in PostgreSQL after writes so that reads stay quick: it counts long histories in
/// blocks, and moves the mark behind which no call is live. In short transactions of its own, on
/// the connection that writes; when one fails it is left for another time, for every answer is
/// right without it.
///
/// A part of one store; used by the same thread. Nothing throws.
class postgres_counting {
public:
  postgres_counting(postgres_session& session, const history_shape& shape)
    : session_(session)
    , shape_(shape) {}

  /// After `ops` were committed, of which those changed something that `changed` says.
  void after_write(std::span<const write_op> ops, const std::vector<bool>& changed) noexcept;

  /// After the last of the old calls was deleted.
  void after_erasing() noexcept;

  /// After a restart has read which calls are live: the next one shall not have more to look at.
  void after_restart() noexcept;

private:
  template <class Work>
  void try_to(std::string_view what, Work work) noexcept;
  void count(const user_id& user);
  void move_live_mark();

  postgres_session& session_;
  history_shape shape_;
  std::size_t ended_ = 0; ///< calls written since the mark was moved
};

} // namespace carillon::persistence
