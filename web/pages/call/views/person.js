// What lies on the right when there is no call: bells, or somebody's card.
import { disc } from '../../common/disc.js';
import { h, replace } from '../../common/dom.js';
import { emblem } from '../../common/emblem.js';
import { ago, clock } from '../../common/format.js';
import { icon } from '../../common/icons.js';
import { outcome } from '../recent.js';

/** `actions`: `call(person, type)`, `close()`, `read(row)`. */
export function personView(actions) {
  const node = h('section.card', { 'aria-label': 'Nobody chosen' });
  let shown = '';

  function drawEmpty() {
    node.setAttribute('aria-label', 'Nobody chosen');
    replace(
      node,
      emblem('emblem-large'),
      h('h2', {}, 'Choose somebody to call'),
      h('p.soft', {}, 'Enter calls, V is a video call.'),
    );
  }

  function lineOf(row) {
    const content = [
      icon(row.isMissed ? 'missed' : row.direction),
      h('span', {}, outcome(row, clock)),
      h('time', {}, ago(row.at)),
    ];
    return h(
      'li',
      { class: row.isMissed ? 'is-missed' : '' },
      row.channelId
        ? h(
            'button',
            { type: 'button', title: 'Read the chat', onclick: () => actions.read(row) },
            content,
            icon('chat'),
          )
        : content,
    );
  }

  function drawPerson(person, rows, isBusy) {
    const { id, name, isOnline } = person;
    node.setAttribute('aria-label', name);
    const button = (type, label) =>
      h(
        'button.big',
        {
          type: 'button',
          disabled: isBusy,
          class: type,
          onclick: () => actions.call(person, type),
        },
        icon(type === 'video' ? 'video' : 'call'),
        label,
      );
    replace(
      node,
      h(
        'button.ghost.card-back',
        { type: 'button', 'aria-label': 'Back to the list', onclick: actions.close },
        icon('back'),
      ),
      disc(id, name, 'disc-xl'),
      h('h2', {}, name),
      h(
        'p.presence',
        { 'data-online': isOnline },
        h('span.dot'),
        isOnline ? 'Online' : 'Not online',
      ),
      h('div.bigs', {}, button('audio', 'Call'), button('video', 'Video call')),
      rows.length > 0 &&
        h('ul.past', { 'aria-label': `Calls with ${name}` }, rows.slice(0, 5).map(lineOf)),
    );
  }
  drawEmpty();

  return {
    node,
    /** `person`: `{id, name, isOnline}` or null; `rows`: the calls with that person. */
    set(person, rows = [], isBusy = false) {
      const key = JSON.stringify([
        person,
        rows.slice(0, 5).map(({ id, status }) => [id, status]),
        isBusy,
      ]);
      if (key === shown) return;
      const focused = node.contains(document.activeElement)
        ? document.activeElement.className
        : null;
      shown = key;
      if (person) drawPerson(person, rows, isBusy);
      else drawEmpty();
      if (focused)
        [...node.querySelectorAll('button')]
          .find(({ className }) => className === focused)
          ?.focus();
    },
  };
}
