DO $$ BEGIN
  IF current_setting('server_version_num')::integer < 150000 THEN
    RAISE EXCEPTION 'PostgreSQL 15 or later is needed';
  END IF;
END $$;

-- The video family. The columns above the line in each table are documented for people who query the
-- database; those below it are the server's own. Everything has a default, so that a row can be made of
-- the documented columns alone. Ids of users are text, as everywhere here.

-- Whom row level security is for: the application sets it for each request, with
-- SET LOCAL carillon.user_id = '…'. Nobody when it is not set.
CREATE FUNCTION carillon_user() RETURNS text LANGUAGE sql STABLE
  RETURN nullif(current_setting('carillon.user_id', true), '');

CREATE TABLE stream_video_users (
  id                 uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id            text COLLATE "C" UNIQUE NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  stream_video_token text, -- encrypted, see docs/database.md
  token_expires_at   timestamptz,
  created_at         timestamptz DEFAULT now(),
  updated_at         timestamptz DEFAULT now()
);

CREATE TABLE video_calls (
  id                    uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  call_id               text COLLATE "C" UNIQUE NOT NULL,
  call_type             text NOT NULL DEFAULT 'default'
                        CHECK (call_type IN ('default', 'audio_room', 'livestream')),
  created_by            text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  call_name             text,
  status                text NOT NULL DEFAULT 'created'
                        CHECK (status IN ('created', 'active', 'ended', 'cancelled')),
  started_at            timestamptz,
  ended_at              timestamptz,
  duration_seconds      integer,
  created_at            timestamptz DEFAULT now(),
  updated_at            timestamptz DEFAULT now(),
  event_id              text, -- of a system elsewhere: no foreign key
  max_participants      integer DEFAULT 50,
  recording_enabled     boolean DEFAULT false,
  screensharing_enabled boolean DEFAULT true,
  -- ---
  settings              text NOT NULL DEFAULT '{}', -- JSON as the client sent it, with the defaults
  members               text NOT NULL DEFAULT '[]', -- [{user_id, role}] as sent, without the creator
  reason                text NOT NULL DEFAULT '', -- why it ended
  ended_by              text NOT NULL DEFAULT '',
  version               bigint NOT NULL DEFAULT 0,
  awake                 boolean NOT NULL DEFAULT false, -- the restart has to know it
  invited_until         timestamptz,
  join_deadline         timestamptz, -- active, and nobody was ever in
  invitations_deadline  timestamptz  -- an invitation is pending
) WITH (fillfactor = 70);

CREATE TABLE video_call_participants (
  id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  call_id          uuid NOT NULL REFERENCES video_calls (id) ON DELETE CASCADE,
  user_id          text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role             text NOT NULL DEFAULT 'participant'
                   CHECK (role IN ('admin', 'moderator', 'participant')),
  joined_at        timestamptz, -- the first time; never changes
  left_at          timestamptz, -- the last time; null while the user is in
  duration_seconds integer,     -- of all stays that are over
  created_at       timestamptz DEFAULT now(),
  updated_at       timestamptz DEFAULT now(),
  UNIQUE (call_id, user_id),
  -- ---
  position         bigint  NOT NULL DEFAULT 0, -- orders those that came without being named
  entered_at       timestamptz, -- this stay
  present_ms       bigint  NOT NULL DEFAULT 0, -- in all stays that are over
  device_id        text    NOT NULL DEFAULT '',
  lease_until      timestamptz, -- a stay that REST alone keeps
  dropped          boolean NOT NULL DEFAULT false,
  version          bigint  NOT NULL DEFAULT 0
) WITH (fillfactor = 60);

CREATE TABLE video_call_recordings (
  id                  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  call_id             uuid NOT NULL REFERENCES video_calls (id) ON DELETE CASCADE,
  stream_recording_id text COLLATE "C" UNIQUE NOT NULL,
  recording_url       text,
  file_size_bytes     bigint,
  duration_seconds    integer,
  status              text NOT NULL DEFAULT 'processing'
                      CHECK (status IN ('processing', 'ready', 'failed')),
  created_at          timestamptz DEFAULT now(),
  updated_at          timestamptz DEFAULT now()
);

CREATE TABLE video_call_invitations (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  call_id         uuid NOT NULL REFERENCES video_calls (id) ON DELETE CASCADE,
  invited_by      text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  invited_user_id text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  status          text NOT NULL DEFAULT 'pending'
                  CHECK (status IN ('pending', 'accepted', 'declined', 'expired')),
  invited_at      timestamptz DEFAULT now(),
  responded_at    timestamptz,
  expires_at      timestamptz,
  created_at      timestamptz DEFAULT now(),
  updated_at      timestamptz DEFAULT now(),
  UNIQUE (call_id, invited_user_id),
  -- ---
  version         bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

-- Webhooks of Stream that were taken, so that a repeated one changes nothing; kept for a week.
CREATE TABLE stream_webhooks (
  id          text COLLATE "C" PRIMARY KEY,
  received_at timestamptz NOT NULL
);
CREATE INDEX stream_webhooks_received ON stream_webhooks (received_at);

-- The documented indexes.
CREATE INDEX idx_stream_video_users_user_id ON stream_video_users (user_id);
CREATE INDEX idx_video_calls_created_by ON video_calls (created_by);
CREATE INDEX idx_video_calls_status ON video_calls (status);
CREATE INDEX idx_video_calls_call_type ON video_calls (call_type);
CREATE INDEX idx_video_calls_started_at ON video_calls (started_at);
CREATE INDEX idx_video_call_participants_call ON video_call_participants (call_id);
CREATE INDEX idx_video_call_participants_user ON video_call_participants (user_id);
CREATE INDEX idx_video_call_participants_joined_at ON video_call_participants (joined_at);
CREATE INDEX idx_video_call_invitations_user ON video_call_invitations (invited_user_id);
CREATE INDEX idx_video_call_invitations_status ON video_call_invitations (status);

-- What the server reads by. A page of a history is cut out of the first one alone; what a leave changes
-- is in video_call_participants_open only, which is small.
CREATE INDEX video_call_participants_history
  ON video_call_participants (user_id, joined_at DESC, call_id DESC) WHERE joined_at IS NOT NULL;
CREATE INDEX video_call_participants_open
  ON video_call_participants (user_id) WHERE left_at IS NULL;
CREATE INDEX video_calls_active_by_creator ON video_calls (created_by) WHERE status = 'active';
CREATE INDEX video_call_invitations_pending
  ON video_call_invitations (invited_user_id, expires_at) WHERE status = 'pending';
CREATE INDEX video_call_recordings_call ON video_call_recordings (call_id, created_at);
-- The restart and the clean-up.
CREATE INDEX video_calls_awake ON video_calls (created_at) WHERE awake;
CREATE INDEX video_calls_over ON video_calls (created_at) WHERE ended_at IS NOT NULL;

-- Samples go with their call, whoever deletes it.
CREATE FUNCTION video_calls_quality_erased() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  DELETE FROM call_quality AS q USING gone AS g WHERE q.call_id = g.id::text;
  RETURN NULL;
END $$;
DO $$ BEGIN
  EXECUTE format('ALTER FUNCTION video_calls_quality_erased() SET search_path = %I, pg_temp',
                 current_schema());
END $$;
CREATE TRIGGER video_calls_quality_erased AFTER DELETE ON video_calls
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION video_calls_quality_erased();

-- A row stays with its call and its users: else who may change one could move it to a call of
-- others. The server never does, and these cost it nothing.
CREATE FUNCTION video_row_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a row of % stays with its call and its users', TG_TABLE_NAME
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER video_calls_stay BEFORE UPDATE OF id, call_id, created_by ON video_calls
  FOR EACH ROW WHEN ((OLD.id, OLD.call_id, OLD.created_by)
                     IS DISTINCT FROM (NEW.id, NEW.call_id, NEW.created_by))
  EXECUTE FUNCTION video_row_moved();
CREATE TRIGGER video_call_participants_stay BEFORE UPDATE OF call_id, user_id
  ON video_call_participants
  FOR EACH ROW WHEN ((OLD.call_id, OLD.user_id) IS DISTINCT FROM (NEW.call_id, NEW.user_id))
  EXECUTE FUNCTION video_row_moved();
CREATE TRIGGER video_call_recordings_stay BEFORE UPDATE OF call_id ON video_call_recordings
  FOR EACH ROW WHEN (OLD.call_id IS DISTINCT FROM NEW.call_id)
  EXECUTE FUNCTION video_row_moved();
CREATE TRIGGER video_call_invitations_stay BEFORE UPDATE OF call_id, invited_by, invited_user_id
  ON video_call_invitations
  FOR EACH ROW WHEN ((OLD.call_id, OLD.invited_by, OLD.invited_user_id)
                     IS DISTINCT FROM (NEW.call_id, NEW.invited_by, NEW.invited_user_id))
  EXECUTE FUNCTION video_row_moved();

-- How many are in a call: the number is no secret to who sees the call, the rows of the others are.
-- NULL to who does not. It runs as the owner, so it asks itself whom row level security is for: not
-- for the role that asks (current_user is the owner here) if that is the owner or bypasses it.
CREATE FUNCTION video_call_active_count(of_call uuid) RETURNS bigint
  LANGUAGE sql STABLE SECURITY DEFINER
  RETURN (SELECT count(p.id)
          FROM pg_catalog.pg_roles AS r, video_calls AS c
          LEFT JOIN video_call_participants AS p ON p.call_id = c.id AND p.left_at IS NULL
          WHERE c.id = of_call
            AND r.rolname = coalesce(nullif(current_setting('role'), 'none'), session_user::text)
            AND (r.rolbypassrls OR pg_has_role(r.oid, current_user, 'USAGE')
                 OR c.created_by = carillon_user()
                 OR EXISTS (SELECT FROM video_call_participants AS me
                            WHERE me.call_id = c.id AND me.user_id = carillon_user()))
          GROUP BY c.id);

CREATE VIEW active_video_calls WITH (security_invoker = true) AS
SELECT c.id, c.call_id, c.call_type, c.created_by, c.call_name, c.status, c.started_at, c.ended_at,
  c.duration_seconds, c.created_at, c.updated_at, c.event_id, c.max_participants,
  c.recording_enabled, c.screensharing_enabled,
  u.email AS creator_email,
  coalesce(nullif(u.name, ''), nullif(split_part(u.email, '@', 1), ''), u.id) AS creator_name,
  video_call_active_count(c.id) AS active_participants_count
FROM video_calls AS c JOIN users AS u ON u.id = c.created_by
WHERE c.status = 'active';

CREATE VIEW user_call_history WITH (security_invoker = true) AS
SELECT c.id, c.call_id, c.call_type, c.call_name, c.status, c.started_at, c.ended_at,
  c.duration_seconds, p.role AS user_role, p.joined_at, p.left_at,
  p.duration_seconds AS user_duration_seconds,
  u.email AS creator_email,
  coalesce(nullif(u.name, ''), nullif(split_part(u.email, '@', 1), ''), u.id) AS creator_name
FROM video_calls AS c
JOIN video_call_participants AS p ON p.call_id = c.id
JOIN users AS u ON u.id = c.created_by
ORDER BY p.joined_at DESC;

-- Row level security. The owner of the tables, as which the server connects, is not subject to it.
-- The policies of video_call_participants and video_call_invitations for reading ask nothing but
-- their own row: others ask them, and a policy that comes back to its own table is an error.
ALTER TABLE stream_video_users ENABLE ROW LEVEL SECURITY;
ALTER TABLE video_calls ENABLE ROW LEVEL SECURITY;
ALTER TABLE video_call_participants ENABLE ROW LEVEL SECURITY;
ALTER TABLE video_call_recordings ENABLE ROW LEVEL SECURITY;
ALTER TABLE video_call_invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE stream_webhooks ENABLE ROW LEVEL SECURITY; -- without a policy: the owner's alone
ALTER TABLE users ENABLE ROW LEVEL SECURITY;

CREATE POLICY stream_video_users_own ON stream_video_users
  USING (user_id = carillon_user()) WITH CHECK (user_id = carillon_user());

CREATE POLICY video_calls_seen ON video_calls FOR SELECT
  USING (created_by = carillon_user()
         OR id IN (SELECT p.call_id FROM video_call_participants AS p
                   WHERE p.user_id = carillon_user()));
CREATE POLICY video_calls_made ON video_calls FOR INSERT WITH CHECK (created_by = carillon_user());
CREATE POLICY video_calls_changed ON video_calls FOR UPDATE
  USING (created_by = carillon_user()) WITH CHECK (created_by = carillon_user());
CREATE POLICY video_calls_deleted ON video_calls FOR DELETE USING (created_by = carillon_user());

CREATE POLICY video_call_participants_own ON video_call_participants FOR SELECT
  USING (user_id = carillon_user());
-- Into a call that one made, or, as no more than a participant, is invited to: else a row of one's
-- own would open any call.
CREATE POLICY video_call_participants_joined ON video_call_participants FOR INSERT
  WITH CHECK (user_id = carillon_user()
              AND (call_id IN (SELECT c.id FROM video_calls AS c
                               WHERE c.created_by = carillon_user())
                   OR (role = 'participant'
                       AND call_id IN (SELECT i.call_id FROM video_call_invitations AS i
                                       WHERE i.invited_user_id = carillon_user()))));
CREATE POLICY video_call_participants_changed ON video_call_participants FOR UPDATE
  USING (user_id = carillon_user()) WITH CHECK (user_id = carillon_user());

CREATE POLICY video_call_recordings_seen ON video_call_recordings FOR SELECT
  USING (call_id IN (SELECT c.id FROM video_calls AS c));
CREATE POLICY video_call_recordings_made ON video_call_recordings FOR INSERT
  WITH CHECK (call_id IN (SELECT c.id FROM video_calls AS c
                          WHERE c.created_by = carillon_user()));
CREATE POLICY video_call_recordings_changed ON video_call_recordings FOR UPDATE
  USING (call_id IN (SELECT c.id FROM video_calls AS c WHERE c.created_by = carillon_user()));
CREATE POLICY video_call_recordings_deleted ON video_call_recordings FOR DELETE
  USING (call_id IN (SELECT c.id FROM video_calls AS c WHERE c.created_by = carillon_user()));

CREATE POLICY video_call_invitations_seen ON video_call_invitations FOR SELECT
  USING (carillon_user() IN (invited_by, invited_user_id));
CREATE POLICY video_call_invitations_sent ON video_call_invitations FOR INSERT
  WITH CHECK (invited_by = carillon_user()
              AND call_id IN (SELECT c.id FROM video_calls AS c
                              WHERE c.created_by = carillon_user()));
-- The one who got it answers it; the one who sent it may only take it back.
CREATE POLICY video_call_invitations_answered ON video_call_invitations FOR UPDATE
  USING (invited_user_id = carillon_user()) WITH CHECK (invited_user_id = carillon_user());
CREATE POLICY video_call_invitations_deleted ON video_call_invitations FOR DELETE
  USING (invited_by = carillon_user());

-- Oneself, and who made a call that one sees: what the views show.
CREATE POLICY users_seen ON users FOR SELECT
  USING (id = carillon_user() OR id IN (SELECT c.created_by FROM video_calls AS c));
