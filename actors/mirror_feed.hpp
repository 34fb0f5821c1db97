#pragma once

#include "actors/context.hpp"
#include "protocol/channel_record.hpp"
#include "protocol/record_store.hpp"

#include <vector>

/// What is written for Stream along with what happens here; all of it empty without a mirror, and
/// when too much waits for it.
namespace carillon::actors {

/// A call begins: its users, and its channel. Nothing for a video call, which gets its channel
/// there when it is first used.
[[nodiscard]] std::vector<write_op> mirror_begin(const context& house, const call_record& call,
                                                 const std::vector<user_ptr>& users);

/// A call is over, and its channel is not in use (a channel in use writes its end itself, behind
/// its last message). Of a video call this is found out by a read, and written after it.
[[nodiscard]] std::vector<write_op> mirror_end(const context& house, const call_record& call);

/// A channel comes into use, perhaps again: users and get-or-create.
[[nodiscard]] std::vector<write_op> mirror_opening(const context& house,
                                                   const channel_record& channel,
                                                   const std::vector<user_ptr>& users);

/// Some came into a channel that is in use: they must be known there before they say something.
[[nodiscard]] std::vector<write_op> mirror_newcomers(const context& house, const call_id& call,
                                                     const std::vector<user_ptr>& users);

[[nodiscard]] std::vector<write_op> mirror_message(const context& house, const chat_message& what);
[[nodiscard]] std::vector<write_op> mirror_closing(const context& house, const call_id& call);
[[nodiscard]] std::vector<write_op> mirror_user(const context& house, const user_ptr& user);

/// The ops as one message to the persistence actor, if there are any.
void put_all(const context& house, std::vector<write_op> ops);

} // namespace carillon::actors
