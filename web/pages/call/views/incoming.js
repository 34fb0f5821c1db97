// Somebody calls: over everything, with the focus on the answer.
import { disc } from '../../common/disc.js';
import { announce, h, replace } from '../../common/dom.js';
import { icon } from '../../common/icons.js';

/** `actions`: `accept()` and `reject()`, of what is shown now. */
export function incomingView(actions) {
  let shown = null;
  const body = h('div.incoming-body');
  const accept = h('button.answer.accept', { type: 'button', onclick: () => actions.accept() });
  const reject = h('button.answer.reject', { type: 'button', onclick: () => actions.reject() });
  const node = h(
    'dialog.incoming',
    {
      'aria-labelledby': 'incoming-name',
      'aria-describedby': 'incoming-what',
      oncancel(event) {
        event.preventDefault();
        actions.reject();
      },
    },
    body,
    h('div.answers', {}, reject, accept),
  );

  return {
    node,
    /** `{key, id, name, what, type, isGroup, isOpening}`, or null. */
    set(call) {
      if (!call) {
        if (node.open) node.close();
        shown = null;
        return;
      }
      accept.disabled = call.isOpening;
      node.classList.toggle('is-opening', call.isOpening);
      if (shown === call.key) return;
      shown = call.key;
      replace(
        body,
        h('span.ringing', {}, disc(call.id, call.name, 'disc-xl')),
        h('h2', { id: 'incoming-name' }, call.name),
        h('p', { id: 'incoming-what' }, call.what),
      );
      const [yes, no] = call.isGroup ? ['Join', 'Ignore'] : ['Accept', 'Reject'];
      replace(
        accept,
        h('span.round', {}, icon(call.type === 'video' ? 'video' : 'call')),
        h('span', {}, yes),
      );
      replace(
        reject,
        h('span.round', {}, icon(call.isGroup ? 'close' : 'hangup')),
        h('span', {}, no),
      );
      if (!node.open) node.showModal();
      accept.focus();
      announce(`${call.name}: ${call.what}`);
    },
    setSilent: (on) => node.classList.toggle('is-silent', on),
  };
}
