-- What happened in a call of any kind, step by step, as a text; written once, when it has ended.
CREATE TABLE call_timelines (
  call_id  TEXT    NOT NULL PRIMARY KEY,
  ended_at INTEGER NOT NULL,
  data     TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Timelines go with their call.
CREATE TRIGGER direct_calls_timelines_erased AFTER DELETE ON direct_calls
BEGIN
  DELETE FROM call_timelines WHERE call_id = OLD.id;
END;
CREATE TRIGGER sessions_timelines_erased AFTER DELETE ON sessions
BEGIN
  DELETE FROM call_timelines WHERE call_id = OLD.id;
END;
CREATE TRIGGER video_calls_timelines_erased AFTER DELETE ON video_calls
BEGIN
  DELETE FROM call_timelines WHERE call_id = OLD.id;
END;
