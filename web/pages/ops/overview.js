// How the server is: a word, and six tiles.
import { h } from '../common/dom.js';
import { mark } from '../common/emblem.js';
import { number } from '../common/format.js';
import { icon } from '../common/icons.js';
import { rest } from '../common/session.js';
import { plotTile } from './plots.js';
import { poll } from './poll.js';
import { merge, noFigures } from './series.js';
import { span } from './words.js';

const micros = (us) => {
  if (us < 1000) return `${Math.round(us)} µs`;
  return us < 100000 ? `${(us / 1000).toFixed(1)} ms` : `${Math.round(us / 1000)} ms`;
};
const rate = (value) => number(Math.round(value * 10) / 10);

const TILES = [
  {
    name: 'Devices',
    floor: 5,
    lines: [{ key: 'devices', tone: 'accent', read: number }],
    foot: ({ connections }) => `${number(connections)} connection${connections === 1 ? '' : 's'}`,
  },
  {
    name: 'Calls',
    floor: 5,
    lines: [
      { key: 'active', label: 'active', tone: 'accent', read: number },
      { key: 'ringing', label: 'ringing', tone: 'warn', read: number },
    ],
    foot: ({ ended }) => `${number(ended)} ended so far`,
  },
  {
    name: 'Relays',
    floor: 10,
    lines: [{ key: 'relaysPerS', label: 'a second', tone: 'accent', read: rate }],
    foot: ({ eventsPerS }) => `${rate(eventsPerS)} events/s`,
  },
  {
    name: 'Latency',
    floor: 100,
    lines: [
      { key: 'p50Us', label: 'median', tone: 'accent', read: micros },
      { key: 'p99Us', label: 'p99', tone: 'signal', read: micros },
    ],
    foot: ({ p50Us, idleS }) => {
      if (!p50Us) return 'no relays lately';
      return idleS ? `of relays ${idleS} s ago` : 'in the server';
    },
  },
  {
    name: 'Store lag',
    floor: 50,
    lines: [{ key: 'storeLagMs', tone: 'accent', read: span }],
    foot: ({ storeQueue, rowsPerS }) => `${number(storeQueue)} waiting, ${rate(rowsPerS)} rows/s`,
  },
  {
    name: 'Refusals',
    floor: 5,
    lines: [{ key: 'refusalsPerS', label: 'a second', tone: 'danger', read: rate }],
    foot: ({ callsPerS }) => `${rate(callsPerS)} calls/s begin`,
  },
];

const LATENCIES = ['p50Us', 'p99Us'];
const orNull = (value) => value || null; // 0: nothing was relayed in that second

/** A second without relays has no latency, which is not one of zero. */
function withGaps(answer) {
  const [now, series] = [{ ...answer.now }, { ...answer.series }];
  for (const key of LATENCIES) {
    now[key] = orNull(now[key]);
    series[key] = (series[key] ?? []).map(orNull);
  }
  return { ...answer, now, series };
}

/** Where nothing is relayed now, the latency is that of the last second with relays. */
function withLastLatency({ beat, now, series }) {
  if (now.p50Us !== null || !series.p50Us) return { beat, now, series };
  const last = series.p50Us.findLastIndex((value) => value !== null);
  if (last < 0) return { beat, now, series };
  const idleS = Math.round((series.at.at(-1) - series.at[last]) / 1000);
  const [p50Us, p99Us] = LATENCIES.map((key) => series[key][last]);
  return { beat, series, now: { ...now, p50Us, p99Us, idleS } };
}

function stateOf({ draining, storeAway }) {
  if (draining) return ['warn', 'Draining'];
  return storeAway ? ['danger', 'Store away'] : ['good', 'Ready'];
}

const uptime = (seconds) => {
  if (seconds < 86400) return span(Math.max(1000, seconds * 1000));
  const days = Math.floor(seconds / 86400);
  return `${days} day${days > 1 ? 's' : ''} ${Math.floor((seconds % 86400) / 3600)} h`;
};

/** `{node, now(), stop()}`; `now()`: the server's clock, in ms. `onDenied(refusal)`: no operator. */
export function overview({ user, onLeave, onDenied }) {
  const tiles = TILES.map((spec) => plotTile({ ...spec, onPoint }));
  const word = h('span.state-word', { role: 'status' }, 'Asking…');
  const more = h('span.state-more', {});
  const state = h('p.state', { 'data-tone': 'soft' }, h('span.dot'), word, more);
  const header = h(
    'header.ops-top',
    {},
    mark(),
    h('h1', {}, 'Operations'),
    state,
    h('span.ops-me', {}, user.name),
    h(
      'button.ghost',
      { type: 'button', 'aria-label': 'Sign out', title: 'Sign out', onclick: onLeave },
      icon('leave'),
    ),
  );
  const node = h(
    'div.overview',
    {},
    header,
    h(
      'div.tiles',
      {},
      tiles.map((tile) => tile.node),
    ),
  );
  let known = noFigures;
  let ahead = 0; // of the server's clock before ours

  function onPoint(slot) {
    for (const tile of tiles) tile.point(slot);
  }
  function say(tone, text, rest_ = '') {
    state.dataset.tone = tone;
    if (word.textContent !== text) word.textContent = text;
    more.textContent = rest_;
  }

  const polling = poll(
    1000,
    async () => {
      known = merge(known, withGaps(await rest('GET', `/api/ops/overview?since=${known.beat}`)));
      if (known.series.at.length) ahead = known.series.at.at(-1) - Date.now();
      const shown = withLastLatency(known);
      for (const tile of tiles) tile.set(shown);
      say(...stateOf(known.now), `${known.now.version} · up ${uptime(known.now.uptimeS)}`);
    },
    (refusal) => {
      if (refusal.status === 403) onDenied(refusal);
      else say('danger', refusal.code === 'unreachable' ? 'Not to be reached' : refusal.message);
    },
  );

  return { node, now: () => Date.now() + ahead, stop: polling.stop };
}
