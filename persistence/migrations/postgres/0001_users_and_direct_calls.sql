-- Ids compare byte by byte (COLLATE "C"), so that both stores sort them alike.

CREATE TABLE users (
  id          text COLLATE "C" PRIMARY KEY,
  name        text NOT NULL,
  email       text NOT NULL,
  image       text NOT NULL,
  role        text NOT NULL,
  claim_name  text NOT NULL,
  claim_email text NOT NULL,
  claim_image text NOT NULL,
  claim_role  text NOT NULL,
  created_at  timestamptz NOT NULL,
  updated_at  timestamptz NOT NULL
);

-- A call is written two or three times within a minute: the room left in each page keeps most of those
-- rewrites out of the indexes.
CREATE TABLE direct_calls (
  id              text COLLATE "C" PRIMARY KEY,
  caller_id       text COLLATE "C" NOT NULL,
  receiver_id     text COLLATE "C" NOT NULL,
  call_type       text    NOT NULL,
  status          text    NOT NULL,
  reason          text    NOT NULL,
  missed          boolean NOT NULL,
  via_rest        boolean NOT NULL,
  version         bigint  NOT NULL,
  duration_s      bigint  NOT NULL,
  ended_by        text    NOT NULL,
  created_at      timestamptz NOT NULL,
  started_at      timestamptz,
  ended_at        timestamptz,
  ring_deadline   timestamptz,
  call_deadline   timestamptz,
  caller_hidden   boolean NOT NULL DEFAULT false,
  receiver_hidden boolean NOT NULL DEFAULT false,
  CHECK (caller_id <> receiver_id)
) WITH (fillfactor = 85);

-- A page of a user's history is cut out of these alone, in order, without looking at the table.
CREATE INDEX direct_calls_by_caller
  ON direct_calls (caller_id, created_at DESC, id DESC, call_type) WHERE NOT caller_hidden;
CREATE INDEX direct_calls_by_receiver
  ON direct_calls (receiver_id, created_at DESC, id DESC, call_type) WHERE NOT receiver_hidden;
CREATE INDEX direct_calls_missed
  ON direct_calls (receiver_id, created_at DESC, id DESC, call_type)
  WHERE missed AND NOT receiver_hidden;

-- The restart and the clean-up.
CREATE INDEX direct_calls_live ON direct_calls (created_at) WHERE ended_at IS NULL;
CREATE INDEX direct_calls_ended ON direct_calls (created_at) WHERE ended_at IS NOT NULL;
CREATE INDEX direct_calls_hidden ON direct_calls (created_at)
  WHERE caller_hidden AND receiver_hidden AND ended_at IS NOT NULL;
