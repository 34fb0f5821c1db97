#include "persistence/sqlite_timelines.hpp"

namespace carillon::persistence::sqlite_tables {

bool put_timeline(sqlite_session& db, const timeline_text& what) {
  return db.query("INSERT INTO call_timelines (call_id, ended_at, data) VALUES (?1, ?2, ?3)"
                  " ON CONFLICT (call_id) DO NOTHING")
             .add(what.call.str())
             .add(to_epoch_ms(what.ended_at))
             .add(what.packed)
             .run()
         > 0;
}

std::optional<timeline_text> load_timeline(sqlite_session& db, const call_id& id) {
  auto q = db.query("SELECT call_id, ended_at, data FROM call_timelines WHERE call_id = ?1");
  if (!q.add(id.str()).step())
    return std::nullopt;
  return timeline_text{call_id{q.text(0)}, from_epoch_ms(q.number(1)), std::string{q.text(2)}};
}

} // namespace carillon::persistence::sqlite_tables
