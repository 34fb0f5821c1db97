import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  lastSent,
  withNews,
  withOwn,
  withPage,
  withState,
} from '../../../web/pages/call/chat_log.js';

const T = Date.parse('2025-11-11T09:30:00.000Z');
const told = (id, n, userId = 'bob') => ({
  id,
  userId,
  text: `text of ${id}`,
  createdAt: new Date(T + n).toISOString(),
});
const own = (id, n) => ({ id, userId: 'alice', text: `text of ${id}`, at: T + n });
const shown = (log) => log.map(({ id, state }) => `${id} ${state}`);

test('what is told comes in the order in which it is told; ours that are under way stay last', () => {
  let log = withOwn([], own('m1', 0));
  log = withNews(log, told('b1', 5));
  log = withOwn(log, own('m2', 6));
  assert.deepEqual(shown(log), ['b1 sent', 'm1 pending', 'm2 pending']);
  log = withNews(log, told('m2', 7, 'alice'));
  assert.deepEqual(shown(log), ['b1 sent', 'm2 sent', 'm1 pending']);
});

test('the answer to a sender decides no order: what is told does', () => {
  let log = withState(withOwn([], own('m1', 0)), 'm1', 'sent');
  log = withNews(log, told('b1', 5));
  assert.deepEqual(shown(log), ['b1 sent', 'm1 sent']);
  assert.equal(lastSent(log), 'b1');
  log = withNews(withNews(log, told('m1', 6, 'alice')), told('b2', 7));
  assert.deepEqual(shown(log), ['b1 sent', 'm1 sent', 'b2 sent']);
  assert.deepEqual(shown(withState(log, 'm1', 'sent')), shown(log));
});

test('what is told twice is there once', () => {
  const log = withNews([], told('b1', 0));
  assert.equal(withNews(log, told('b1', 0)), log);
});

test('a message that failed can be sent again, and one that was told cannot fail any more', () => {
  let log = withState(withOwn([], own('m1', 0)), 'm1', 'failed');
  assert.deepEqual(shown(log), ['m1 failed']);
  log = withNews(withState(log, 'm1', 'pending'), told('m1', 3, 'alice'));
  assert.deepEqual(shown(withState(log, 'm1', 'failed')), ['m1 sent']);
});

test('a page is laid under what is there, whatever came first', () => {
  const log = withOwn(withNews([], told('b3', 30)), own('m1', 31));
  assert.deepEqual(shown(withPage(log, [told('b1', 10), told('b2', 20), told('b3', 30)])), [
    'b1 sent',
    'b2 sent',
    'b3 sent',
    'm1 pending',
  ]);
  assert.deepEqual(shown(withPage(log, [told('b1', 10)])), ['b1 sent', 'b3 sent', 'm1 pending']);
});

test('what was missed is asked for from the last message of the server', () => {
  assert.equal(lastSent([]), null);
  assert.equal(lastSent(withOwn(withNews([], told('b1', 0)), own('m1', 1))), 'b1');
});
