CREATE TABLE sessions (
  id                 text COLLATE "C" PRIMARY KEY,
  initiator_id       text COLLATE "C" NOT NULL,
  session_type       text   NOT NULL,
  therapy_session_id text   NOT NULL,
  seats              bigint NOT NULL,
  call_settings      text   NOT NULL,
  metadata           text   NOT NULL,
  status             text   NOT NULL,
  reason             text   NOT NULL,
  version            bigint NOT NULL,
  duration_s         bigint NOT NULL,
  ended_by           text   NOT NULL,
  created_at         timestamptz NOT NULL,
  invited_until      timestamptz NOT NULL,
  started_at         timestamptz,
  ended_at           timestamptz,
  ring_deadline      timestamptz,
  call_deadline      timestamptz
) WITH (fillfactor = 70);

-- The restart and the clean-up.
CREATE INDEX sessions_live ON sessions (created_at) WHERE ended_at IS NULL;
CREATE INDEX sessions_ended ON sessions (created_at) WHERE ended_at IS NOT NULL;

-- One row for each user that a session names, its initiator first. A row is written several times, and
-- nothing that changes is indexed: the room left in each page keeps those rewrites out of the indexes.
CREATE TABLE session_participants (
  session_id   text COLLATE "C" NOT NULL REFERENCES sessions ON DELETE CASCADE,
  user_id      text COLLATE "C" NOT NULL,
  position     bigint  NOT NULL,
  role         text    NOT NULL,
  invitation   text    NOT NULL,
  dropped      boolean NOT NULL,
  socket_id    text    NOT NULL,
  peer_id      text    NOT NULL,
  has_video    boolean NOT NULL,
  has_audio    boolean NOT NULL,
  is_sharing   boolean NOT NULL,
  used_video   boolean NOT NULL,
  used_audio   boolean NOT NULL,
  used_sharing boolean NOT NULL,
  present_ms   bigint  NOT NULL,
  version      bigint  NOT NULL,
  created_at   timestamptz NOT NULL, -- the session's
  responded_at timestamptz,
  joined_at    timestamptz,
  entered_at   timestamptz,
  left_at      timestamptz,
  PRIMARY KEY (session_id, user_id)
) WITH (fillfactor = 60);

-- A page of a user's history, and its length, are cut out of this alone.
CREATE INDEX session_participants_by_user
  ON session_participants (user_id, created_at DESC, session_id DESC);

-- What participants of calls of any kind have measured.
CREATE TABLE call_quality (
  call_id            text COLLATE "C" NOT NULL,
  user_id            text COLLATE "C" NOT NULL,
  at                 timestamptz NOT NULL,
  rtt_ms             double precision,
  jitter_ms          double precision,
  packet_loss        double precision,
  bitrate_kbps       double precision,
  connection_time_ms double precision,
  audio_level        double precision,
  video_fps          double precision,
  resolution         text NOT NULL,
  mos                double precision,
  PRIMARY KEY (call_id, user_id, at)
);

-- Samples go with their call.
CREATE FUNCTION call_quality_erased() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM call_quality AS q USING gone AS g WHERE q.call_id = g.id;
  RETURN NULL;
END $$;

CREATE TRIGGER direct_calls_quality_erased AFTER DELETE ON direct_calls
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION call_quality_erased();
CREATE TRIGGER sessions_quality_erased AFTER DELETE ON sessions
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION call_quality_erased();
