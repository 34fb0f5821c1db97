#pragma once

#include "protocol/call.hpp"
#include "protocol/chronicle.hpp"

#include <cstddef>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

namespace carillon::test {

/// Leads a chronicle along a machine as the call's actor does.
class chronicle_follower {
public:
  void begin(const call& machine, time_point now, chronicle::beginning how);
  void follow(const call& machine, const outcome& out, time_point now);

  [[nodiscard]] timeline so_far() const { return told_.so_far(); }
  [[nodiscard]] chronicle& told() noexcept { return told_; }

  /// Throws `violation` unless the timeline is one that can be of this call.
  void judge(const call& machine) const;

private:
  chronicle told_;
  std::map<user_id, call_summary> summaries_;
  std::size_t recalled_ = 0; ///< steps that were taken out of a stored record
  std::size_t relays_ = 0;   ///< that the machine passed on
};

/// What is counted of relays at these times.
[[nodiscard]] relay_counts counts_of(relay_kind kind, std::initializer_list<time_point> times);

/// The first version, of time 0, of a session of `u0`, who began it, `u1`, `u2` … who are invited.
[[nodiscard]] call_record session_record(std::size_t people);

/// `ring alice>bob`, `end alice hangup`, `candidates bob>alice x7`.
[[nodiscard]] std::string word_of(const timeline& of, const timeline_step& step);
[[nodiscard]] std::vector<std::string> words_of(const timeline& of);

} // namespace carillon::test
