// What the stage shows of a call, and who rings.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nothing } from '../../../web/pages/call/direct_call.js';
import { ringingOf, sceneOf } from '../../../web/pages/call/scene.js';
import { bob, calling, go, invited, ringing, talking, T } from '../lib/steps.mjs';

const noSession = { phase: 'idle', sessionId: null, people: [], invitation: null };
const session = {
  ...noSession,
  phase: 'connected',
  sessionId: 's1',
  title: 'Choir',
  since: T,
  people: [
    { id: 'alice', name: 'Alice', isMe: true, up: true },
    { id: 'bob', name: 'Bob', isMe: false, up: false },
    { id: 'carol', name: 'Carol', isMe: false, up: true },
  ],
};
const stream = { id: 'what bob sends' };
const world = ({ direct = nothing, flags, group = noSession, hasChat = false } = {}) => ({
  line: {
    state: direct,
    isFree: ['idle', 'ended'].includes(direct.stage),
    other: { stream, flags: { mic: true, camera: true, screen: false, ...flags } },
  },
  group: { state: group, isFree: group.phase === 'idle' || group.phase === 'ended' },
  media: { preview: () => 'my picture', screen: false, mic: false, camera: true },
  nameOf: (id) => (id === 'bob' ? 'Bob' : id),
  me: { id: 'alice', name: 'Alice' },
  hasChat,
});
const scene = (how) => sceneOf(world(how));
const labels = ({ choices }) => choices.map(({ label }) => label);

test('no call and an incoming one have no scene; who rings has a screen', () => {
  assert.equal(scene(), null);
  assert.equal(ringingOf(world()), null);
  assert.equal(scene({ direct: invited() }), null);
  assert.deepEqual(ringingOf(world({ direct: invited() })), {
    key: 'c1',
    id: 'bob',
    name: 'Bob',
    what: 'Call',
    type: 'audio',
    isGroup: false,
    isOpening: false,
  });
});

test('an invitation rings with its title, but not into a call', () => {
  const initiator = { _id: 'bob', username: 'Bob' };
  const group = (title) => ({
    ...noSession,
    invitation: { sessionId: 's1', initiator, metadata: { title } },
  });
  const { what, key, isGroup } = ringingOf(world({ group: group('Choir') }));
  assert.deepEqual([what, key, isGroup], ['Group call: Choir', 's1', true]);
  assert.equal(ringingOf(world({ group: group('Group call') })).what, 'Group call');
  assert.equal(ringingOf(world({ direct: talking(), group: group('Choir') })), null);
});

test('before it is answered a call has a face and no tile, then a picture', () => {
  for (const direct of [calling(), ringing()]) {
    const { phase, tiles, faces, hasPicture, choices } = scene({ direct });
    assert.deepEqual(
      [phase, tiles, faces, hasPicture, choices],
      ['calling', [], [{ id: 'bob', name: 'Bob' }], false, []],
    );
  }
  const { phase, callId, tiles, hasPicture, self } = scene({ direct: talking() });
  assert.deepEqual([phase, callId, hasPicture], ['connected', 'c1', true]);
  assert.deepEqual(tiles, [
    { key: 'bob', ...bob, stream, up: true, mic: true, camera: true, screen: false },
  ]);
  assert.deepEqual(self, { track: 'my picture', isScreen: false, mic: false, camera: true });
});

test('there is a picture while media flows and camera or screen is on', () => {
  const direct = talking();
  assert.equal(scene({ direct, flags: { camera: false } }).hasPicture, false);
  assert.equal(scene({ direct, flags: { camera: false, screen: true } }).hasPicture, true);
  const { state } = go(direct, { is: 'media', up: false });
  const { hasPicture, phase, trouble } = scene({ direct: state });
  assert.deepEqual([hasPicture, phase, trouble], [false, 'reconnecting', 'media']);
});

test('what may be done at the end, and where there is no way', () => {
  const over = go(talking(), { is: 'hangUp' }).state;
  assert.deepEqual(labels(scene({ direct: over })), ['Call again', 'Close']);
  assert.deepEqual(labels(scene({ direct: over, hasChat: true })), [
    'Call again',
    'Read the chat',
    'Close',
  ]);
  assert.deepEqual(scene({ direct: over }).tiles, []);
  const stuck = go(talking(), { is: 'media', up: false, noWay: true }).state;
  assert.deepEqual(labels(scene({ direct: stuck })), ['Try again']);
});

test('a session shows the others, and comes before a direct call', () => {
  const { kind, phase, tiles, faces, hasPicture, isGroup } = scene({
    direct: talking(),
    group: session,
  });
  assert.deepEqual([kind, phase, hasPicture, isGroup], ['group', 'connected', true, true]);
  assert.deepEqual(
    tiles.map(({ id }) => id),
    ['bob', 'carol'],
  );
  assert.deepEqual(faces[1], { id: 'carol', name: 'Carol' });
  const alone = scene({ group: { ...session, people: session.people.slice(0, 1) } });
  assert.deepEqual([alone.faces, alone.hasPicture], [[{ id: 'alice', name: 'Alice' }], false]);
  assert.equal(scene({ group: { ...session, away: true } }).phase, 'reconnecting');
  assert.deepEqual(
    [true, false].map((mayShare) => scene({ group: { ...session, mayShare } }).canShare),
    [true, false],
  );
});

test('who left a session may join again, and not one that is over', () => {
  const ended = (why) => labels(scene({ group: { ...session, phase: 'ended', why, people: [] } }));
  for (const why of ['left', 'elsewhere', 'connection-lost'])
    assert.deepEqual(ended(why), ['Join again', 'Close']);
  for (const why of ['hangup', 'timeout', 'no-answer']) assert.deepEqual(ended(why), ['Close']);
});
