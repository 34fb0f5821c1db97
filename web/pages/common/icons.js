// The pictures on buttons: lines of two units on a field of 24.
import { svg } from './dom.js';

const handset =
  'M6.2 3.5 8.9 3.2 10.6 7.4 8.7 9.3 C9.8 11.7 12.3 14.2 14.7 15.3 L16.6 13.4 20.8 15.1 20.5 17.8 ' +
  'C20.3 19.4 19 20.5 17.4 20.3 C10.4 19.5 4.5 13.6 3.7 6.6 C3.5 5 4.6 3.7 6.2 3.5 Z';
const microphone = [
  'M9 6 a3 3 0 0 1 6 0 V11.5 a3 3 0 0 1 -6 0 Z',
  'M5.5 11 V11.5 a6.5 6.5 0 0 0 13 0 V11',
  'M12 18 V21',
];
const camera = [
  'M3 8.5 a2.5 2.5 0 0 1 2.5 -2.5 H13 a2.5 2.5 0 0 1 2.5 2.5 V15.5 a2.5 2.5 0 0 1 -2.5 2.5 ' +
    'H5.5 a2.5 2.5 0 0 1 -2.5 -2.5 Z',
  'M15.5 10.5 21 7.5 V16.5 L15.5 13.5',
];
const slash = 'M4 4 20 20';

const paths = {
  call: [handset],
  video: camera,
  hangup: [
    'M3 14.6 C2.4 13.9 2.4 12.8 3.1 12.1 C8 7.3 16 7.3 20.9 12.1 C21.6 12.8 21.6 13.9 21 14.6 L19.6 ' +
      '16.1 15.6 14.7 15.2 12 C13.2 11.3 10.8 11.3 8.8 12 L8.4 14.7 4.4 16.1 Z',
  ],
  mic: microphone,
  'mic-off': [...microphone, slash],
  camera,
  'camera-off': [...camera, slash],
  screen: [
    'M3 6.5 a2 2 0 0 1 2 -2 H19 a2 2 0 0 1 2 2 V15 a2 2 0 0 1 -2 2 H5 a2 2 0 0 1 -2 -2 Z',
    'M9 20.5 H15',
    'M12 14 V8 M9.4 10.4 12 7.8 14.6 10.4',
  ],
  'screen-off': [
    'M3 6.5 a2 2 0 0 1 2 -2 H19 a2 2 0 0 1 2 2 V15 a2 2 0 0 1 -2 2 H5 a2 2 0 0 1 -2 -2 Z',
    'M9 20.5 H15',
    'M9.5 8.3 14.5 13.3 M14.5 8.3 9.5 13.3',
  ],
  chat: [
    'M4 6.5 a2.5 2.5 0 0 1 2.5 -2.5 H17.5 a2.5 2.5 0 0 1 2.5 2.5 V13.5 a2.5 2.5 0 0 1 -2.5 2.5 H11 ' +
      'L6.5 20 V16 a2.5 2.5 0 0 1 -2.5 -2.5 Z',
    'M8 8.5 H16 M8 11.8 H13',
  ],
  people: [
    'M9 11.5 a3.5 3.5 0 1 0 0 -7 a3.5 3.5 0 0 0 0 7 Z',
    'M2.8 19.5 a6.2 6.2 0 0 1 12.4 0',
    'M15.5 4.9 a3.5 3.5 0 0 1 0 6.2',
    'M17.3 14 a6.2 6.2 0 0 1 4 5.5',
  ],
  close: ['M6 6 18 18 M18 6 6 18'],
  send: ['M4 12 20.5 4.5 14.5 20.5 11.2 13.6 Z', 'M11.2 13.6 20.5 4.5'],
  missed: [handset, 'M14.5 3.5 20.5 9.5 M20.5 3.5 14.5 9.5'],
  in: ['M18 6 7 17', 'M7 9 V17 H15'],
  out: ['M6 18 17 7', 'M9 7 H17 V15'],
  bell: [
    'M10.6 4.4 a1.5 1.5 0 0 1 2.8 0',
    'M4.8 17 C7 15.2 6.9 13 7.1 10.6 C7.4 7.2 9 4.6 12 4.6 C15 4.6 16.6 ' +
      '7.2 16.9 10.6 C17.1 13 17 15.2 19.2 17 Z',
    'M10 17.2 a2 2.2 0 0 0 4 0',
  ],
  search: ['M10.5 17 a6.5 6.5 0 1 0 0 -13 a6.5 6.5 0 0 0 0 13 Z', 'M15.3 15.3 20 20'],
  more: ['M5 12 h.01 M12 12 h.01 M19 12 h.01'],
  back: ['M14.5 5 7.5 12 14.5 19'],
  check: ['M5 12.5 10 17.5 19 7'],
  trash: [
    'M4.5 7 H19.5',
    'M9.5 7 V5 a1 1 0 0 1 1 -1 H13.5 a1 1 0 0 1 1 1 V7',
    'M6.5 7 7.4 19 a1.2 1.2 0 0 0 1.2 1 ' + 'H15.4 a1.2 1.2 0 0 0 1.2 -1 L17.5 7',
    'M10.3 11 V16 M13.7 11 V16',
  ],
  again: ['M19.5 12 a7.5 7.5 0 1 1 -2.4 -5.5', 'M19.5 3.5 V7.5 H15.5'],
  plus: ['M12 5 V19 M5 12 H19'],
  leave: ['M10 4.5 H6.5 a2 2 0 0 0 -2 2 V17.5 a2 2 0 0 0 2 2 H10', 'M10 12 H20 M16 8 20 12 16 16'],
};

/** The picture `name`; it says nothing to a screen reader: its button does. */
export function icon(name) {
  const shapes = paths[name];
  if (!shapes) throw new Error(`no icon ${name}`);
  return svg(
    'svg',
    {
      class: `icon icon-${name}`,
      viewBox: '0 0 24 24',
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': name === 'more' ? 2.6 : 1.75,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
      'aria-hidden': 'true',
    },
    shapes.map((d) => svg('path', { d })),
  );
}
