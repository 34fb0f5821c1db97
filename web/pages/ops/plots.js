// One tile: a figure, its name, and its line over the last minutes. Whoever points at the line, or
// moves along it by arrow keys, reads the figure of that second instead.
import { h, svg } from '../common/dom.js';
import { linePath, slotsOf, topOf, valueAt, WINDOW } from './series.js';

const LAST = WINDOW - 1;

/**
 * `lines`: `[{key, label, tone, read(value)}]`, the first one large, another beside the name;
 * `floor`: the least height of the scale; `foot(now)`: the small line below; `onPoint(slot)`:
 * somebody looks at that second, or at none (null).
 */
export function plotTile({ name, lines, floor, foot, onPoint }) {
  const figures = lines.map(({ label, tone }, at) => ({
    value: h('span.figure-value', {}, '–'),
    node: null,
    label,
    tone,
    isFirst: at === 0,
  }));
  for (const figure of figures) {
    figure.node = h(
      'span.figure',
      { class: `tone-${figure.tone}${figure.isFirst ? ' is-first' : ''}` },
      figure.value,
      figure.label && h('span.figure-label', {}, figure.label),
    );
  }
  const paths = lines.map(({ tone }, at) => [
    at ? null : svg('path', { class: `area tone-${tone}` }),
    svg('path', { class: `line tone-${tone}` }),
  ]);
  const reader = h('span.reader', { hidden: true });
  const plot = h(
    'div.plot',
    {
      role: 'slider',
      tabindex: 0,
      'aria-label': `${name}, the last five minutes`,
      'aria-valuemin': 0,
      'aria-valuemax': LAST,
      'aria-valuenow': LAST,
      onkeydown: keys,
      onpointermove: point,
      onpointerdown: point,
      onpointerleave: () => onPoint(null),
      onblur: () => onPoint(null),
    },
    svg(
      'svg',
      { viewBox: `0 -4 ${LAST} 108`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      svg('path', { class: 'ground', d: `M0 100H${LAST}` }),
      paths.flat().filter(Boolean),
    ),
    reader,
  );
  const small = h('p.tile-foot', {});
  const node = h(
    'section.tile',
    { 'aria-label': name },
    h(
      'div.tile-top',
      {},
      h('h2.tile-name', {}, name),
      figures.slice(1).map((figure) => figure.node),
    ),
    figures[0].node,
    plot,
    small,
  );
  let known = { series: { at: [] }, now: null };
  let slots = [];
  let pointed = null;

  function point({ clientX }) {
    const box = plot.getBoundingClientRect();
    const part = Math.max(0, Math.min(1, (clientX - box.left) / box.width));
    onPoint(Math.round(part * LAST));
  }
  function keys(event) {
    const step = {
      ArrowLeft: -1,
      ArrowRight: 1,
      PageDown: -30,
      PageUp: 30,
      Home: -LAST,
      End: LAST,
    }[event.key];
    if (event.key === 'Escape') onPoint(null);
    if (!step) return;
    event.preventDefault();
    onPoint(Math.max(0, Math.min(LAST, (pointed ?? LAST) + step)));
  }

  function write() {
    const read = (key) =>
      pointed === null ? { value: known.now?.[key] } : valueAt(known.series, key, slots, pointed);
    const texts = lines.map(({ key, read: words }) => {
      const found = read(key);
      return Number.isFinite(found?.value) ? words(found.value) : '–';
    });
    texts.forEach((text, at) => (figures[at].value.textContent = text));
    reader.hidden = pointed === null;
    reader.style.setProperty('left', `${(100 * (pointed ?? 0)) / LAST}%`);
    const ago = LAST - (pointed ?? LAST);
    const when = ago ? `${ago} second${ago > 1 ? 's' : ''} ago` : 'now';
    plot.setAttribute('aria-valuenow', pointed ?? LAST);
    plot.setAttribute(
      'aria-valuetext',
      `${texts
        .map((text, at) => [text, figures[at].label].filter(Boolean).join(' '))
        .join(', ')}, ${when}`,
    );
    if (pointed === null) small.textContent = known.now ? foot(known.now) : '';
    else small.textContent = ago ? `${ago} s ago` : 'now';
  }

  return {
    node,
    /** Shows what is known now. */
    set(next) {
      known = next;
      slots = slotsOf(known.series.at);
      const values = lines.map(({ key }) => known.series[key] ?? []);
      const top = topOf(
        values.flat().filter((value) => value !== null),
        floor,
      );
      values.forEach((line, at) => {
        const d = linePath(line, slots, top);
        const [area, path] = paths[at];
        path.setAttribute('d', d);
        const isWhole = line.length > 1 && !line.includes(null);
        area?.setAttribute('d', isWhole ? areaOf(line, top) : '');
        plot.classList.toggle('is-sparse', line.includes(null));
      });
      write();
    },
    /** Reads the second `slot`, or the present one for null. */
    point(slot) {
      if (pointed === slot) return;
      pointed = slot;
      write();
    },
  };

  // Below the line, down to the ground.
  function areaOf(line, top) {
    const on = line.map((value, at) => `${slots[at]} ${100 - (100 * Math.min(value, top)) / top}`);
    return `M${slots[0]} 100L${on.join('L')}L${slots.at(-1)} 100Z`;
  }
}
