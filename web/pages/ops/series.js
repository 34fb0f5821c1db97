// The figures of the last minutes. Pure.

/** Seconds that are kept and shown. */
export const WINDOW = 300;

export const noFigures = Object.freeze({ beat: 0, now: null, series: { at: [] } });

/**
 * What is known, with an answer of the server laid behind it. A server that was started anew counts
 * its beats from one again: then all is forgotten, and asked for from the beginning.
 */
export function merge(known, answer) {
  const wasRestarted = answer.beat < known.beat;
  if (wasRestarted) return { ...noFigures, now: answer.now };
  const series = {};
  for (const [name, values] of Object.entries(answer.series)) {
    series[name] = [...(known.series[name] ?? []), ...values].slice(-WINDOW);
  }
  return { beat: answer.beat, now: answer.now, series };
}

/** The slot of each value, 0 to WINDOW - 1: a second that is missing leaves its slot empty. */
export function slotsOf(at) {
  const last = at.at(-1);
  return at.map((time) => WINDOW - 1 - Math.round((last - time) / 1000));
}

/** The value in or right before a slot, and its time; null where there is none. */
export function valueAt(series, key, slots, slot) {
  const index = slots.findLastIndex((one) => one <= slot);
  if (index < 0 || slot - slots[index] > 2) return null;
  return { value: series[key][index], at: series.at[index] };
}

/** The least of 1, 2, 5, 10, 20, … that is not below any of the values, and at least `floor`. */
export function topOf(values, floor = 1) {
  const most = Math.max(floor, ...values.filter(Number.isFinite));
  const ten = 10 ** Math.floor(Math.log10(most));
  const step = [1, 2, 5, 10].find((one) => one * ten >= most - 1e-9);
  return step * ten;
}

/**
 * The line of `values` as an SVG path, in a field of WINDOW - 1 by 100; null is a gap, and so is a
 * second that is missing.
 */
export function linePath(values, slots, top) {
  let path = '';
  let last = null;
  values.forEach((value, index) => {
    const slot = slots[index];
    if (value === null || slot < 0) {
      last = null;
      return;
    }
    const y = Math.round((100 - (100 * Math.min(value, top)) / top) * 10) / 10;
    // A value alone between two gaps is a dot: a line of no length with round ends.
    const follows = last !== null && slot - last <= 2;
    path += follows ? `L${slot} ${y}` : `M${slot} ${y}h0`;
    last = slot;
  });
  return path;
}
