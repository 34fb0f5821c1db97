// The call that is looked at: who, when and how, and its ladder, as a picture and as text.
import { disc } from '../common/disc.js';
import { h, replace } from '../common/dom.js';
import { emblem } from '../common/emblem.js';
import { clock, day, time } from '../common/format.js';
import { rest } from '../common/session.js';
import { layout } from './ladder.js';
import { drawLadder } from './ladder_draw.js';
import { askFor, nameOf } from './names.js';
import { poll } from './poll.js';
import {
  endWords,
  isAlarming,
  kindWord,
  offset,
  peopleWords,
  span,
  stepSentence,
} from './words.js';

const two = (n) => String(n).padStart(2, '0');
const exact = (ms) => `${time(ms)}:${two(new Date(ms).getSeconds())}`;

/** `{node, show(id or null), stop()}`. `now()`: the server's clock. */
export function ladderView({ now }) {
  const title = h('h2');
  const facts = h('dl.facts');
  const asText = h(
    'button.quiet',
    { type: 'button', 'aria-pressed': 'false', onclick: turn },
    'As text',
  );
  const people = h('ol.ladder-people', { 'aria-hidden': 'true' });
  const picture = h('div.ladder-room');
  const text = h('ol.ladder-text.unseen', { 'aria-label': 'The steps of this call' });
  const scroll = h(
    'div.ladder-scroll',
    {
      'data-scrolls': true,
      tabindex: 0,
      role: 'region',
      'aria-label': 'Ladder',
      onscroll() {
        picture.style.setProperty('--scrolled', `${scroll.scrollLeft}px`);
        picture.classList.toggle('is-scrolled', scroll.scrollLeft > 0);
      },
    },
    people,
    picture,
    text,
  );
  const full = h(
    'div.ladder-full',
    { hidden: true },
    h('header.ladder-top', {}, h('div.ladder-title', {}, title, asText), facts),
    scroll,
  );
  const empty = h(
    'div.ladder-empty',
    {},
    emblem(),
    h('p', { role: 'status' }, 'Choose a call to see its ladder.'),
  );
  const node = h('section.ladder', { 'aria-label': 'Call' }, full, empty);
  let id = null;
  let polling = null;
  let known = null; // the timeline that is drawn, and its text
  let width = 0;

  const say = (words) => {
    full.hidden = true;
    empty.hidden = false;
    const line = empty.querySelector('p');
    if (line.textContent !== words) line.textContent = words;
  };

  function turn() {
    const isText = asText.getAttribute('aria-pressed') !== 'true';
    asText.setAttribute('aria-pressed', String(isText));
    text.classList.toggle('unseen', !isText);
    picture.hidden = isText;
    people.hidden = isText;
  }

  function writeFacts({ kind, createdAt, startedAt, endedAt, reason, steps, callId }) {
    const [begun, started, ended] = [createdAt, startedAt, endedAt].map(
      (at) => at && Date.parse(at),
    );
    const last = steps.at(-1);
    const by =
      last?.what === 'end' && last.from !== null ? nameOf(known.timeline.people[last.from]) : null;
    const on = day(begun, now());
    const rows = [
      ['Kind', kindWord(kind)],
      ['Begun', `${on === 'Today' ? '' : `${on}, `}${exact(begun)}`],
      started && [kind === 'direct' ? 'Answered' : 'Active', `after ${span(started - begun)}`],
      started && [ended ? 'Lasted' : 'Lasts', clock(((ended || now()) - started) / 1000)],
      ended
        ? ['End', endWords(reason, by), isAlarming(reason) ? 'danger' : '']
        : ['State', started ? 'In call' : 'Ringing', started ? 'good' : 'warn'],
      ['Id', callId, 'id'],
    ].filter(Boolean);
    replace(
      facts,
      rows.map(([name, value, tone]) =>
        h('div.fact', { 'data-tone': tone || null }, h('dt', {}, name), h('dd', {}, value)),
      ),
    );
  }

  function draw(freshFrom) {
    const { timeline } = known;
    const name = (index) => nameOf(timeline.people[index]);
    const plan = layout(timeline, width, name);
    const words = (step) => stepSentence(step, name);
    const begun = Date.parse(timeline.createdAt);
    replace(
      picture,
      drawLadder(plan, {
        name: `Ladder of the call of ${timeline.people.map(nameOf).join(', ')}`,
        freshFrom,
        titleOf: ({ step }) => `${words(step)} ${exact(begun + step.at)}`,
      }),
    );
    replace(
      people,
      plan.columns.map(({ id: user, x }) =>
        h(
          'li',
          { style: { left: `${x}px`, 'max-width': `${plan.spacing - 8}px` } },
          disc(user, nameOf(user)),
          h('span', {}, nameOf(user)),
        ),
      ),
    );
    people.style.setProperty('width', `${plan.width}px`);
    replace(
      text,
      timeline.steps.map((step) =>
        h(
          'li',
          { 'data-step': step.what },
          h('span.text-time', {}, offset(step.at)),
          h('span', {}, words(step)),
        ),
      ),
    );
    if (timeline.leftOut)
      text.append(
        h(
          'li',
          {},
          h('span.text-time'),
          h('span', {}, `${timeline.leftOut} more steps were too many to keep.`),
        ),
      );
  }

  function write(timeline, freshFrom) {
    title.textContent = peopleWords(timeline.kind, timeline.people.map(nameOf));
    full.hidden = false;
    empty.hidden = true;
    node.dataset.live = timeline.live;
    if (!width) width = scroll.clientWidth;
    draw(freshFrom);
  }

  async function ask(asked) {
    const timeline = await rest('GET', `/api/ops/calls/${encodeURIComponent(asked)}/timeline`);
    if (asked !== id) return;
    const said = JSON.stringify(timeline);
    const before = known?.timeline.callId === timeline.callId ? known : null;
    if (before?.said !== said) {
      known = { timeline, said };
      const drawn =
        before && before.timeline.steps.length < timeline.steps.length
          ? picture.querySelectorAll('.row').length
          : Infinity;
      write(timeline, drawn);
      if (await askFor(timeline.people).catch(() => false)) write(timeline);
    }
    writeFacts(timeline);
    if (!timeline.live) polling?.stop();
  }
  function failed(asked, refusal) {
    if (asked !== id) return;
    if (refusal.status === 404 || refusal.status === 400) {
      polling?.stop();
      say('There is no ladder of this call: nobody knows it, or none was kept.');
    } else if (!known) say(refusal.message);
  }

  const watching = new ResizeObserver(() => {
    if (full.hidden || !known || scroll.clientWidth === width) return;
    width = scroll.clientWidth;
    draw();
  });
  watching.observe(scroll);

  return {
    node,
    /** Looks at another call, as long as it lives each second anew. */
    show(next) {
      if (next === id) return;
      polling?.stop();
      [id, known, polling] = [next, null, null];
      scroll.scrollTo(0, 0);
      if (next) node.dataset.call = next;
      else delete node.dataset.call;
      if (!next) say('Choose a call to see its ladder.');
      else
        polling = poll(
          1000,
          () => ask(next),
          (refusal) => failed(next, refusal),
        );
    },
    stop() {
      polling?.stop();
      watching.disconnect();
    },
  };
}
