#pragma once

#include "protocol/record_store.hpp"
#include "tests/persistence/databases.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Sessions as servers write them, for tests; times are `at(ms)`.
namespace carillon::persistence::test {

/// A session of version 1 that waits; the first one of `people` began it.
call_record opened(const std::string& id, const std::vector<std::string>& people,
                   std::int64_t ms = 0);

/// The next version of the session: `user` came, or came back. With the second one it is active.
call_record joined(call_record call, const std::string& user, std::int64_t ms);

/// The next version: `user` went, or was lost.
call_record left(call_record call, const std::string& user, std::int64_t ms, bool dropped = false);

/// The next version: it is over, and whoever was in is out.
call_record closed(call_record call, std::int64_t ms, end_reason why = end_reason::hung_up);

/// The entry of `user`, for changes.
participant& entry(call_record& call, const std::string& user);

/// A sample with all figures.
quality_sample measured(const std::string& call, const std::string& user, std::int64_t ms);

/// The question for a page of a user's sessions.
query::sessions sessions_of(const std::string& user, int page = 1, int limit = 20,
                            std::optional<call_status> status = {});

/// The ids of a page's sessions, newest first, and how many there are in all: `s2 s1 of 2`.
std::string listed(record_store& store, const query::sessions& what);

/// The session in the store; the test fails without it.
call_record stored_session(record_store& store, const std::string& id);

} // namespace carillon::persistence::test
