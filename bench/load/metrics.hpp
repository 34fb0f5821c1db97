#pragma once

#include "bench/load/histogram.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace carillon::load {

/// What one run measured. Figures count only while `recording` is set; errors always do.
struct metrics {
  bool recording = false;

  std::uint64_t calls = 0;    ///< ended and confirmed to both sides
  std::uint64_t relayed = 0;  ///< offers, answers and candidates that arrived
  std::uint64_t said = 0;     ///< messages of chats that were confirmed
  std::uint64_t heard = 0;    ///< messages of chats that arrived at a member
  histogram relay;            ///< sent (or due) until it arrived at the other side
  histogram ring;             ///< initiateCall (or when it was due) until incomingCall
  histogram initiate_confirm; ///< initiateCall until callInitiated, which waits for the commit
  histogram setup;            ///< initiateCall (or when it was due) until callAccepted
  histogram join_confirm; ///< join_call_session until its acknowledgement, which does as well
  histogram chat_ack;         ///< when a message was due until its answer, which does as well
  histogram chat_news;        ///< when a message was due until a member heard it
  histogram end_confirm;      ///< endCall until callEndedConfirm, which waits for the commit

  std::map<std::string, std::uint64_t> errors;

  void error(const std::string& what) { ++errors[what]; }
  [[nodiscard]] std::uint64_t error_count() const {
    std::uint64_t sum = 0;
    for (const auto& [what, count] : errors)
      sum += count;
    return sum;
  }
};

} // namespace carillon::load
