// A ladder: what lies where, for calls of every kind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layout, PAUSE_MS } from '../../../web/pages/ops/ladder.js';

const step = (what, at, from = null, to = null, more = {}) => ({ what, at, from, to, ...more });
const call = (steps, more = {}) => ({
  callId: 'c1',
  kind: 'direct',
  people: ['alice', 'bob'],
  leftOut: 0,
  steps,
  ...more,
});
const names = ['Alice', 'Bob', 'Carol', 'Dave', 'Erin', 'Frank', 'Grace', 'Heidi'];
const plan = (timeline, width = 800) => layout(timeline, width, (index) => names[index]);

const reloaded = call([
  step('ring', 0, 0, 1),
  step('accept', 1204, 1, 0),
  step('offer', 1400, 0, 1),
  step('candidates', 1412, 0, 1, { n: 7, until: 1510 }),
  step('answer', 1488, 1, 0),
  step('candidates', 1501, 1, 0, { n: 2, until: 1900 }),
  step('drop', 2000, 1),
  step('back', 2600, 1),
  step('offer', 2700, 1, 0),
  step('end', 3000, 0, null, { reason: 'hangup' }),
]);

test('a row for each step, from above to below, with its time', () => {
  const { rows } = plan(reloaded);
  assert.deepEqual(
    rows.map(({ is }) => is),
    reloaded.steps.map(({ what }) => what),
  );
  rows.reduce(
    (last, row) => {
      assert.ok(
        row.top >= last.top + last.height && row.y > row.top && row.y < row.top + row.height,
      );
      return row;
    },
    { top: 0, height: 0 },
  );
  assert.deepEqual([rows[0].time, rows[1].time], ['+0.000 s', '+1.204 s']);
  assert.deepEqual(
    rows.map(({ text }) => text),
    [
      'ring',
      'accept',
      'offer',
      '7 candidates in 98 ms',
      'answer',
      '2 candidates in 399 ms',
      'connection lost',
      'back again',
      'offer',
      'Alice hung up',
    ],
  );
});

test('arrows go from the sender to the receiver, and to every other where none is named', () => {
  const { rows, columns } = plan(reloaded);
  const [alice, bob] = columns.map(({ x }) => x);
  assert.ok(alice < bob);
  assert.deepEqual(rows[0].arrow, { from: alice, to: [bob] });
  assert.deepEqual(rows[1].arrow, { from: bob, to: [alice] });
  const three = plan(call([step('offer', 0, 1)], { people: ['a', 'b', 'c'], kind: 'session' }));
  assert.deepEqual(three.rows[0].arrow, {
    from: three.columns[1].x,
    to: [three.columns[0].x, three.columns[2].x],
  });
});

test('drops, returns and their like are marks on the line of one', () => {
  const { rows, columns } = plan(reloaded);
  assert.deepEqual(
    [rows[6].mark, rows[6].arrow, rows[7].mark],
    [columns[1].x, undefined, columns[1].x],
  );
  assert.deepEqual([rows[6].tone, rows[7].tone], ['warn', 'good']);
});

test('the end is a bar across all, which alarms when nobody wanted it', () => {
  const { rows, columns, isOver } = plan(reloaded);
  assert.deepEqual(rows.at(-1).bar, { from: columns[0].x, to: columns[1].x });
  assert.deepEqual([isOver, rows.at(-1).tone], [true, 'quiet']);
  const end = (reason, from) => plan(call([step('end', 5, from, null, { reason })])).rows[0];
  assert.deepEqual(
    [end('connection-lost', 1).tone, end('connection-lost', 1).text],
    ['danger', 'Bob did not come back'],
  );
  assert.equal(end('timeout', null).tone, 'danger');
  assert.deepEqual(
    [end('busy', null).tone, end('busy', null).text],
    ['quiet', 'Busy: already in a call'],
  );
  assert.deepEqual(
    [end('a-new-reason', null).tone, end('a-new-reason', null).text],
    ['quiet', 'A new reason'],
  );
});

test('lifelines: not in yet, in, away until back, over', () => {
  const { lifelines, columns, rows } = plan(reloaded);
  const of = (index) => lifelines.filter(({ x }) => x === columns[index].x);
  assert.deepEqual(
    of(0).map(({ state }) => state),
    ['idle', 'in'],
  );
  assert.deepEqual(
    of(1).map(({ state }) => state),
    ['idle', 'in', 'away', 'in'],
  );
  const away = of(1)[2];
  assert.deepEqual([away.from, away.to], [rows[6].y, rows[7].y]);
  for (const one of [0, 1]) {
    of(one).reduce((end, run) => (assert.equal(run.from, end), run.to), 0);
    assert.equal(of(one).at(-1).to, rows.at(-1).y);
  }
});

test('a pause is a break with its length, and only a long one', () => {
  const { rows } = plan(
    call([step('ring', 0, 0, 1), step('accept', PAUSE_MS, 1, 0), step('drop', 64000, 1)]),
  );
  assert.deepEqual(
    rows.map(({ is, text }) => [is, text]),
    [
      ['ring', 'ring'],
      ['accept', 'accept'],
      ['break', '1 min 2 s'],
      ['drop', 'connection lost'],
    ],
  );
});

test('candidates that go on are no pause, and reach over the steps that fell between them', () => {
  const { rows, reaches, columns } = plan(
    call([
      step('offer', 0, 0, 1),
      step('candidates', 10, 0, 1, { n: 3, until: 3900 }),
      step('answer', 100, 1, 0),
      step('end', 4000, 0, null, { reason: 'hangup' }),
    ]),
  );
  assert.deepEqual(
    rows.map(({ is }) => is),
    ['offer', 'candidates', 'answer', 'end'],
  );
  assert.deepEqual(reaches, [{ x: columns[0].x, from: rows[1].y, to: rows[2].y }]);
});

test('a live call stays open below; one with too many steps says so before its end', () => {
  const live = plan(call([step('ring', 0, 0, 1)]));
  assert.equal(live.isOver, false);
  assert.equal(live.lifelines.filter(({ to }) => to > live.rows[0].y).length, 2);
  const long = plan(
    call([step('ring', 0, 0, 1), step('end', 90000, 0, null, { reason: 'hangup' })], {
      leftOut: 12,
    }),
  );
  assert.deepEqual(
    long.rows.map(({ is }) => is),
    ['ring', 'note', 'end'],
  );
  assert.match(long.rows[1].text, /^12 more/);
});

test('after a restart of the server a bar stands for what it does not know', () => {
  const { rows } = plan(
    call([step('ring', 0, 0, 1), step('accept', 900, 1, 0), step('restored', 1500)]),
  );
  assert.ok(rows[2].bar && rows[2].tone === 'quiet');
});

test('everything lies inside of the picture, however narrow the room and long the names', () => {
  for (const width of [300, 342, 800, 1600]) {
    for (const count of [1, 2, 3, 8]) {
      const people = names.slice(0, count);
      const steps = people
        .flatMap((_, at) => [
          step('join', at * 10, at),
          step('candidates', at * 10 + 1, at, (at + 1) % count, { n: 17, until: at * 10 + 4000 }),
          step('drop', at * 10 + 2, at),
        ])
        .filter(({ from, to }) => from !== to);
      const {
        columns,
        rows,
        width: all,
        height,
        lifelines,
      } = plan(call(steps, { people, kind: 'session' }), width);
      assert.ok(all >= width);
      for (const { x } of columns) assert.ok(x > 84 && x < all, `${x} of ${all}`);
      columns.slice(1).forEach(({ x }, at) => assert.ok(x - columns[at].x >= 60));
      for (const { label, text, y } of rows) {
        const long = text.length * 6;
        const left = { start: label.x, middle: label.x - long / 2, end: label.x - long }[
          label.anchor
        ];
        assert.ok(
          left >= 40 && left + long <= all,
          `"${text}" at ${left} of ${all}, ${count} in ${width}`,
        );
        assert.ok(y <= height);
      }
      for (const { to } of lifelines) assert.ok(to <= height);
    }
  }
});

test('a call of nobody, or without steps, is an empty picture', () => {
  assert.deepEqual(plan(call([])).rows, []);
  assert.deepEqual(plan(call([step('end', 0)], { people: [] })).rows, []);
});
