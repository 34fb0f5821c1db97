-- Channels that were made before their call, or for none. A call has its channel without a row here.
CREATE TABLE channels (
  call_id    TEXT    NOT NULL PRIMARY KEY,
  created_by TEXT    NOT NULL,
  call_type  TEXT    NOT NULL,
  members    TEXT    NOT NULL, -- a JSON array of ids, created_by first; never changes
  created_at INTEGER NOT NULL,
  closed_at  INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX channels_by_age ON channels (created_at);

-- The messages of every channel, in their order. seq has gaps.
CREATE TABLE channel_messages (
  call_id     TEXT    NOT NULL,
  seq         INTEGER NOT NULL,
  id          TEXT    NOT NULL,
  user_id     TEXT    NOT NULL,
  body        TEXT    NOT NULL,
  attachments TEXT    NOT NULL, -- a JSON array as it was sent, or nothing
  created_at  INTEGER NOT NULL,
  PRIMARY KEY (call_id, seq)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX channel_messages_by_id ON channel_messages (call_id, id);

-- Messages go with their call.
CREATE TRIGGER direct_calls_messages_erased AFTER DELETE ON direct_calls
BEGIN
  DELETE FROM channel_messages WHERE call_id = OLD.id;
  DELETE FROM channels WHERE call_id = OLD.id;
END;
CREATE TRIGGER sessions_messages_erased AFTER DELETE ON sessions
BEGIN
  DELETE FROM channel_messages WHERE call_id = OLD.id;
  DELETE FROM channels WHERE call_id = OLD.id;
END;
-- A video call has its messages under the id that its clients gave it. They stay where a direct call or
-- a session has that id, too, and where the channel was made by others than who made the call.
CREATE TRIGGER video_calls_messages_erased AFTER DELETE ON video_calls
WHEN NOT EXISTS (SELECT 1 FROM direct_calls WHERE id = OLD.call_id)
  AND NOT EXISTS (SELECT 1 FROM sessions WHERE id = OLD.call_id)
  AND NOT EXISTS (SELECT 1 FROM channels AS c WHERE c.call_id = OLD.call_id
                  AND OLD.created_by NOT IN (SELECT value FROM json_each(c.members)))
BEGIN
  DELETE FROM channel_messages WHERE call_id = OLD.call_id;
  DELETE FROM channels WHERE call_id = OLD.call_id;
END;
CREATE TRIGGER channels_messages_erased AFTER DELETE ON channels
BEGIN
  DELETE FROM channel_messages WHERE call_id = OLD.call_id;
END;

-- What Stream has still to be told, in the order of position; dead letters stay.
CREATE TABLE stream_outbox (
  position   INTEGER NOT NULL PRIMARY KEY,
  lane       TEXT    NOT NULL,
  kind       TEXT    NOT NULL,
  path       TEXT    NOT NULL,
  body       TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  failed_at  INTEGER,
  attempts   INTEGER NOT NULL DEFAULT 0,
  error      TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX stream_outbox_queued ON stream_outbox (position) WHERE failed_at IS NULL;
CREATE INDEX stream_outbox_dead ON stream_outbox (failed_at) WHERE failed_at IS NOT NULL;
