CREATE TABLE sessions (
  id                 TEXT    NOT NULL PRIMARY KEY,
  initiator_id       TEXT    NOT NULL,
  session_type       TEXT    NOT NULL,
  therapy_session_id TEXT    NOT NULL,
  seats              INTEGER NOT NULL,
  call_settings      TEXT    NOT NULL,
  metadata           TEXT    NOT NULL,
  status             TEXT    NOT NULL,
  reason             TEXT    NOT NULL,
  version            INTEGER NOT NULL,
  duration_s         INTEGER NOT NULL,
  ended_by           TEXT    NOT NULL,
  created_at         INTEGER NOT NULL,
  invited_until      INTEGER NOT NULL,
  started_at         INTEGER,
  ended_at           INTEGER,
  ring_deadline      INTEGER,
  call_deadline      INTEGER
) STRICT;

-- The restart and the clean-up.
CREATE INDEX sessions_live ON sessions (created_at) WHERE ended_at IS NULL;
CREATE INDEX sessions_ended ON sessions (created_at) WHERE ended_at IS NOT NULL;

-- One row for each user that a session names, its initiator first.
CREATE TABLE session_participants (
  session_id   TEXT    NOT NULL REFERENCES sessions ON DELETE CASCADE,
  user_id      TEXT    NOT NULL,
  position     INTEGER NOT NULL,
  role         TEXT    NOT NULL,
  invitation   TEXT    NOT NULL,
  dropped      INTEGER NOT NULL,
  socket_id    TEXT    NOT NULL,
  peer_id      TEXT    NOT NULL,
  has_video    INTEGER NOT NULL,
  has_audio    INTEGER NOT NULL,
  is_sharing   INTEGER NOT NULL,
  used_video   INTEGER NOT NULL,
  used_audio   INTEGER NOT NULL,
  used_sharing INTEGER NOT NULL,
  present_ms   INTEGER NOT NULL,
  version      INTEGER NOT NULL,
  created_at   INTEGER NOT NULL, -- the session's
  responded_at INTEGER,
  joined_at    INTEGER,
  entered_at   INTEGER,
  left_at      INTEGER,
  PRIMARY KEY (session_id, user_id)
) STRICT, WITHOUT ROWID;

-- A page of a user's history, and its length, are cut out of this alone.
CREATE INDEX session_participants_by_user
  ON session_participants (user_id, created_at DESC, session_id DESC);

-- What participants of calls of any kind have measured.
CREATE TABLE call_quality (
  call_id            TEXT    NOT NULL,
  user_id            TEXT    NOT NULL,
  at                 INTEGER NOT NULL,
  rtt_ms             REAL,
  jitter_ms          REAL,
  packet_loss        REAL,
  bitrate_kbps       REAL,
  connection_time_ms REAL,
  audio_level        REAL,
  video_fps          REAL,
  resolution         TEXT    NOT NULL,
  mos                REAL,
  PRIMARY KEY (call_id, user_id, at)
) STRICT, WITHOUT ROWID;

-- Samples go with their call.
CREATE TRIGGER direct_calls_quality_erased AFTER DELETE ON direct_calls
BEGIN
  DELETE FROM call_quality WHERE call_id = OLD.id;
END;
CREATE TRIGGER sessions_quality_erased AFTER DELETE ON sessions
BEGIN
  DELETE FROM call_quality WHERE call_id = OLD.id;
END;
