// The list of calls: the live ones, those that ended not long ago, and with a user in the field
// that user's from the store.
import { disc } from '../common/disc.js';
import { h, keyed, replace } from '../common/dom.js';
import { ago, clock, day } from '../common/format.js';
import { icon } from '../common/icons.js';
import { rest } from '../common/session.js';
import { learn } from './names.js';
import { poll } from './poll.js';
import { endWord, isAlarming, kindWord, peopleWords } from './words.js';

const SHOWN = 100;
const PAUSE_MS = 350; // of typing, before the store is asked

const seconds = (from, to) => (to - Date.parse(from)) / 1000;

/** `[tone, words]` of a call as it stands at `now`. */
function stateOf(card, now) {
  const { state, reason, startedAt, endedAt, createdAt, away } = card;
  if (endedAt) {
    const lasted = startedAt ? ` · ${clock(seconds(startedAt, Date.parse(endedAt)))}` : '';
    return [isAlarming(reason) ? 'danger' : 'soft', endWord(reason) + lasted];
  }
  if (state !== 'active') {
    const word = state === 'waiting' ? 'Waiting' : 'Ringing';
    return ['warn', `${word} · ${clock(seconds(createdAt, now))}`];
  }
  const lasts = clock(seconds(startedAt ?? createdAt, now));
  return away ? ['warn', `${away} away · ${lasts}`] : ['good', `In call · ${lasts}`];
}

function whenOf({ endedAt, createdAt }, now) {
  if (!endedAt) return '';
  const on = day(createdAt, now);
  return on === 'Today' || on === 'Yesterday' || on.length < 10
    ? ago(createdAt, now)
    : on.replace(/ (\w{3})\w*/, ' $1');
}

const matches = ({ callId, people }, query) =>
  callId.toLowerCase().startsWith(query) ||
  people.some(({ userId, username }) =>
    [userId, username ?? ''].some((text) => text.toLowerCase().includes(query)),
  );

const discOf = ({ userId, username }) => disc(userId, username ?? userId);

/** Two discs, or one and how many more there are. */
const discs = (people) =>
  people.length < 3
    ? people.map(discOf)
    : [
        discOf(people[0]),
        h('span.disc.disc-more', { 'aria-hidden': 'true' }, `+${people.length - 1}`),
      ];

/** `{node, mark(id), stop()}`. `onChoose(id, {isAsked})`: a call is to be looked at. */
export function callList({ now, onDenied, onChoose }) {
  const field = h('input', {
    type: 'search',
    id: 'find-call',
    placeholder: 'A user or a call id',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-label': 'Find a user or a call id',
    oninput: typed,
    onkeydown: inField,
  });
  const groups = [
    ['live', 'Live'],
    ['ended', 'Ended since the start'],
    ['found', 'In the store'],
  ].map(([key, title]) => {
    const count = h('span.group-count');
    const list = h('ul.group-rows', { 'aria-label': title });
    const node = h('section.group', { hidden: true }, h('h3', {}, title, count), list);
    return { key, node, list, count };
  });
  const nothing = h('p.nothing', { role: 'status' });
  const rows = h(
    'div.rows',
    { 'data-scrolls': true, onkeydown: walk },
    groups.map(({ node }) => node),
    nothing,
  );
  const node = h(
    'section.calls',
    { 'aria-label': 'Calls' },
    h('label.find-field', {}, icon('search'), field),
    rows,
  );
  let known = { live: [], ended: [], liveInAll: 0 };
  let found = null; // in the store: {query, cards}
  let isThere = false;
  let chosen = null;
  let pause = null;

  const query = () => field.value.trim().toLowerCase();
  const shown = () => [...rows.querySelectorAll('.call-row')];

  function make(card) {
    const button = h(
      'button.call-row',
      {
        type: 'button',
        'data-call': card.callId,
        tabindex: -1,
        onclick: () => onChoose(card.callId, { isAsked: true }),
      },
      h('span.call-discs', {}, discs(card.people)),
      h(
        'span.call-text',
        {},
        h('span.call-who'),
        h('span.call-line', {}, h('span.dot'), h('span.call-state')),
      ),
      h('span.call-when'),
    );
    return h('li', {}, button);
  }
  function update(item, card) {
    const [tone, words] = stateOf(card, now());
    const button = item.firstElementChild;
    const put = (name, text) => {
      const at = button.querySelector(`.${name}`);
      if (at.textContent !== text) at.textContent = text;
    };
    put(
      'call-who',
      peopleWords(
        card.kind,
        card.people.map(({ userId, username }) => username ?? userId),
      ),
    );
    put('call-state', words);
    put('call-when', whenOf(card, now()));
    button.title = kindWord(card.kind);
    button.dataset.tone = tone;
    if (card.callId === chosen) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }

  function render() {
    const wanted = query();
    const fits = (cards) => (wanted ? cards.filter((card) => matches(card, wanted)) : cards);
    const lists = { live: fits(known.live), ended: fits(known.ended), found: [] };
    const seen = new Set([...lists.live, ...lists.ended].map(({ callId }) => callId));
    if (found?.query === wanted)
      lists.found = found.cards.filter(({ callId }) => !seen.has(callId));
    for (const { key, node: group, list, count } of groups) {
      group.hidden = !lists[key].length;
      const all = key === 'live' && !wanted ? known.liveInAll : lists[key].length;
      count.textContent = key === 'ended' && all === SHOWN ? '' : all;
      keyed(list, lists[key], ({ callId }) => callId, make, update);
    }
    sayNothing(
      Object.values(lists).every((list) => !list.length),
      wanted,
    );
    const buttons = shown();
    const current =
      buttons.find((one) => one === document.activeElement) ??
      buttons.find((one) => one.dataset.call === chosen) ??
      buttons[0];
    for (const one of buttons) one.tabIndex = one === current ? 0 : -1;
  }
  function sayNothing(isEmpty, wanted) {
    nothing.hidden = !isEmpty || !isThere;
    if (!isEmpty) return;
    if (!wanted) replace(nothing, 'No calls since the server was started.');
    else if (found?.query !== wanted) replace(nothing, 'Looking…');
    else
      replace(
        nothing,
        isId(field.value.trim())
          ? 'Nobody with calls by this name. Enter looks for a call with this id.'
          : 'Nobody with calls by this name.',
      );
  }

  const isId = (text) => /^[\w-]{12,}$/.test(text);

  function typed() {
    clearTimeout(pause);
    render();
    rows.scrollTo(0, 0);
    if (query()) pause = setTimeout(lookUp, PAUSE_MS);
  }
  async function lookUp() {
    const [user, asked] = [field.value.trim(), query()];
    const { ended } = await rest(
      'GET',
      `/api/ops/calls?user=${encodeURIComponent(user)}&limit=${SHOWN}`,
    ).catch(() => ({ ended: [] })); // no id that a user could have
    ended.forEach(({ people }) => learn(people));
    found = { query: asked, cards: ended };
    render();
  }
  function inField(event) {
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      shown()[0]?.focus();
    }
    if (event.key !== 'Enter') return;
    const [first] = shown();
    if (query() && first) onChoose(first.dataset.call, { isAsked: true });
    else if (isId(field.value.trim())) onChoose(field.value.trim(), { isAsked: true });
  }
  function walk(event) {
    const all = shown();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    if (to < 0) field.focus();
    else if (all[to]) {
      all[at].tabIndex = -1;
      all[to].tabIndex = 0;
      all[to].focus();
    }
  }

  const polling = poll(
    2000,
    async () => {
      known = await rest('GET', `/api/ops/calls?limit=${SHOWN}`);
      isThere = true;
      for (const { people } of [...known.live, ...known.ended]) learn(people);
      render();
    },
    (refusal) => refusal.status === 403 && onDenied(refusal),
  );
  const ticking = setInterval(render, 1000); // the times of live calls go on

  return {
    node,
    mark(id) {
      chosen = id;
      render();
    },
    stop() {
      polling.stop();
      clearInterval(ticking);
      clearTimeout(pause);
    },
  };
}
