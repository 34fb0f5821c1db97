import assert from 'node:assert/strict';
import { test } from 'node:test';
import { store } from '../../../web/pages/common/store.js';

test('tells those whose part has changed, and nobody else', () => {
  const state = store({ a: 1, b: { c: 2 } });
  const heard = [];
  state.on(
    ({ a }) => a,
    (now, before) => heard.push(['a', now, before]),
  );
  state.on(
    ({ b }) => b.c,
    (now) => heard.push(['c', now]),
  );
  state.set({ a: 2 });
  state.set({ a: 2, b: { c: 2 } });
  state.set(({ a }) => ({ a: a + 1 }));
  state.set({ b: { c: 3 } });
  assert.deepEqual(heard, [
    ['a', 2, 1],
    ['a', 3, 2],
    ['c', 3],
  ]);
});

test('a listener that was taken off hears nothing more, even during a change', () => {
  const state = store({ n: 0 });
  const heard = [];
  const off = state.on(
    ({ n }) => n,
    (n) => heard.push(n),
  );
  state.set({ n: 1 });
  off();
  state.set({ n: 2 });
  assert.deepEqual(heard, [1]);
});

test('a change made while one is told is told, too', () => {
  const state = store({ n: 0, double: 0 });
  state.on(
    ({ n }) => n,
    (n) => state.set({ double: 2 * n }),
  );
  const heard = [];
  state.on(
    ({ double }) => double,
    (value) => heard.push(value),
  );
  state.set({ n: 4 });
  assert.deepEqual([state.get().double, heard], [8, [8]]);
});

test('what was read is not changed behind the reader', () => {
  const state = store({ n: 0 });
  const before = state.get();
  state.set({ n: 1 });
  assert.equal(before.n, 0);
  assert.throws(() => {
    'use strict';
    before.n = 5;
  }, TypeError);
});
