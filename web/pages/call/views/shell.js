// The room: the rail with its lists on the left, and what is looked at on the right.
import { disc } from '../../common/disc.js';
import { h } from '../../common/dom.js';
import { mark } from '../../common/emblem.js';
import { icon } from '../../common/icons.js';

const TABS = ['people', 'recent'];

/** `panels`: `{people, recent}`; `main`: what lies on the right; `onTab(name)`, `onLeave()`. */
export function shellView({ me, panels, main, onTab, onLeave }) {
  const badge = h('span.badge', { hidden: true });
  const tab = (name, label, extra) =>
    h(
      'button.tab',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${name}`,
        'aria-controls': `panel-${name}`,
        onclick: () => show(name),
        onkeydown: walk,
      },
      label,
      extra,
    );
  const tabs = { people: tab('people', 'People'), recent: tab('recent', 'Recent', badge) };
  const line = h('span.me-line', { role: 'status' });
  const node = h(
    'div.shell',
    {},
    h(
      'nav.rail',
      { 'aria-label': 'People and calls' },
      h(
        'header.rail-top',
        {},
        mark(),
        h('h1', {}, 'Carillon'),
        h(
          'div.me',
          {},
          h('span.me-text', {}, h('span.me-name', {}, me.name), line),
          disc(me.id, me.name),
        ),
        h(
          'button.ghost',
          { type: 'button', 'aria-label': 'Sign out', title: 'Sign out', onclick: onLeave },
          icon('leave'),
        ),
      ),
      h('div.tabs', { role: 'tablist', 'aria-label': 'Lists' }, tabs.people, tabs.recent),
      panels.people,
      panels.recent,
    ),
    h('main.room', {}, main),
  );

  function walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = TABS.findIndex((name) => tabs[name] === event.currentTarget);
    const next = TABS[(at + step + TABS.length) % TABS.length];
    show(next);
    tabs[next].focus();
  }

  function show(name) {
    for (const one of TABS) {
      const isShown = one === name;
      tabs[one].setAttribute('aria-selected', String(isShown));
      tabs[one].tabIndex = isShown ? 0 : -1;
      panels[one].hidden = !isShown;
    }
    onTab(name);
  }

  return {
    node,
    show,
    /** How many calls were missed since the list was last looked at. */
    setMissed(count) {
      badge.hidden = !count;
      badge.textContent = count > 99 ? '99+' : count;
      badge.setAttribute('aria-label', `${count} missed`);
    },
    /** `connected`, `connecting` or `lost`. */
    setConnection(state) {
      node.dataset.connection = state;
      const text = { connected: 'Online', connecting: 'Connecting…', lost: 'Offline' }[state];
      if (line.textContent !== text) line.textContent = text;
    },
    /** What a phone shows: `list`, `card` or `call`. */
    setView: (view) => (node.dataset.view = view),
  };
}
