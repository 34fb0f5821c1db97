// Passing remarks, at the edge of the page for a while.
import { announce, h } from '../../common/dom.js';
import { icon } from '../../common/icons.js';

const STAY_MS = 6000;
const MOST = 3;

/**
 * `{node, say(text, {tone, action, stay})}`; `action`: `{label, run}`; `stay`: for how many ms. A
 * text that is shown already is not doubled.
 */
export function toasts() {
  const node = h('div.toasts');

  function say(text, { tone = 'quiet', action = null, stay = STAY_MS } = {}) {
    for (const shown of node.children) if (shown.dataset.text === text) shown.remove();
    let timer = 0;
    const toast = h(
      'div.toast',
      { 'data-text': text, 'data-tone': tone },
      h('p', {}, text),
      action &&
        h('button.link', { type: 'button', onclick: () => leave(action.run) }, action.label),
      h(
        'button.ghost',
        { type: 'button', 'aria-label': 'Dismiss', onclick: () => leave() },
        icon('close'),
      ),
    );
    function leave(then) {
      clearTimeout(timer);
      toast.remove();
      then?.();
    }
    node.append(toast);
    while (node.children.length > MOST) node.firstElementChild.remove();
    announce(text);
    timer = setTimeout(leave, action ? 2 * stay : stay);
  }
  return { node, say };
}
