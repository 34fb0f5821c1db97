// Past calls by day; a press calls back.
import { disc } from '../../common/disc.js';
import { h, keyed, replace } from '../../common/dom.js';
import { clock, day, time } from '../../common/format.js';
import { icon } from '../../common/icons.js';
import { outcome } from '../recent.js';
import { walkable } from './rows.js';

const nameOf = ({ kind, people, title }) => {
  if (kind === 'direct') return people[0].name;
  const names = people.map(({ name }) => name);
  return title !== 'Group call' || !names.length ? title : names.join(', ');
};
const iconOf = ({ isMissed, direction }) => (isMissed ? 'missed' : direction);

/** `actions`: `call(person, type)`, `join(row)`, `read(row)`, `remove(row)`, `more()`. */
export function recentView(actions) {
  let rows = [];
  let isBusy = false;
  const list = h('ul.rows', { 'aria-label': 'Recent calls', 'data-scrolls': true });
  const walk = walkable(list, '.row-main');
  const extra = h('div.rows-extra');
  const node = h(
    'div.panel',
    { id: 'panel-recent', role: 'tabpanel', 'aria-labelledby': 'tab-recent' },
    list,
    extra,
  );
  const rowOf = (id) => rows.find((row) => row.id === id);

  function press(id) {
    const row = rowOf(id);
    if (!row || isBusy) return;
    if (row.kind === 'direct') actions.call(row.people[0], row.type);
    else if (row.isLive) actions.join(row);
  }

  function makeDay({ key }) {
    return h('li.day', { role: 'presentation' }, h('h3', {}, key.slice(4)));
  }

  function make(item) {
    if (item.isDay) return makeDay(item);
    const { row } = item;
    const [name, first] = [nameOf(row), row.people[0] ?? { id: row.id, name: row.title }];
    const label = row.kind === 'direct' ? `Call ${name} back` : `Join ${name}`;
    const tool = (what, words, run, hidden) =>
      h(
        'button.ghost',
        {
          type: 'button',
          tabindex: -1,
          hidden,
          'data-tool': what,
          'aria-label': words,
          title: words,
          onclick: () => run(rowOf(row.id)),
        },
        icon(what),
      );
    return h(
      'li.row',
      { 'data-call': row.id },
      h(
        'button.row-main',
        { type: 'button', tabindex: -1, title: label, onclick: () => press(row.id) },
        h(
          'span.row-disc',
          {},
          disc(first.id, row.kind === 'direct' ? name : first.name),
          row.kind === 'session' &&
            h('span.row-more', {}, `+${Math.max(row.people.length - 1, 0)}`),
        ),
        h('span.row-text', {}, h('span.row-name', {}, name), h('span.row-line')),
      ),
      h('span.row-time'),
      h(
        'span.row-actions',
        {},
        tool('chat', `Read the chat with ${name}`, actions.read, !row.channelId),
        tool('trash', `Delete the call with ${name}`, actions.remove, row.kind !== 'direct'),
      ),
    );
  }

  const goingOn = () => (isBusy ? 'Going on' : 'Going on: join');

  function update(node_, item) {
    if (item.isDay) return;
    const { row } = item;
    node_.classList.toggle('is-missed', row.isMissed);
    node_.classList.toggle('is-live', row.isLive);
    replace(
      node_.querySelector('.row-line'),
      icon(iconOf(row)),
      h('span', {}, row.isLive && row.kind === 'session' ? goingOn() : outcome(row, clock)),
      row.type === 'video' && row.kind === 'direct' && icon('video'),
    );
    node_.querySelector('.row-time').textContent = time(row.at);
    const main = node_.querySelector('.row-main');
    main.setAttribute('aria-disabled', String(row.kind === 'session' && !row.isLive));
    for (const button of node_.querySelectorAll('[data-tool="trash"]'))
      button.disabled = row.isLive;
  }

  function render(hasMore) {
    const items = [];
    let last = null;
    for (const row of rows) {
      const on = day(row.at);
      if (on !== last) items.push({ isDay: true, key: `day ${on}` });
      last = on;
      items.push({ key: row.id, row });
    }
    keyed(list, items, ({ key }) => key, make, update);
    walk.settle();
    replace(
      extra,
      !rows.length && h('p.nothing', {}, 'No calls yet.'),
      hasMore && h('button.quiet', { type: 'button', onclick: actions.more }, 'Show earlier calls'),
    );
  }
  render(false);

  return {
    node,
    /** `busy`: in a call, so that none of these can be joined or called back. */
    set(next, hasMore, busy) {
      rows = next;
      isBusy = busy;
      render(hasMore);
    },
  };
}
