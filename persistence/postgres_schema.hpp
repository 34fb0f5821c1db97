#pragma once

namespace carillon::persistence {

class postgres_session;

/// Runs the migrations that the session's database has not seen, one transaction each. Processes
/// that do so at once wait for each other (advisory lock). Throws `store_error`, also for a
/// database that a later version of the program has migrated. Only what has to be migrated may take
/// longer than the session's patience, and then any time: nobody knows how long a large table
/// takes.
void bring_up_to_date(postgres_session& session);

} // namespace carillon::persistence
