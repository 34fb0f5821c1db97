// Every state of a call has words of its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nothing, step } from '../../../web/pages/call/direct_call.js';
import { remark, wordsOf, wordsOfGroup } from '../../../web/pages/call/words.js';

const bob = { id: 'bob', name: 'Bob' };
const after = (...events) =>
  events.reduce((state, event) => step(state, { at: 1000, ...event })[0], nothing);
const say = (...events) => wordsOf(after(...events), 'Bob');
const ringing = [
  { is: 'call', peer: bob, type: 'audio' },
  { is: 'opened' },
  { is: 'callInitiated', callId: 'c1', receiverId: 'bob' },
];
const talking = [...ringing, { is: 'callAccepted', callId: 'c1' }, { is: 'media', up: true }];

test('of a call that rings, and how it may end', () => {
  assert.equal(say(...ringing).title, 'Ringing Bob…');
  assert.equal(
    say(...ringing, { is: 'callRejected', callId: 'c1', receiverId: 'bob' }).title,
    'Bob declined',
  );
  assert.equal(
    say(...ringing.slice(0, 2), { is: 'refused', event: 'initiateCall', code: 'user_busy' }).title,
    'Bob is in another call',
  );
  const offline = say(...ringing.slice(0, 2), {
    is: 'refused',
    event: 'initiateCall',
    code: 'user_offline',
  });
  assert.deepEqual(
    [offline.title, /missed calls/.test(offline.detail)],
    ['Bob is not online', true],
  );
  assert.equal(
    say(...ringing, { is: 'callEnded', callId: 'c1', reason: 'no-answer' }).title,
    'No answer',
  );
});

test('of a call that is interrupted, and why', () => {
  assert.equal(
    say(...talking, { is: 'peerReconnecting', callId: 'c1' }).title,
    'Bob lost the connection',
  );
  assert.equal(say(...talking, { is: 'lost' }).title, 'You are offline');
  assert.equal(say(...talking, { is: 'media', up: false }).title, 'The connection is interrupted');
  assert.match(say(...talking, { is: 'media', up: false, noWay: true }).detail, /TURN/);
});

test('of the end: who, and how long', () => {
  assert.deepEqual(say(...talking, { is: 'hangUp', at: 62000 }), {
    title: 'You hung up',
    detail: 'It lasted 1:01.',
    tone: 'quiet',
  });
  assert.equal(
    say(...talking, {
      is: 'callEnded',
      callId: 'c1',
      reason: 'hangup',
      endedBy: 'bob',
      duration: 5,
    }).title,
    'Bob hung up',
  );
  const ended = (reason, endedBy) =>
    say(...talking, { is: 'callEnded', callId: 'c1', reason, endedBy, duration: 5 }).title;
  assert.equal(ended('hangup', 'alice'), 'You hung up'); // on another device
  assert.equal(ended('connection-lost', 'bob'), 'Bob lost the connection');
  assert.equal(ended('connection-lost', 'alice'), 'The connection was lost');
});

test('every remark is one of its own', () => {
  const unknown = remark('no such thing');
  for (const what of [
    'mic-refused',
    'camera-none',
    'missed',
    'elsewhere',
    'on-another-tab',
    'not-connected',
  ]) {
    assert.notEqual(remark(what, 'Bob'), unknown, what);
  }
  assert.match(remark('missed', 'Bob'), /Bob/);
});

test('of a session', () => {
  const me = { isMe: true };
  const state = (more) =>
    wordsOfGroup(
      { phase: 'connected', away: false, people: [me], title: 'Stand-up', ...more },
      (id) => id,
      'alice',
    );
  assert.equal(state({}).title, 'Waiting for the others…');
  assert.equal(state({ people: [me, { up: false }] }).title, 'Connecting…');
  assert.equal(state({ people: [me, { up: true }] }).title, 'Stand-up');
  assert.equal(state({ away: true }).title, 'You are offline');
  assert.equal(
    state({ phase: 'ended', why: 'hangup', endedBy: 'bob', duration: 61 }).title,
    'bob ended the call',
  );
  assert.equal(
    state({ phase: 'ended', why: 'hangup', endedBy: 'alice' }).title,
    'You ended the call',
  );
});
