#pragma once

#include "protocol/record_store.hpp"
#include "tests/persistence/databases.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Channels, messages and the outbox, for tests; times are `at(ms)`.
namespace carillon::persistence::test {

/// A channel that was made by the first of `members`, as it comes back.
channel_record channel_of(const std::string& call, const std::vector<std::string>& members,
                          std::int64_t ms = 0);

/// The same channel, closed.
channel_record shut(channel_record channel, std::int64_t ms);

/// A message of alice, said at `at(seq)`.
chat_message said(const std::string& call, std::uint64_t seq, const std::string& id);

/// The op that stores a message.
write_op kept(const chat_message& what);

/// The ops of messages `m1` to `m<count>`, at twice their number.
std::vector<write_op> chatter(const std::string& call, int count);

/// An entry of the outbox that tells of `call`.
outbox_entry entry_of(std::uint64_t position, const std::string& call,
                      outbox_kind kind = outbox_kind::message);

/// What became of an entry.
outbox_result done(std::uint64_t position);
outbox_result buried(std::uint64_t position, const std::string& error, std::int64_t ms);

/// The ids of a page, oldest first, and `+` when there are more; the word of an error.
std::string page(record_store& store, const query::messages& what);

/// The question for a page of a channel.
query::messages chat_of(const std::string& call, int limit = 50, const std::string& before = {},
                        const std::string& after = {});

/// The members of a channel in brackets, `!` behind them when it is closed; `none`; the word of an
/// error.
std::string channel_in(record_store& store, const std::string& call);

/// The positions of the entries that wait, with spaces between.
std::string waiting(record_store& store, std::uint64_t after = 0, std::size_t limit = 100);

/// What waits; the test fails without an answer.
outbox_backlog backlog_of(record_store& store);

} // namespace carillon::persistence::test
