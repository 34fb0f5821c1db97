-- The video family; the same tables and columns as in PostgreSQL. Times are ms, flags 0 or 1, UUIDs
-- text in lower case.

CREATE TABLE stream_video_users (
  id                 TEXT    NOT NULL PRIMARY KEY,
  user_id            TEXT    NOT NULL UNIQUE REFERENCES users ON DELETE CASCADE,
  stream_video_token TEXT,
  token_expires_at   INTEGER,
  created_at         INTEGER NOT NULL,
  updated_at         INTEGER NOT NULL
) STRICT;

CREATE TABLE video_calls (
  id                    TEXT    NOT NULL PRIMARY KEY,
  call_id               TEXT    NOT NULL UNIQUE,
  call_type             TEXT    NOT NULL DEFAULT 'default',
  created_by            TEXT    NOT NULL REFERENCES users ON DELETE CASCADE,
  call_name             TEXT,
  status                TEXT    NOT NULL DEFAULT 'created',
  started_at            INTEGER,
  ended_at              INTEGER,
  duration_seconds      INTEGER,
  created_at            INTEGER NOT NULL,
  updated_at            INTEGER NOT NULL,
  event_id              TEXT,
  max_participants      INTEGER NOT NULL DEFAULT 50,
  recording_enabled     INTEGER NOT NULL DEFAULT 0,
  screensharing_enabled INTEGER NOT NULL DEFAULT 1,
  settings              TEXT    NOT NULL DEFAULT '{}',
  members               TEXT    NOT NULL DEFAULT '[]',
  reason                TEXT    NOT NULL DEFAULT '',
  ended_by              TEXT    NOT NULL DEFAULT '',
  version               INTEGER NOT NULL DEFAULT 0,
  awake                 INTEGER NOT NULL DEFAULT 0,
  invited_until         INTEGER,
  join_deadline         INTEGER,
  invitations_deadline  INTEGER
) STRICT;

CREATE TABLE video_call_participants (
  id               TEXT    NOT NULL PRIMARY KEY,
  call_id          TEXT    NOT NULL REFERENCES video_calls ON DELETE CASCADE,
  user_id          TEXT    NOT NULL REFERENCES users ON DELETE CASCADE,
  role             TEXT    NOT NULL DEFAULT 'participant',
  joined_at        INTEGER,
  left_at          INTEGER,
  duration_seconds INTEGER,
  created_at       INTEGER NOT NULL,
  updated_at       INTEGER NOT NULL,
  position         INTEGER NOT NULL DEFAULT 0,
  entered_at       INTEGER,
  present_ms       INTEGER NOT NULL DEFAULT 0,
  device_id        TEXT    NOT NULL DEFAULT '',
  lease_until      INTEGER,
  dropped          INTEGER NOT NULL DEFAULT 0,
  version          INTEGER NOT NULL DEFAULT 0,
  UNIQUE (call_id, user_id)
) STRICT;

CREATE TABLE video_call_recordings (
  id                  TEXT    NOT NULL PRIMARY KEY,
  call_id             TEXT    NOT NULL REFERENCES video_calls ON DELETE CASCADE,
  stream_recording_id TEXT    NOT NULL UNIQUE,
  recording_url       TEXT,
  file_size_bytes     INTEGER,
  duration_seconds    INTEGER,
  status              TEXT    NOT NULL DEFAULT 'processing',
  created_at          INTEGER NOT NULL,
  updated_at          INTEGER NOT NULL
) STRICT;

CREATE TABLE video_call_invitations (
  id              TEXT    NOT NULL PRIMARY KEY,
  call_id         TEXT    NOT NULL REFERENCES video_calls ON DELETE CASCADE,
  invited_by      TEXT    NOT NULL REFERENCES users ON DELETE CASCADE,
  invited_user_id TEXT    NOT NULL REFERENCES users ON DELETE CASCADE,
  status          TEXT    NOT NULL DEFAULT 'pending',
  invited_at      INTEGER NOT NULL,
  responded_at    INTEGER,
  expires_at      INTEGER,
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  version         INTEGER NOT NULL DEFAULT 0,
  UNIQUE (call_id, invited_user_id)
) STRICT;

CREATE TABLE stream_webhooks (
  id          TEXT    NOT NULL PRIMARY KEY,
  received_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX stream_webhooks_received ON stream_webhooks (received_at);

CREATE INDEX idx_video_calls_created_by ON video_calls (created_by);
CREATE INDEX video_calls_active_by_creator ON video_calls (created_by) WHERE status = 'active';
CREATE INDEX video_calls_awake ON video_calls (created_at) WHERE awake = 1;
CREATE INDEX video_calls_over ON video_calls (created_at) WHERE ended_at IS NOT NULL;
CREATE INDEX video_call_participants_history
  ON video_call_participants (user_id, joined_at DESC, call_id DESC) WHERE joined_at IS NOT NULL;
CREATE INDEX video_call_participants_open
  ON video_call_participants (user_id) WHERE left_at IS NULL;
CREATE INDEX video_call_invitations_pending
  ON video_call_invitations (invited_user_id, expires_at) WHERE status = 'pending';
CREATE INDEX video_call_recordings_call ON video_call_recordings (call_id, created_at);

CREATE TRIGGER video_calls_quality_erased AFTER DELETE ON video_calls
BEGIN
  DELETE FROM call_quality WHERE call_id = OLD.id;
END;
