#pragma once

#include "net/stream_client.hpp"
#include "protocol/mirror_lanes.hpp"

namespace carillon::net {

/// What an answer of Stream's means for the entry that was sent.
[[nodiscard]] send_result judge_answer(const outbox_entry& entry, const http_answer& answer);

} // namespace carillon::net
