#pragma once

#include "persistence/history_shape.hpp"
#include "protocol/record_store.hpp"
#include "tests/persistence/databases.hpp"

#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace carillon::persistence::test {

/// What a store has to hold: calls in their latest version, and who hid them. Plain lists, without
/// anything that could be wrong in the same way.
class history_model {
public:
  void apply(const write_op& op);

  /// As `record_store::erase_old` with enough room.
  void erase(time_point before);

  /// The page that `what` asks for.
  [[nodiscard]] record_page page(const query::history& what) const;

  [[nodiscard]] const std::map<std::string, call_record>& calls() const { return calls_; }

private:
  [[nodiscard]] bool hidden(const user_id& user, const std::string& call) const {
    return hidden_.contains({user.str(), call});
  }

  std::map<std::string, call_record> calls_;
  std::set<std::pair<std::string, std::string>> hidden_;
};

/// Calls and changes of calls by chance, as servers make them and as they must not: late, twice, in
/// an old version, for users who have had enough of a call.
class call_traffic {
public:
  explicit call_traffic(unsigned seed)
    : random_(seed) {}

  /// Some ops about calls between `a`, `b` and `c`, created within `span` milliseconds.
  std::vector<write_op> batch(int ops, int span);

  /// A question about one of the users.
  query::history question();

  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

private:
  call_record fresh(int span);
  call_record later(call_record call);

  std::mt19937 random_;
  std::vector<call_record> made_; ///< the latest versions
  int next_ = 0;
};

/// Small blocks, looked at always: a few calls are a long history.
inline constexpr history_shape small_shape{4, 3, 0, 1};

/// Stores with histories of another shape.
std::shared_ptr<store_factory> stores_of(const sqlite_database& database,
                                         const history_shape& shape);
std::shared_ptr<store_factory> stores_of(const postgres_database& database,
                                         const history_shape& shape);

/// SQL, the same for both stores, for the number of blocks that do not count what the table
/// `direct_calls` has for them.
std::string wrong_blocks();

} // namespace carillon::persistence::test
