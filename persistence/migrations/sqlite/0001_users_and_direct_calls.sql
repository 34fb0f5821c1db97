-- Times are milliseconds since the Unix epoch, booleans 0 and 1.

CREATE TABLE users (
  id          TEXT    NOT NULL PRIMARY KEY,
  name        TEXT    NOT NULL,
  email       TEXT    NOT NULL,
  image       TEXT    NOT NULL,
  role        TEXT    NOT NULL,
  claim_name  TEXT    NOT NULL,
  claim_email TEXT    NOT NULL,
  claim_image TEXT    NOT NULL,
  claim_role  TEXT    NOT NULL,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE direct_calls (
  id              TEXT    NOT NULL PRIMARY KEY,
  caller_id       TEXT    NOT NULL,
  receiver_id     TEXT    NOT NULL,
  call_type       TEXT    NOT NULL,
  status          TEXT    NOT NULL,
  reason          TEXT    NOT NULL,
  missed          INTEGER NOT NULL,
  via_rest        INTEGER NOT NULL,
  version         INTEGER NOT NULL,
  duration_s      INTEGER NOT NULL,
  ended_by        TEXT    NOT NULL,
  created_at      INTEGER NOT NULL,
  started_at      INTEGER,
  ended_at        INTEGER,
  ring_deadline   INTEGER,
  call_deadline   INTEGER,
  caller_hidden   INTEGER NOT NULL DEFAULT 0,
  receiver_hidden INTEGER NOT NULL DEFAULT 0,
  CHECK (caller_id <> receiver_id)
) STRICT;

-- A page of a user's history is cut out of these alone, in order, without looking at the table. The last
-- columns are constant: SQLite looks a condition of the index up in the table unless it is in the index.
CREATE INDEX direct_calls_by_caller
  ON direct_calls (caller_id, created_at DESC, id DESC, call_type, caller_hidden)
  WHERE caller_hidden = 0;
CREATE INDEX direct_calls_by_receiver
  ON direct_calls (receiver_id, created_at DESC, id DESC, call_type, receiver_hidden)
  WHERE receiver_hidden = 0;
CREATE INDEX direct_calls_missed
  ON direct_calls (receiver_id, created_at DESC, id DESC, call_type, missed, receiver_hidden)
  WHERE missed = 1 AND receiver_hidden = 0;

-- The restart and the clean-up.
CREATE INDEX direct_calls_live ON direct_calls (created_at) WHERE ended_at IS NULL;
CREATE INDEX direct_calls_ended ON direct_calls (created_at) WHERE ended_at IS NOT NULL;
CREATE INDEX direct_calls_hidden ON direct_calls (created_at)
  WHERE caller_hidden = 1 AND receiver_hidden = 1 AND ended_at IS NOT NULL;
