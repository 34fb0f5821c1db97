#pragma once

#include "protocol/call.hpp"

#include <map>

namespace carillon::test {

/// Judges the quality reports of a call of many. Throws `violation`.
class quality_laws {
public:
  explicit quality_laws(seconds interval)
    : interval_(interval) {}

  void restarted() { reported_.clear(); }

  /// `out` is what the machine made of `cmd` when `record` stood.
  void judge(const command::report_quality& cmd, const outcome& out, const call_record& record,
             time_point now);

private:
  seconds interval_;
  std::map<user_id, time_point> reported_;
};

} // namespace carillon::test
