-- What happened in a call of any kind, step by step, as a text; written once, when it has ended. A batch that
-- is written again after a crash may leave a row twice: nothing is looked up before a row is added.
CREATE TABLE call_timelines (
  call_id  text COLLATE "C" NOT NULL,
  ended_at timestamptz NOT NULL,
  data     text NOT NULL
);
CREATE INDEX call_timelines_by_call ON call_timelines (call_id);

-- A row holds its timeline itself: one write, and no second table for what is longer.
ALTER TABLE call_timelines ALTER COLUMN data SET STORAGE MAIN;
DO $$ BEGIN
  ALTER TABLE call_timelines ALTER COLUMN data SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  NULL; -- a server without lz4 compresses as it does by itself
END $$;

-- Timelines go with their call.
CREATE FUNCTION call_timelines_erased() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM call_timelines AS t USING gone AS g WHERE t.call_id = g.id;
  RETURN NULL;
END $$;

CREATE TRIGGER direct_calls_timelines_erased AFTER DELETE ON direct_calls
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION call_timelines_erased();
CREATE TRIGGER sessions_timelines_erased AFTER DELETE ON sessions
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION call_timelines_erased();

-- Video calls may be deleted by others than the owner of the tables.
CREATE FUNCTION video_calls_timelines_erased() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  DELETE FROM call_timelines AS t USING gone AS g WHERE t.call_id = g.id::text;
  RETURN NULL;
END $$;
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION video_calls_timelines_erased() SET search_path = %I, pg_temp',
                 current_schema());
END $$;
CREATE TRIGGER video_calls_timelines_erased AFTER DELETE ON video_calls
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION video_calls_timelines_erased();

-- Whoever may read all tables here does not see who talked with whom: the owner's alone.
ALTER TABLE call_timelines ENABLE ROW LEVEL SECURITY;
