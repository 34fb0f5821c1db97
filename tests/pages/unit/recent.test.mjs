import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directRow, merged, outcome, sessionRow } from '../../../web/pages/call/recent.js';
import { clock } from '../../../web/pages/common/format.js';

const at = (minute) => `2025-11-11T09:${String(minute).padStart(2, '0')}:00.000Z`;
const alice = { _id: 'alice', username: 'Alice' };
const bob = { _id: 'bob', username: 'Bob' };
const direct = (more) => ({
  _id: 'c1',
  callerId: alice,
  receiverId: bob,
  callType: 'video',
  status: 'completed',
  duration: 65,
  direction: 'outgoing',
  isMissed: false,
  createdAt: at(1),
  ...more,
});
const session = (more) => ({
  sessionId: 'call_1_a',
  initiatorId: 'alice',
  status: 'ended',
  createdAt: at(2),
  metadata: { title: 'Stand-up' },
  participants: [
    { userId: 'alice', username: 'Alice', joinedAt: at(2), duration: 30 },
    { userId: 'bob', username: 'Bob', joinedAt: null, duration: 0 },
  ],
  ...more,
});

test('a direct call shows the other side', () => {
  const out = directRow(direct());
  assert.deepEqual(
    [out.direction, out.people[0], out.channelId, out.isLive],
    ['out', { id: 'bob', name: 'Bob' }, null, false],
  );
  const into = directRow(
    direct({ direction: 'incoming', isMissed: true, streamChannelId: 'messaging:call-c1' }),
  );
  assert.deepEqual(
    [into.direction, into.people[0].id, into.isMissed, into.channelId],
    ['in', 'alice', true, 'messaging:call-c1'],
  );
});

test("a session shows the others, one's own time, and whether one missed it", () => {
  const mine = sessionRow(session(), 'alice');
  assert.deepEqual(
    [mine.direction, mine.duration, mine.isMissed, mine.title],
    ['out', 30, false, 'Stand-up'],
  );
  const missed = sessionRow(session({ metadata: {} }), 'bob');
  assert.deepEqual(
    [missed.direction, missed.isMissed, missed.title, missed.people.map(({ id }) => id)],
    ['in', true, 'Group call', ['alice']],
  );
  assert.equal(sessionRow(session({ status: 'active' }), 'bob').isMissed, false);
});

test('how it went, in a word', () => {
  const words = (more) => outcome(directRow(direct(more)), clock);
  assert.equal(words({}), '1:05');
  assert.equal(words({ isMissed: true, status: 'missed', duration: 0 }), 'Missed');
  assert.equal(words({ status: 'missed', duration: 0 }), 'No answer');
  assert.equal(words({ status: 'rejected', duration: 0 }), 'Declined');
  assert.equal(words({ status: 'rejected', duration: 0, direction: 'incoming' }), 'You declined');
  assert.equal(words({ status: 'active', duration: 0 }), 'Now');
});

test('two lists become one, newest first, as far down as both are known', () => {
  const rows = (...minutes) => minutes.map((minute) => ({ id: `r${minute}`, at: minute }));
  const ids = (lists) => merged(lists).map(({ id }) => id);
  assert.deepEqual(
    ids([
      { rows: rows(9, 5, 1), more: false },
      { rows: rows(8, 3), more: false },
    ]),
    ['r9', 'r8', 'r5', 'r3', 'r1'],
  );
  assert.deepEqual(
    ids([
      { rows: rows(9, 5, 1), more: false },
      { rows: rows(8, 3), more: true },
    ]),
    ['r9', 'r8', 'r5', 'r3'],
  );
  assert.deepEqual(
    ids([
      { rows: [], more: false },
      { rows: [], more: false },
    ]),
    [],
  );
});
