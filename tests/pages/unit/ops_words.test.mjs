// What operators read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  endWord,
  endWords,
  isAlarming,
  offset,
  peopleWords,
  span,
  stepLabel,
  stepSentence,
} from '../../../web/pages/ops/words.js';

const names = ['Alice', 'Bob'];
const say = (what, from, to, more) =>
  stepSentence({ what, from, to, at: 0, ...more }, (index) => names[index]);

test('times and spans', () => {
  assert.deepEqual([0, 1204, 9999, 42100, 725300, 4325000].map(offset), [
    '+0.000 s',
    '+1.204 s',
    '+9.999 s',
    '+42.1 s',
    '+12:05.3',
    '+1:12:05',
  ]);
  assert.deepEqual([340, 4200, 9960, 42000, 59600, 200000, 7500000].map(span), [
    '340 ms',
    '4.2 s',
    '10 s',
    '42 s',
    '1 min',
    '3 min 20 s',
    '2 h 5 min',
  ]);
});

test('every step is a sentence', () => {
  assert.equal(say('ring', 0, 1), 'Alice rings Bob.');
  assert.equal(say('ring', 0, null, { n: 20 }), 'Alice rings 20 people.');
  assert.equal(stepLabel({ what: 'ring', n: 20 }), 'ring ×20');
  assert.equal(say('accept', 1, 0), 'Bob accepts the call of Alice.');
  assert.equal(say('offer', 0, 1), 'Alice sends an offer to Bob.');
  assert.equal(say('offer', 0, 1, { n: 4 }), 'Alice sends 4 offers to Bob.');
  assert.equal(
    say('candidates', 1, 0, { n: 7, at: 10, until: 350 }),
    'Bob sends 7 candidates in 340 ms to Alice.',
  );
  assert.equal(say('candidates', 1, null), 'Bob sends 1 candidate to everybody else.');
  assert.equal(say('drop', 1, null), 'Bob loses the connection.');
  assert.equal(say('back', 1, null), 'Bob is back.');
  assert.equal(say('move', 1, null), 'Bob moves to another device.');
  assert.equal(say('join', 1, null), 'Bob joins.');
  assert.equal(say('leave', 1, null, { reason: 'connection-lost' }), 'Bob did not come back.');
  assert.equal(say('restored', null, null), 'The server was started anew.');
  assert.equal(say('end', 0, null, { reason: 'hangup' }), 'Alice hung up.');
  assert.equal(say('end', null, null, { reason: 'no-answer' }), 'No answer.');
});

test('every end has words of its own, and one that is not known still has some', () => {
  const reasons = [
    'hangup',
    'no-answer',
    'rejected',
    'cancelled',
    'busy',
    'offline',
    'connection-lost',
    'timeout',
    'last-left',
  ];
  assert.equal(new Set(reasons.map(endWord)).size, reasons.length);
  for (const reason of reasons) assert.ok(endWords(reason, null) && endWords(reason, 'Bob'));
  assert.deepEqual(reasons.filter(isAlarming), ['connection-lost', 'timeout']);
  assert.deepEqual(
    [endWord('moved-away'), endWords('moved-away', 'Bob')],
    ['Moved away', 'Moved away'],
  );
});

test('who is in a call', () => {
  assert.equal(peopleWords('direct', names), 'Alice → Bob');
  assert.equal(peopleWords('session', [...names, 'Carol']), 'Alice, Bob, Carol');
  assert.equal(peopleWords('session', [...names, 'Carol', 'Dave']), 'Alice, Bob and 2 more');
});

test('a step of a kind that is not known is shown by its name', () => {
  assert.equal(stepLabel({ what: 'some-thing' }), 'some thing');
  assert.equal(say('some-thing', 0, null), 'Alice some thing.');
});
