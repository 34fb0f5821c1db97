// The list of people: find or add, call, and choose several for a group call.
import { disc } from '../../common/disc.js';
import { h, keyed, replace } from '../../common/dom.js';
import { icon } from '../../common/icons.js';
import { walkable } from './rows.js';

const MOST = 7; // others in a group call of eight

/**
 * `actions`: `call(person, type)`, `group(people)`, `choose(person)`, `add(id)` → whether there is
 * such a user.
 */
export function peopleView(actions) {
  let people = [];
  let chosen = null; // whose card is shown
  let picked = null; // ids for a group call, or null
  let isBusy = false;

  const find = h('input', {
    type: 'search',
    id: 'find',
    placeholder: 'Find or add somebody',
    autocomplete: 'off',
    'aria-label': 'Find or add somebody',
    spellcheck: 'false',
    oninput: render,
  });
  const pick = h(
    'button.ghost',
    {
      type: 'button',
      'aria-label': 'Choose several for a group call',
      title: 'Choose several for a group call',
      'aria-pressed': 'false',
      onclick: () => setPicking(!picked),
    },
    icon('people'),
  );
  const list = h('ul.rows', { 'aria-label': 'People', 'data-scrolls': true });
  const walk = walkable(list, '.row-main');
  const extra = h('div.rows-extra');
  const start = h('button.primary', { type: 'button', onclick: startGroup });
  const bar = h(
    'div.pick-bar',
    { hidden: true },
    start,
    h('button.quiet', { type: 'button', onclick: () => setPicking(false) }, 'Cancel'),
  );
  const node = h(
    'div.panel',
    { id: 'panel-people', role: 'tabpanel', 'aria-labelledby': 'tab-people' },
    h('div.find', {}, h('span.find-field', {}, icon('search'), find), pick),
    list,
    extra,
    bar,
  );

  find.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      walk.first();
    } else if (event.key === 'Enter') {
      if (list.firstElementChild) walk.first();
      else extra.querySelector('button')?.click();
    } else if (event.key === 'Escape' && find.value) {
      find.value = '';
      render();
    }
  });

  function setPicking(on) {
    picked = on ? new Set() : null;
    pick.setAttribute('aria-pressed', String(on));
    node.classList.toggle('is-picking', on);
    render();
  }
  function startGroup() {
    const group = people.filter(({ id }) => picked.has(id));
    setPicking(false);
    actions.group(group);
  }
  function press(id) {
    const person = people.find((one) => one.id === id);
    if (!person) return;
    if (!picked) {
      actions.choose(person);
      return;
    }
    if (picked.has(id)) picked.delete(id);
    else if (picked.size < MOST) picked.add(id);
    render();
  }
  function keys(event, id) {
    const person = people.find((one) => one.id === id);
    if (picked || !person || isBusy || event.ctrlKey || event.metaKey || event.altKey) return;
    const type = { Enter: 'audio', v: 'video', V: 'video' }[event.key];
    if (!type) return;
    event.preventDefault();
    actions.call(person, type);
  }

  function make({ id, name }) {
    const one = () => people.find((person) => person.id === id);
    const button = (type, label) =>
      h(
        'button.ghost.row-call',
        {
          type: 'button',
          tabindex: -1,
          'data-call': type,
          'aria-label': label,
          title: label,
          onclick: () => actions.call(one(), type),
        },
        icon(type === 'video' ? 'video' : 'call'),
      );
    return h(
      'li.row',
      { 'data-user': id },
      h(
        'button.row-main',
        {
          type: 'button',
          tabindex: -1,
          onclick: () => press(id),
          onkeydown: (event) => keys(event, id),
        },
        h('span.row-disc', {}, disc(id, name), h('span.dot'), h('span.tick', {}, icon('check'))),
        h('span.row-text', {}, h('span.row-name', {}, name), h('span.row-line')),
      ),
      h(
        'span.row-actions',
        {},
        button('audio', `Call ${name}`),
        button('video', `Video call ${name}`),
      ),
    );
  }
  function update(row, { id, name, isOnline }) {
    const main = row.querySelector('.row-main');
    row.dataset.online = isOnline;
    row.classList.toggle('is-chosen', !picked && chosen === id);
    row.querySelector('.row-name').textContent = name;
    row.querySelector('.row-line').textContent = isOnline ? 'Online' : 'Not online';
    if (picked) {
      main.setAttribute('role', 'checkbox');
      main.setAttribute('aria-checked', String(picked.has(id)));
    } else {
      main.removeAttribute('role');
      main.removeAttribute('aria-checked');
    }
    for (const button of row.querySelectorAll('.row-call')) button.disabled = isBusy;
  }

  async function add(id, button) {
    button.disabled = true;
    const isThere = await actions.add(id);
    button.disabled = false;
    if (!isThere) return;
    find.value = '';
    render();
  }

  function render() {
    const wanted = find.value.trim().toLocaleLowerCase();
    const shown = people.filter(
      ({ id, name }) =>
        !wanted ||
        name.toLocaleLowerCase().includes(wanted) ||
        id.toLocaleLowerCase().includes(wanted),
    );
    keyed(list, shown, ({ id }) => id, make, update);
    walk.settle();
    const exact = people.some(({ id }) => id === find.value.trim());
    const id = find.value.trim();
    replace(
      extra,
      id &&
        !exact &&
        !/\s/.test(id) &&
        h(
          'button.add',
          { type: 'button', onclick: (event) => add(id, event.currentTarget) },
          icon('plus'),
          `Add “${id}”`,
        ),
      !people.length &&
        !id &&
        h('p.nothing', {}, 'Nobody here yet. Add somebody by the name they sign in with.'),
      id && !shown.length && /\s/.test(id) && h('p.nothing', {}, 'Nobody of that name.'),
    );
    bar.hidden = !picked;
    if (!picked) return;
    start.disabled = !picked.size || isBusy;
    start.textContent = picked.size
      ? `Start group call (${picked.size + 1})`
      : 'Choose who is to join';
  }
  render();

  return {
    node,
    set(next) {
      people = next;
      render();
    },
    choose(id) {
      chosen = id;
      render();
    },
    setBusy(on) {
      isBusy = on;
      render();
    },
  };
}
