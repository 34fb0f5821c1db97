#pragma once

namespace carillon::persistence {

class sqlite_session;

/// Runs the migrations that the session's file has not seen, one transaction each. Processes that
/// do so at once wait for each other. Throws `store_error`, also for a file that a later version of
/// the program has migrated. Only when there is something to do may waiting for others' locks take
/// longer than the session was opened for.
void bring_up_to_date(sqlite_session& session);

} // namespace carillon::persistence
