// Draws what `ladder.js` laid out. Colours and lines are in ladder.css.
import { svg } from '../common/dom.js';

const HEAD = 8; // length of an arrow's

const head = (x, y, direction) =>
  svg('path', { class: 'head', d: `M${x - direction * 2} ${y}l${-direction * HEAD} -4.5v9z` });

function arrow({ is, arrow: { from, to }, y }) {
  const [left, right] = [Math.min(from, ...to), Math.max(from, ...to)];
  const ends = to.map((x) => head(x, y, Math.sign(x - from) || 1));
  const line = (dy, cut) =>
    svg('path', {
      class: 'shaft',
      d: `M${left + (left < from ? cut : 0)} ${y + dy}H${right - (right > from ? cut : 0)}`,
    });
  const lines = is === 'candidates' ? [line(-1.75, HEAD), line(1.75, HEAD)] : [line(0, HEAD)];
  return [...lines, svg('circle', { class: 'from', cx: from, cy: y, r: 3.5 }), ...ends];
}

function mark({ is, mark: x, y }) {
  if (is === 'move') return [svg('path', { class: 'mark', d: `M${x} ${y - 7}l7 7l-7 7l-7 -7z` })];
  const isHollow = is === 'drop' || is === 'leave';
  const cross =
    is === 'drop' && svg('path', { class: 'cross', d: `M${x - 3} ${y - 3}l6 6m0 -6l-6 6` });
  return [
    svg('circle', { class: `mark${isHollow ? ' is-hollow' : ''}`, cx: x, cy: y, r: 7 }),
    cross,
  ];
}

const HALF_BAR = 13;

function bar({ bar: { from, to }, y, text, label }) {
  const half = Math.max((to - from) / 2 + 28, text.length * 3.6 + 16);
  return [
    svg('rect', {
      class: 'bar',
      x: label.x - half,
      y: y - HALF_BAR,
      width: 2 * half,
      height: 2 * HALF_BAR,
      rx: HALF_BAR,
    }),
  ];
}

/** Where a row's label stands: above an arrow, beside a mark, inside of a bar. */
const baseline = (row) => row.y + (row.arrow ? -8 : 4.5);

function drawRow(row, { width, columns, title, isFresh }) {
  const words = svg(
    'text',
    { class: 'label', x: row.label.x, y: baseline(row), 'text-anchor': row.label.anchor },
    row.text,
  );
  const group = (...children) =>
    svg(
      'g',
      {
        class: `row is-${row.is} tone-${row.tone}${isFresh ? ' is-fresh' : ''}`,
        'data-step': row.is,
      },
      children,
    );
  if (row.is === 'break') {
    const dots = columns.map(({ x }) => [
      svg('path', { class: 'torn', d: `M${x} ${row.top + 4}v${row.height - 8}` }),
      svg('path', { class: 'dots', d: `M${x} ${row.top + 8}v${row.height - 15}` }),
    ]);
    return group(dots, words);
  }
  if (row.is === 'note') return group(words);
  return group(
    svg('title', {}, title),
    svg('rect', { class: 'row-ground', x: 0, y: row.top, width, height: row.height, rx: 8 }),
    row.arrow && arrow(row),
    row.mark !== undefined && mark(row),
    row.bar && bar(row),
    words,
  );
}

/** The times lie over all else: they stay where they are while what is wide is scrolled. */
const times = ({ rows, height }) =>
  svg(
    'g',
    { class: 'times' },
    svg('rect', { class: 'times-ground', x: -24, width: 98, height }),
    rows
      .filter(({ time }) => time)
      .map(({ time, y }) =>
        svg('text', { class: 'time', x: 66, y: y + 4.5, 'text-anchor': 'end' }, time),
      ),
  );

/** The picture; `titleOf(row)`: what its rows say when pointed at; `freshFrom`: the first new row. */
export function drawLadder(plan, { name, titleOf, freshFrom = Infinity }) {
  const { width, height, columns, lifelines, rows, reaches } = plan;
  return svg(
    'svg',
    {
      class: 'ladder-picture',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': name,
    },
    lifelines.map(({ x, from, to, state }) =>
      svg('path', { class: `life is-${state}`, d: `M${x} ${from}V${to}` }),
    ),
    reaches.map(({ x, from, to }) => svg('path', { class: 'reach', d: `M${x} ${from}V${to}` })),
    rows.map((row, at) =>
      drawRow(row, {
        width,
        columns,
        title: row.step ? titleOf(row) : '',
        isFresh: at >= freshFrom,
      }),
    ),
    times(plan),
  );
}
