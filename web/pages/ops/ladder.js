// Where everything of a ladder lies: a column for each person, a row for each step. Pure;
// `ladder_view.js` draws it.
import { isAlarming, offset, span, stepLabel } from './words.js';

const GUTTER = 84; // of the times
const EDGE = 12;
const ROW = 36;
const BREAK = 40;
const ARROW = 25; // of a row's top to its line
const INSET = 72; // of the outer columns, for the names above them
const LEAST_COLUMN = 84;
const MOST_COLUMN = 420;
const BAR_ROOM = 20; // of a bar, beside its label
const LETTER = 6.6; // about, at the size of labels

/** A pause that is longer is shown as a break. */
export const PAUSE_MS = 2000;

const TONES = {
  ring: 'accent',
  accept: 'accent',
  join: 'accent',
  move: 'accent',
  offer: 'signal',
  answer: 'signal',
  candidates: 'signal',
  drop: 'warn',
  back: 'good',
  leave: 'quiet',
  restored: 'quiet',
};
// Marks on the line of one person.
const AT_ONE = new Set(['join', 'move', 'leave', 'drop', 'back']);
const ACROSS = new Set(['end', 'restored']);

const toneOf = (step) => {
  if (step.what === 'end') return isAlarming(step.reason) ? 'danger' : 'quiet';
  if (step.what === 'leave' && isAlarming(step.reason)) return 'danger';
  return TONES[step.what] ?? 'quiet';
};

/** The lines of people: `idle` before they are in and after they left, `in`, `away` (no device). */
class Lifelines {
  #runs = [];
  #open;

  constructor(columns, top) {
    this.#open = columns.map(({ x }) => ({ x, state: 'idle', from: top }));
  }

  turn(index, state, y) {
    const open = this.#open[index];
    if (!open || open.state === state) return;
    if (y > open.from) this.#runs.push({ ...open, to: y });
    this.#open[index] = { ...open, state, from: y };
  }

  follow({ what, from }, kind, y) {
    if (from === null) return;
    if (what === 'ring' && kind === 'direct') this.turn(from, 'in', y);
    if (['accept', 'join', 'back', 'move'].includes(what)) this.turn(from, 'in', y);
    if (what === 'drop') this.turn(from, 'away', y);
    if (what === 'leave') this.turn(from, 'idle', y);
  }

  close(y) {
    const last = this.#open.filter(({ from }) => y > from).map((open) => ({ ...open, to: y }));
    return [...this.#runs, ...last].sort((a, b) => a.x - b.x || a.from - b.from);
  }
}

/** Keeps a label that is centred on `x`, with `room` around it, between gutter and right edge. */
function centred(text, x, width, room = 0) {
  const half = (text.length * LETTER) / 2 + room;
  return { x: Math.max(GUTTER - 8 + half, Math.min(x, width - EDGE - half)), anchor: 'middle' };
}

/** A label beside a mark: to its right where there is room. */
function beside(text, x, width) {
  const right = x + 14;
  if (right + text.length * LETTER <= width - EDGE) return { x: right, anchor: 'start' };
  return { x: x - 14, anchor: 'end' };
}

function rowOf(step, columns, width, top, nameOf) {
  const { what, from, to, at } = step;
  const text = stepLabel(step, from === null ? null : nameOf(from));
  const y = top + ARROW;
  const row = { is: what, tone: toneOf(step), top, y, height: ROW, time: offset(at), at, text };
  const mine = columns[from]?.x;
  if (ACROSS.has(what) || mine === undefined) {
    const middle = (columns[0].x + columns.at(-1).x) / 2;
    return {
      ...row,
      bar: { from: columns[0].x, to: columns.at(-1).x },
      label: centred(text, middle, width, BAR_ROOM),
    };
  }
  if (AT_ONE.has(what)) return { ...row, mark: mine, label: beside(text, mine, width) };
  const targets = (to === null ? columns.filter(({ index }) => index !== from) : [columns[to]]).map(
    ({ x }) => x,
  );
  const [left, right] = [Math.min(mine, ...targets), Math.max(mine, ...targets)];
  return {
    ...row,
    arrow: { from: mine, to: targets },
    label: centred(text, (left + right) / 2, width),
  };
}

/** Over which rows a run of candidates reaches: to the last one that began before its end. */
function reach(step, rows, own) {
  if (!(step.until > step.at)) return null;
  const last = rows.filter((row) => row.time && row.at <= step.until).at(-1);
  return last && last.y > own.y ? { x: own.arrow.from, from: own.y, to: last.y } : null;
}

/**
 * The picture of `timeline` (as the server gives it), for a room of `width` pixels; it may come out
 * wider, when there are many people. `nameOf(index)`: of a person. Gives `{width, height, spacing,
 * columns, lifelines, rows}`: a row is a step (with an `arrow`, a `mark` on somebody's line, or a
 * `bar` across), a `break`, or a `note`; `reaches` are the runs of candidates that other steps fell
 * into.
 */
export function layout(timeline, width, nameOf = (index) => timeline.people[index]) {
  const { people, steps, kind, leftOut = 0 } = timeline;
  const count = Math.max(people.length, 1);
  const room = width - GUTTER - EDGE;
  const inset = Math.min(INSET, Math.max(room / count, LEAST_COLUMN) / 2);
  const spacing = Math.max(
    LEAST_COLUMN,
    Math.min(MOST_COLUMN, (room - 2 * inset) / Math.max(count - 1, 1)),
  );
  const all = Math.max(width, Math.round(GUTTER + 2 * inset + spacing * (count - 1) + EDGE));
  const columns = people.map((id, index) => ({
    id,
    index,
    x: Math.round(GUTTER + inset + spacing * index),
  }));
  const lifelines = new Lifelines(columns, 0);
  const rows = [];
  let y = 4;
  let quietSince = 0;

  const put = (row) => {
    rows.push(row);
    y += row.height;
  };
  const note = (is, text, height) =>
    put({
      is,
      tone: 'quiet',
      top: y,
      y: y + height / 2,
      height,
      text,
      label: { x: (columns[0].x + columns.at(-1).x) / 2, anchor: 'middle' },
    });

  for (const step of columns.length ? steps : []) {
    if (step.what === 'end' && leftOut) {
      note('note', `${leftOut} more steps were too many to keep`, ROW);
      quietSince = step.at;
    }
    if (step.at - quietSince > PAUSE_MS) note('break', span(step.at - quietSince), BREAK);
    const row = rowOf(step, columns, all, y, nameOf);
    put(row);
    lifelines.follow(step, kind, row.y);
    row.step = step;
    quietSince = Math.max(quietSince, step.at);
    for (const { at, until } of steps)
      if (until && at <= step.at) quietSince = Math.max(quietSince, until);
  }
  const isOver = rows.at(-1)?.is === 'end';
  const reaches = rows
    .map((row) => row.step && row.arrow && reach(row.step, rows, row))
    .filter(Boolean);
  const end = isOver ? rows.at(-1).y : y + ROW / 2;
  return {
    width: all,
    height: isOver ? y + 8 : y + ROW / 2,
    spacing,
    columns,
    lifelines: lifelines.close(end),
    rows,
    reaches,
    isOver,
  };
}
