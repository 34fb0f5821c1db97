// The figures behind the plots.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  linePath,
  merge,
  noFigures,
  slotsOf,
  topOf,
  valueAt,
  WINDOW,
} from '../../../web/pages/ops/series.js';

const answer = (beat, count) => {
  const at = Array.from({ length: count }, (_, n) => (beat - count + n + 1) * 1000);
  return { beat, now: { devices: beat }, series: { at, devices: at.map((time) => time / 1000) } };
};

test('answers are laid behind each other, and the oldest seconds forgotten', () => {
  const known = merge(merge(noFigures, answer(290, 290)), answer(310, 20));
  assert.deepEqual([known.beat, known.series.at.length], [310, WINDOW]);
  assert.deepEqual([known.series.devices[0], known.series.devices.at(-1)], [11, 310]);
});

test('a server that was started anew is asked for everything again', () => {
  const known = merge(merge(noFigures, answer(290, 290)), {
    beat: 3,
    now: { devices: 1 },
    series: { at: [] },
  });
  assert.deepEqual(known, { beat: 0, now: { devices: 1 }, series: { at: [] } });
});

test('a second that is missing leaves a gap', () => {
  const slots = slotsOf([1000, 2000, 8000, 9000]);
  assert.deepEqual(slots, [WINDOW - 9, WINDOW - 8, WINDOW - 2, WINDOW - 1]);
  assert.equal(linePath([10, 5, 0, 10], slots, 10), 'M291 0h0L292 50M298 100h0L299 0');
});

test('no value is a gap, and one alone a dot', () => {
  assert.equal(linePath([null, 5, null, 5, 5], [0, 1, 2, 3, 4], 10), 'M1 50h0M3 50h0L4 50');
  assert.equal(linePath([], [], 10), '');
});

test('the scale ends at a round figure', () => {
  assert.deepEqual(
    [[0], [3], [11], [20], [21], [501], [0.3]].map((values) => topOf(values)),
    [1, 5, 20, 20, 50, 1000, 1],
  );
  assert.equal(topOf([3], 50), 50);
});

test('a second is read where there is one', () => {
  const series = { at: [1000, 2000, 9000], devices: [4, 5, 6] };
  const slots = slotsOf(series.at);
  assert.deepEqual(valueAt(series, 'devices', slots, WINDOW - 1), { value: 6, at: 9000 });
  assert.deepEqual(valueAt(series, 'devices', slots, WINDOW - 7), { value: 5, at: 2000 });
  assert.equal(valueAt(series, 'devices', slots, WINDOW - 3), null);
  assert.equal(valueAt(series, 'devices', slots, 0), null);
});
