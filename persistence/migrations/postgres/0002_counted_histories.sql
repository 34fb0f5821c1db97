-- A call is written two or three times within a minute. While its page has room, and no index is over
-- what changes, a rewrite touches nothing but that page (HOT): half of each page is left for that, and
-- nothing is indexed that the end of a call changes, but for missed calls.

ALTER TABLE direct_calls SET (fillfactor = 50);

DROP INDEX direct_calls_by_caller, direct_calls_by_receiver, direct_calls_missed, direct_calls_live,
  direct_calls_ended, direct_calls_hidden;

-- A page of a user's history is cut out of these alone, in order, without looking at the table.
CREATE INDEX direct_calls_by_caller
  ON direct_calls (caller_id, call_type, created_at, id) WHERE NOT caller_hidden;
CREATE INDEX direct_calls_by_receiver
  ON direct_calls (receiver_id, call_type, created_at, id) WHERE NOT receiver_hidden;
CREATE INDEX direct_calls_missed
  ON direct_calls (receiver_id, call_type, created_at, id) WHERE missed AND NOT receiver_hidden;

-- The restart and the clean-up.
CREATE INDEX direct_calls_created ON direct_calls (created_at);
CREATE INDEX direct_calls_hidden ON direct_calls (created_at)
  WHERE caller_hidden AND receiver_hidden;

-- How many entries there are in stretches of long histories, so that a page far down is found without
-- walking all entries above it. A block covers a user's entries after the block before it, up to and
-- including (last_at, last_id); n0 to n3 count what is visible of them, by class. What came after the
-- last block is not counted. For direct calls the class is 0 for audio, 1 for video, and 2 more where
-- the user missed the call.
CREATE TABLE history_blocks (
  kind    text COLLATE "C" NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  last_at timestamptz NOT NULL,
  last_id text COLLATE "C" NOT NULL,
  n0      integer NOT NULL,
  n1      integer NOT NULL,
  n2      integer NOT NULL,
  n3      integer NOT NULL,
  PRIMARY KEY (kind, user_id, last_at, last_id)
);

-- One row for each kind of call. No block covers anything later than counted_until, and what was
-- created before live_since has ended or is in long_calls: the restart looks at nothing else. Whoever
-- adds blocks or moves a mark locks this table exclusively: the triggers read it, so nobody else is in
-- the middle of a write then.
CREATE TABLE call_marks (
  kind          text COLLATE "C" PRIMARY KEY,
  counted_until timestamptz NOT NULL,
  live_since    timestamptz NOT NULL
) WITH (autovacuum_enabled = false);

-- Those that go on, or went on, longer than others.
CREATE TABLE long_calls (
  kind text COLLATE "C" NOT NULL,
  id   text COLLATE "C" NOT NULL,
  PRIMARY KEY (kind, id)
);

-- False when others are writing just now.
CREATE FUNCTION lock_call_marks() RETURNS boolean LANGUAGE plpgsql
SET search_path FROM CURRENT SET lock_timeout = '100ms' AS $$
BEGIN
  LOCK TABLE call_marks IN ACCESS EXCLUSIVE MODE;
  RETURN true;
EXCEPTION WHEN lock_not_available THEN
  RETURN false;
END $$;

-- Counts changes of entries in the blocks that cover them, if any do.
CREATE FUNCTION count_history(of_kind text, users text[], ats timestamptz[], ids text[],
                              classes integer[], changes integer[])
RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  UPDATE history_blocks AS b
  SET n0 = b.n0 + c.n0, n1 = b.n1 + c.n1, n2 = b.n2 + c.n2, n3 = b.n3 + c.n3
  FROM (
    SELECT k.user_id, k.last_at, k.last_id,
      sum(CASE e.class WHEN 0 THEN e.change ELSE 0 END) AS n0,
      sum(CASE e.class WHEN 1 THEN e.change ELSE 0 END) AS n1,
      sum(CASE e.class WHEN 2 THEN e.change ELSE 0 END) AS n2,
      sum(CASE e.class WHEN 3 THEN e.change ELSE 0 END) AS n3
    FROM unnest(users, ats, ids, classes, changes) AS e (user_id, at, id, class, change)
    CROSS JOIN LATERAL (
      SELECT h.user_id, h.last_at, h.last_id FROM history_blocks AS h
      WHERE h.kind = of_kind AND h.user_id = e.user_id AND (h.last_at, h.last_id) >= (e.at, e.id)
      ORDER BY h.last_at, h.last_id LIMIT 1
    ) AS k
    GROUP BY k.user_id, k.last_at, k.last_id
  ) AS c
  WHERE b.kind = of_kind AND b.user_id = c.user_id AND b.last_at = c.last_at
    AND b.last_id = c.last_id;
END $$;

CREATE FUNCTION direct_call_class(call_type text, missed boolean) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN call_type = 'video' THEN 1 ELSE 0 END + CASE WHEN missed THEN 2 ELSE 0 END
$$;

CREATE FUNCTION direct_calls_inserted() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  -- Nearly always there is nothing to do: what is new is later than the marks.
  IF NOT EXISTS (SELECT FROM fresh AS c CROSS JOIN call_marks AS m WHERE m.kind = 'direct'
                 AND (c.created_at <= m.counted_until OR c.created_at < m.live_since)) THEN
    RETURN NULL;
  END IF;
  PERFORM count_history('direct', array_agg(e.user_id), array_agg(e.at), array_agg(e.id),
                        array_agg(e.class), array_agg(1))
  FROM (
    SELECT caller_id AS user_id, created_at AS at, id, direct_call_class(call_type, false) AS class
    FROM fresh WHERE NOT caller_hidden
    UNION ALL
    SELECT receiver_id, created_at, id, direct_call_class(call_type, missed)
    FROM fresh WHERE NOT receiver_hidden
  ) AS e;
  INSERT INTO long_calls
  SELECT 'direct', c.id FROM fresh AS c CROSS JOIN call_marks AS m
  WHERE m.kind = 'direct' AND c.ended_at IS NULL AND c.created_at < m.live_since
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE FUNCTION direct_calls_updated() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM call_marks AS m WHERE m.kind = 'direct'
                 AND (OLD.created_at <= m.counted_until OR OLD.created_at < m.live_since)) THEN
    RETURN NULL;
  END IF;
  PERFORM count_history(
    'direct', ARRAY[OLD.caller_id, NEW.caller_id, OLD.receiver_id, NEW.receiver_id],
    ARRAY[OLD.created_at, NEW.created_at, OLD.created_at, NEW.created_at],
    ARRAY[OLD.id, NEW.id, OLD.id, NEW.id],
    ARRAY[direct_call_class(OLD.call_type, false), direct_call_class(NEW.call_type, false),
          direct_call_class(OLD.call_type, OLD.missed),
          direct_call_class(NEW.call_type, NEW.missed)],
    ARRAY[CASE WHEN OLD.caller_hidden THEN 0 ELSE -1 END,
          CASE WHEN NEW.caller_hidden THEN 0 ELSE 1 END,
          CASE WHEN OLD.receiver_hidden THEN 0 ELSE -1 END,
          CASE WHEN NEW.receiver_hidden THEN 0 ELSE 1 END]);
  INSERT INTO long_calls
  SELECT 'direct', NEW.id FROM call_marks AS m
  WHERE m.kind = 'direct' AND NEW.ended_at IS NULL AND NEW.created_at < m.live_since
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE FUNCTION direct_calls_deleted() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM count_history('direct', array_agg(e.user_id), array_agg(e.at), array_agg(e.id),
                        array_agg(e.class), array_agg(-1))
  FROM (
    SELECT caller_id AS user_id, created_at AS at, id, direct_call_class(call_type, false) AS class
    FROM gone WHERE NOT caller_hidden
    UNION ALL
    SELECT receiver_id, created_at, id, direct_call_class(call_type, missed)
    FROM gone WHERE NOT receiver_hidden
  ) AS e
  -- Where none is counted, too, the marks are read: see call_marks.
  WHERE e.at <= (SELECT counted_until FROM call_marks WHERE kind = 'direct');
  DELETE FROM long_calls AS l USING gone AS g WHERE l.kind = 'direct' AND l.id = g.id;
  RETURN NULL;
END $$;

CREATE FUNCTION direct_calls_truncated() RETURNS trigger LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
  DELETE FROM history_blocks WHERE kind = 'direct';
  DELETE FROM long_calls WHERE kind = 'direct';
  RETURN NULL;
END $$;

CREATE TRIGGER direct_calls_inserted AFTER INSERT ON direct_calls
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION direct_calls_inserted();
CREATE TRIGGER direct_calls_updated AFTER UPDATE ON direct_calls FOR EACH ROW
  WHEN (OLD.missed <> NEW.missed OR OLD.caller_hidden <> NEW.caller_hidden
        OR OLD.receiver_hidden <> NEW.receiver_hidden
        OR (NEW.ended_at IS NULL AND OLD.ended_at IS NOT NULL))
  EXECUTE FUNCTION direct_calls_updated();
CREATE TRIGGER direct_calls_deleted AFTER DELETE ON direct_calls
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION direct_calls_deleted();
CREATE TRIGGER direct_calls_truncated AFTER TRUNCATE ON direct_calls
  FOR EACH STATEMENT EXECUTE FUNCTION direct_calls_truncated();

-- What is there already: blocks of 512, but for the newest 256 to 767 entries of each user.
INSERT INTO history_blocks (kind, user_id, last_at, last_id, n0, n1, n2, n3)
SELECT 'direct', user_id, max(at), max(CASE WHEN place % 512 = 0 THEN id END),
  count(*) FILTER (WHERE class = 0), count(*) FILTER (WHERE class = 1),
  count(*) FILTER (WHERE class = 2), count(*) FILTER (WHERE class = 3)
FROM (
  SELECT user_id, at, id, class,
    row_number() OVER (PARTITION BY user_id ORDER BY at, id) AS place,
    count(*) OVER (PARTITION BY user_id) AS entries
  FROM (
    SELECT caller_id AS user_id, created_at AS at, id, direct_call_class(call_type, false) AS class
    FROM direct_calls WHERE NOT caller_hidden
    UNION ALL
    SELECT receiver_id, created_at, id, direct_call_class(call_type, missed)
    FROM direct_calls WHERE NOT receiver_hidden
  ) AS e
) AS placed
WHERE place <= (entries - 256) / 512 * 512
GROUP BY user_id, (place - 1) / 512;

INSERT INTO call_marks (kind, counted_until, live_since)
SELECT 'direct', coalesce((SELECT max(last_at) FROM history_blocks), '-infinity'),
  coalesce((SELECT least(latest, now()) - interval '15 minutes'
            FROM (SELECT max(created_at) AS latest FROM direct_calls) AS calls
            WHERE latest IS NOT NULL), '-infinity');

INSERT INTO long_calls
SELECT 'direct', id FROM direct_calls
WHERE ended_at IS NULL AND created_at < (SELECT live_since FROM call_marks);
