import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ago,
  bytes,
  clock,
  day,
  hue,
  initials,
  number,
  time,
} from '../../../web/pages/common/format.js';

test('seconds as a clock', () => {
  assert.deepEqual([0, 5, 65, 3599, 3600, 36065, -3, 7.9].map(clock), [
    '0:00',
    '0:05',
    '1:05',
    '59:59',
    '1:00:00',
    '10:01:05',
    '0:00',
    '0:07',
  ]);
});

test('how long ago', () => {
  const now = new Date(2025, 10, 11, 15, 0, 30).getTime();
  const before = (ms) => ago(now - ms, now);
  assert.deepEqual(
    [before(0), before(59000), before(60000), before(59 * 60000), before(3600000)],
    ['just now', 'just now', '1 min', '59 min', '14:00'],
  );
  assert.equal(before(24 * 3600000), 'Yesterday');
  assert.equal(ago(new Date(now).toISOString(), now), 'just now');
});

test('days as one speaks of them', () => {
  const now = new Date(2025, 10, 11, 0, 5).getTime(); // a Tuesday, just after midnight
  assert.equal(day(now, now), 'Today');
  assert.equal(day(now - 10 * 60000, now), 'Yesterday');
  assert.equal(day(now - 3 * 86400000, now), 'Saturday');
  assert.equal(day(new Date(2025, 9, 1, 12), now), '1 October');
  assert.equal(day(new Date(2024, 9, 1, 12), now), '1 October 2024');
  assert.equal(time(new Date(2025, 0, 1, 9, 4)), '09:04');
});

test('initials of names of all kinds', () => {
  assert.deepEqual(
    [
      'Alice',
      'Ada Lovelace',
      'anna maria di sotto',
      'émile zola',
      'x_1',
      '  ',
      '',
      null,
      '日本',
    ].map(initials),
    ['A', 'AL', 'AS', 'ÉZ', 'X1', '?', '?', '?', '日'],
  );
});

test('a hue belongs to an id and is one', () => {
  const ids = ['alice', 'bob', 'carol', 'dave', 'user-1', 'user-2', '日本'];
  for (const id of ids) {
    assert.equal(hue(id), hue(id));
    assert.ok(hue(id) >= 0 && hue(id) < 360, id);
  }
  assert.ok(new Set(ids.map(hue)).size > 5);
});

test('figures that fit a tile', () => {
  assert.deepEqual([0, 7, 4.23, 950, 9999, 12345, 999949, 999960, 4500000, null, NaN].map(number), [
    '0',
    '7',
    '4.2',
    '950',
    '9999',
    '12.3k',
    '999.9k',
    '1M',
    '4.5M',
    '–',
    '–',
  ]);
  assert.deepEqual([0, 999, 1500, 15000, 2500000].map(bytes), [
    '0 B',
    '999 B',
    '1.5 kB',
    '15 kB',
    '2.5 MB',
  ]);
});
