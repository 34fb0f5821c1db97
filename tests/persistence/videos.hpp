#pragma once

#include "protocol/record_store.hpp"
#include "tests/persistence/databases.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Video calls as servers write them, for tests; times are `at(ms)`. Clients' ids stand for calls.
namespace carillon::persistence::test {

/// A call of version 1 with everybody invited, made by `creator`.
call_record created(const std::string& id, const std::string& creator,
                    const std::vector<std::string>& members = {}, std::int64_t ms = 0);

/// The next version: it is active.
call_record activated(call_record call, std::int64_t ms);

/// The next version: `user` came, was named or not, or came back.
call_record entered(call_record call, const std::string& user, std::int64_t ms);

/// The next version: `user` went.
call_record gone(call_record call, const std::string& user, std::int64_t ms);

/// The next version: `user` answered the invitation.
call_record answered(call_record call, const std::string& user, invitation how, std::int64_t ms);

/// The next version: it is over; whoever was in is out, and nobody is invited any more.
call_record over(call_record call, std::int64_t ms, call_status as = call_status::ended);

/// The record with those people only that changed after version `known`.
call_record trimmed(call_record call, std::uint32_t known);

/// The video call in the store; the test fails without it.
call_record stored_video(record_store& store, const std::string& id);

/// The clients' ids of calls, with spaces between.
std::string names_of(const std::vector<call_record>& calls);

/// The clients' ids of the video calls that the restart finds, by age.
std::string awake_in(record_store& store);

/// News of a webhook about a recording of the call.
recording_news news(const std::string& webhook, const std::string& call, const std::string& id,
                    recording_status status, const std::string& url = {}, std::int64_t ms = 0);

/// The recordings of a call, oldest first: `id status url, …`.
std::string recorded(record_store& store, const std::string& call);

/// A token of `user` that expires at `at(ms)`.
stored_token token(const std::string& user, const std::string& sealed, std::int64_t ms);

} // namespace carillon::persistence::test
