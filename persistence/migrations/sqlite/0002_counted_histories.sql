-- Fewer indexes, so that a call is written with less work.

DROP INDEX direct_calls_by_caller;
DROP INDEX direct_calls_by_receiver;
DROP INDEX direct_calls_missed;
DROP INDEX direct_calls_ended;
DROP INDEX direct_calls_hidden;

-- A page of a user's history is cut out of these alone, in order, without looking at the table. The last
-- columns are constant: SQLite looks a condition of the index up in the table unless it is in the index.
CREATE INDEX direct_calls_by_caller
  ON direct_calls (caller_id, call_type, created_at, id, caller_hidden) WHERE caller_hidden = 0;
CREATE INDEX direct_calls_by_receiver
  ON direct_calls (receiver_id, call_type, created_at, id, receiver_hidden)
  WHERE receiver_hidden = 0;
CREATE INDEX direct_calls_missed
  ON direct_calls (receiver_id, call_type, created_at, id, missed, receiver_hidden)
  WHERE missed = 1 AND receiver_hidden = 0;

-- The clean-up.
CREATE INDEX direct_calls_created ON direct_calls (created_at);
CREATE INDEX direct_calls_hidden ON direct_calls (created_at)
  WHERE caller_hidden = 1 AND receiver_hidden = 1;

-- How many entries there are in stretches of long histories, so that a page far down is found without
-- walking all entries above it. A block covers a user's entries after the block before it, up to and
-- including (last_at, last_id); n0 to n3 count what is visible of them, by class. What came after the
-- last block is not counted. For direct calls the class is 0 for audio, 1 for video, and 2 more where
-- the user missed the call.
CREATE TABLE history_blocks (
  kind    TEXT    NOT NULL,
  user_id TEXT    NOT NULL,
  last_at INTEGER NOT NULL,
  last_id TEXT    NOT NULL,
  n0      INTEGER NOT NULL,
  n1      INTEGER NOT NULL,
  n2      INTEGER NOT NULL,
  n3      INTEGER NOT NULL,
  PRIMARY KEY (kind, user_id, last_at, last_id)
) STRICT, WITHOUT ROWID;

-- One row for each kind of call: no block covers anything later than counted_until.
CREATE TABLE call_marks (
  kind          TEXT    NOT NULL PRIMARY KEY,
  counted_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What changes in counted stretches is counted with it. Usually there is nothing to do: what is new is
-- later than the mark.

CREATE TRIGGER direct_calls_inserted AFTER INSERT ON direct_calls
WHEN NEW.created_at <= (SELECT counted_until FROM call_marks WHERE kind = 'direct')
BEGIN
  UPDATE history_blocks
  SET n0 = n0 + (NEW.call_type <> 'video'), n1 = n1 + (NEW.call_type = 'video')
  WHERE NEW.caller_hidden = 0 AND kind = 'direct' AND user_id = NEW.caller_id
    AND (last_at, last_id) = (
      SELECT last_at, last_id FROM history_blocks
      WHERE kind = 'direct' AND user_id = NEW.caller_id
        AND (last_at, last_id) >= (NEW.created_at, NEW.id)
      ORDER BY last_at, last_id LIMIT 1);
  UPDATE history_blocks
  SET n0 = n0 + (NEW.missed = 0 AND NEW.call_type <> 'video'),
    n1 = n1 + (NEW.missed = 0 AND NEW.call_type = 'video'),
    n2 = n2 + (NEW.missed = 1 AND NEW.call_type <> 'video'),
    n3 = n3 + (NEW.missed = 1 AND NEW.call_type = 'video')
  WHERE NEW.receiver_hidden = 0 AND kind = 'direct' AND user_id = NEW.receiver_id
    AND (last_at, last_id) = (
      SELECT last_at, last_id FROM history_blocks
      WHERE kind = 'direct' AND user_id = NEW.receiver_id
        AND (last_at, last_id) >= (NEW.created_at, NEW.id)
      ORDER BY last_at, last_id LIMIT 1);
END;

CREATE TRIGGER direct_calls_updated
AFTER UPDATE OF missed, caller_hidden, receiver_hidden ON direct_calls
WHEN (OLD.missed <> NEW.missed OR OLD.caller_hidden <> NEW.caller_hidden
      OR OLD.receiver_hidden <> NEW.receiver_hidden)
  AND OLD.created_at <= (SELECT counted_until FROM call_marks WHERE kind = 'direct')
BEGIN
  UPDATE history_blocks
  SET n0 = n0 + (NEW.call_type <> 'video') * (OLD.caller_hidden - NEW.caller_hidden),
    n1 = n1 + (NEW.call_type = 'video') * (OLD.caller_hidden - NEW.caller_hidden)
  WHERE kind = 'direct' AND user_id = NEW.caller_id
    AND (last_at, last_id) = (
      SELECT last_at, last_id FROM history_blocks
      WHERE kind = 'direct' AND user_id = NEW.caller_id
        AND (last_at, last_id) >= (NEW.created_at, NEW.id)
      ORDER BY last_at, last_id LIMIT 1);
  UPDATE history_blocks
  SET n0 = n0 + (NEW.call_type <> 'video')
      * ((NEW.missed = 0 AND NEW.receiver_hidden = 0) - (OLD.missed = 0 AND OLD.receiver_hidden = 0)),
    n1 = n1 + (NEW.call_type = 'video')
      * ((NEW.missed = 0 AND NEW.receiver_hidden = 0) - (OLD.missed = 0 AND OLD.receiver_hidden = 0)),
    n2 = n2 + (NEW.call_type <> 'video')
      * ((NEW.missed = 1 AND NEW.receiver_hidden = 0) - (OLD.missed = 1 AND OLD.receiver_hidden = 0)),
    n3 = n3 + (NEW.call_type = 'video')
      * ((NEW.missed = 1 AND NEW.receiver_hidden = 0) - (OLD.missed = 1 AND OLD.receiver_hidden = 0))
  WHERE kind = 'direct' AND user_id = NEW.receiver_id
    AND (last_at, last_id) = (
      SELECT last_at, last_id FROM history_blocks
      WHERE kind = 'direct' AND user_id = NEW.receiver_id
        AND (last_at, last_id) >= (NEW.created_at, NEW.id)
      ORDER BY last_at, last_id LIMIT 1);
END;

CREATE TRIGGER direct_calls_deleted AFTER DELETE ON direct_calls
WHEN OLD.created_at <= (SELECT counted_until FROM call_marks WHERE kind = 'direct')
BEGIN
  UPDATE history_blocks
  SET n0 = n0 - (OLD.call_type <> 'video'), n1 = n1 - (OLD.call_type = 'video')
  WHERE OLD.caller_hidden = 0 AND kind = 'direct' AND user_id = OLD.caller_id
    AND (last_at, last_id) = (
      SELECT last_at, last_id FROM history_blocks
      WHERE kind = 'direct' AND user_id = OLD.caller_id
        AND (last_at, last_id) >= (OLD.created_at, OLD.id)
      ORDER BY last_at, last_id LIMIT 1);
  UPDATE history_blocks
  SET n0 = n0 - (OLD.missed = 0 AND OLD.call_type <> 'video'),
    n1 = n1 - (OLD.missed = 0 AND OLD.call_type = 'video'),
    n2 = n2 - (OLD.missed = 1 AND OLD.call_type <> 'video'),
    n3 = n3 - (OLD.missed = 1 AND OLD.call_type = 'video')
  WHERE OLD.receiver_hidden = 0 AND kind = 'direct' AND user_id = OLD.receiver_id
    AND (last_at, last_id) = (
      SELECT last_at, last_id FROM history_blocks
      WHERE kind = 'direct' AND user_id = OLD.receiver_id
        AND (last_at, last_id) >= (OLD.created_at, OLD.id)
      ORDER BY last_at, last_id LIMIT 1);
END;

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
    SELECT caller_id AS user_id, created_at AS at, id, (call_type = 'video') AS class
    FROM direct_calls WHERE caller_hidden = 0
    UNION ALL
    SELECT receiver_id, created_at, id, (call_type = 'video') + 2 * missed
    FROM direct_calls WHERE receiver_hidden = 0
  ) AS e
) AS placed
WHERE place <= (entries - 256) / 512 * 512
GROUP BY user_id, (place - 1) / 512;

INSERT INTO call_marks (kind, counted_until)
SELECT 'direct', coalesce(max(last_at), -1) FROM history_blocks;
