-- Channels that were made before their call, or for none. A call has its channel without a row here.
CREATE TABLE channels (
  call_id    text COLLATE "C" PRIMARY KEY,
  created_by text COLLATE "C" NOT NULL,
  call_type  text NOT NULL,
  members    text NOT NULL, -- a JSON array of ids, created_by first; never changes
  created_at timestamptz NOT NULL,
  closed_at  timestamptz
);

CREATE INDEX channels_by_age ON channels (created_at);

-- The messages of every channel, in their order. seq has gaps.
CREATE TABLE channel_messages (
  call_id     text COLLATE "C" NOT NULL,
  seq         bigint NOT NULL,
  id          text COLLATE "C" NOT NULL,
  user_id     text COLLATE "C" NOT NULL,
  body        text   NOT NULL,
  attachments text   NOT NULL, -- a JSON array as it was sent, or nothing
  created_at  timestamptz NOT NULL,
  PRIMARY KEY (call_id, seq)
);

CREATE UNIQUE INDEX channel_messages_by_id ON channel_messages (call_id, id);

-- Messages go with their call.
CREATE FUNCTION channel_messages_erased() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM channel_messages AS m USING gone AS g WHERE m.call_id = g.id;
  DELETE FROM channels AS c USING gone AS g WHERE c.call_id = g.id;
  RETURN NULL;
END $$;

CREATE TRIGGER direct_calls_messages_erased AFTER DELETE ON direct_calls
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION channel_messages_erased();
CREATE TRIGGER sessions_messages_erased AFTER DELETE ON sessions
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION channel_messages_erased();

-- A video call has its messages under the id that its clients gave it. They stay where a direct call or
-- a session has that id, too, and where the channel was made by others than who made the call.
CREATE FUNCTION video_calls_messages_erased() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  DELETE FROM channel_messages AS m USING gone AS g WHERE m.call_id = g.call_id
    AND NOT EXISTS (SELECT FROM direct_calls AS d WHERE d.id = g.call_id)
    AND NOT EXISTS (SELECT FROM sessions AS s WHERE s.id = g.call_id)
    AND NOT EXISTS (SELECT FROM channels AS c WHERE c.call_id = g.call_id
                    AND NOT c.members::jsonb @> to_jsonb(g.created_by));
  DELETE FROM channels AS c USING gone AS g WHERE c.call_id = g.call_id
    AND NOT EXISTS (SELECT FROM direct_calls AS d WHERE d.id = g.call_id)
    AND NOT EXISTS (SELECT FROM sessions AS s WHERE s.id = g.call_id)
    AND c.members::jsonb @> to_jsonb(g.created_by);
  RETURN NULL;
END $$;
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION video_calls_messages_erased() SET search_path = %I, pg_temp',
                 current_schema());
END $$;
CREATE TRIGGER video_calls_messages_erased AFTER DELETE ON video_calls
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION video_calls_messages_erased();

CREATE FUNCTION channels_erased() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM channel_messages AS m USING gone AS g WHERE m.call_id = g.call_id;
  RETURN NULL;
END $$;

CREATE TRIGGER channels_messages_erased AFTER DELETE ON channels
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION channels_erased();

-- What Stream has still to be told, in the order of position; dead letters stay.
CREATE TABLE stream_outbox (
  position   bigint PRIMARY KEY,
  lane       text NOT NULL,
  kind       text NOT NULL,
  path       text NOT NULL,
  body       text NOT NULL,
  created_at timestamptz NOT NULL,
  failed_at  timestamptz,
  attempts   bigint NOT NULL DEFAULT 0,
  error      text NOT NULL DEFAULT ''
);

CREATE INDEX stream_outbox_queued ON stream_outbox (position) WHERE failed_at IS NULL;
CREATE INDEX stream_outbox_dead ON stream_outbox (failed_at) WHERE failed_at IS NOT NULL;

-- Whoever may read all tables here reads no chat: without a policy they are the owner's alone.
ALTER TABLE channels ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE stream_outbox ENABLE ROW LEVEL SECURITY;
