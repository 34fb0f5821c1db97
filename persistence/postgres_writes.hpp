#pragma once

#include "persistence/postgres_session.hpp"
#include "persistence/write_groups.hpp"

#include <span>
#include <vector>

namespace carillon::persistence {

/// The groups of `ops`, each in the order of ids: servers that write the same rows then wait for
/// each other, and no more.
[[nodiscard]] std::vector<write_group> sorted_groups(std::span<const write_op> ops);

/// Whether nothing but direct calls is written, with one statement.
[[nodiscard]] bool only_direct_calls(const write_group& group) noexcept;

/// Writes one group of `ops`, a statement for each kind that it has, and sets `changed` where
/// something changed.
void put_group(postgres_access& db, std::span<const write_op> ops, const write_group& group,
               std::vector<bool>& changed);

/// Sets `changed` for the direct calls of a group that are stored in the version that `ops` have.
void mark_same(postgres_access& db, std::span<const write_op> ops, const write_group& group,
               std::vector<bool>& changed);

} // namespace carillon::persistence
