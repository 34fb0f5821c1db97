#pragma once

#include "protocol/events.hpp"
#include "protocol/records.hpp"
#include "protocol/result.hpp"

#include <optional>
#include <vector>

namespace carillon {

/// What a call machine wants done after one command or one deadline. The actor carries it out as it
/// stands, in this order: record, sample, end, events, reply.
struct outcome {
  std::vector<addressed_event> events;      ///< in the order in which they must reach each device
  std::optional<call_record> record;        ///< to be written; its version is new
  std::optional<quality_sample> sample;     ///< to be written; the reply waits for it
  std::vector<user_view> newcomers;         ///< whom the call concerns from now on, too
  std::optional<result<call_record>> reply; ///< answer to the command's sender, if the command has one
  bool ended = false;                       ///< this step ended the call: free both users
};

} // namespace carillon
