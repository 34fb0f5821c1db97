// Three bells drawn in lines: the mark of the house.
import { svg } from './dom.js';

const bell = (x, y, size) =>
  svg(
    'g',
    { transform: `translate(${x} ${y}) scale(${size})` },
    svg('path', { d: 'M-3 -14 a3 3 0 0 1 6 0' }),
    svg('path', {
      d: 'M-14 12 C-9 8 -9 3 -8.5 -2 C-8 -9 -5 -12 0 -12 C5 -12 8 -9 8.5 -2 C9 3 9 8 14 12 Z',
    }),
    svg('path', { d: 'M-3.5 12 a3.5 3.5 0 0 0 7 0' }),
  );

const drawing = (name, viewBox, ...children) =>
  svg(
    'svg',
    {
      class: name,
      viewBox,
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 2,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
      'aria-hidden': 'true',
    },
    children,
  );

/** One bell, for where it is small. */
export const mark = (name = 'mark') => drawing(name, '0 0 36 36', bell(18, 19, 1));

/** The mark; as large as its class makes it. */
export function emblem(name = 'emblem') {
  return drawing(
    name,
    '0 0 96 64',
    svg('path', { d: 'M6 8 H90' }),
    svg('path', { d: 'M20 8 V16 M48 8 V18 M76 8 V16' }),
    bell(20, 30, 0.8),
    bell(48, 38, 1.15),
    bell(76, 30, 0.8),
  );
}
