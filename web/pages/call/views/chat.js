// The chat beside a call.
import { h, keyed, replace } from '../../common/dom.js';
import { time } from '../../common/format.js';
import { icon } from '../../common/icons.js';

const LONGEST = 5000;

/** `actions`: `say(text)`, `retry(id)`, `close()`. */
export function chatView(actions, me, nameOf) {
  const title = h('h2', {}, 'Chat');
  const list = h('ol.messages', {
    role: 'log',
    'aria-label': 'Messages',
    tabindex: 0,
    'data-scrolls': true,
  });
  const empty = h('p.nothing', {}, 'Nothing said yet.');
  const field = h('textarea', {
    id: 'message',
    rows: 1,
    placeholder: 'Write a message',
    'aria-label': 'Message',
    maxlength: LONGEST,
    autocomplete: 'off',
    oninput: grow,
    onkeydown(event) {
      if (event.key === 'Escape') actions.close();
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    },
  });
  const form = h(
    'form.write',
    {
      onsubmit(event) {
        event.preventDefault();
        const text = field.value.trim();
        if (!text) return;
        actions.say(text);
        field.value = '';
        grow();
      },
    },
    field,
    h('button.round-send', { type: 'submit', 'aria-label': 'Send' }, icon('send')),
  );
  const closed = h('p.nothing.closed', {}, 'This call is over; the chat stays to be read.');
  const node = h(
    'aside.chat',
    { 'aria-label': 'Chat', hidden: true },
    h(
      'header.chat-top',
      {},
      title,
      h(
        'button.ghost',
        { type: 'button', 'aria-label': 'Close the chat', onclick: () => actions.close() },
        icon('close'),
      ),
    ),
    list,
    empty,
    form,
    closed,
  );

  function grow() {
    field.style.setProperty('height', 'auto');
    field.style.setProperty('height', `${Math.min(field.scrollHeight, 120)}px`);
  }

  function make({ id, userId, text }) {
    const mine = userId === me;
    return h(
      mine ? 'li.message.mine' : 'li.message',
      { 'data-id': id },
      !mine && h('span.message-who', {}, nameOf(userId)),
      h('p.bubble', {}, text),
      h('span.message-how'),
      mine && h('button.link', { type: 'button', onclick: () => actions.retry(id) }, 'Send again'),
    );
  }
  function update(readersOf) {
    return (row, { id, userId, state, at }, before) => {
      row.dataset.state = state;
      row.classList.toggle('follows', before?.userId === userId && at - before.at < 60000);
      const readers = userId === me ? readersOf(id).map(nameOf) : [];
      row.querySelector('.message-how').textContent =
        state === 'pending'
          ? 'Sending…'
          : state === 'failed'
            ? 'Not sent'
            : readers.length
              ? `Seen by ${readers.join(', ')}`
              : time(at);
    };
  }

  return {
    node,
    get isOpen() {
      return !node.hidden;
    },
    open(on, heading = 'Chat') {
      const was = !node.hidden;
      node.hidden = !on;
      title.textContent = heading;
      if (on && !was) {
        list.scrollTop = list.scrollHeight;
        if (!form.hidden && matchMedia('(hover: hover)').matches) field.focus();
      }
    },
    /** A `chat` of `../chat.js`. */
    set(room) {
      const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
      const messages = room.messages;
      const one = update(room.readersOf);
      let before = null;
      keyed(
        list,
        messages,
        ({ id }) => id,
        make,
        (row, message) => {
          one(row, message, before);
          before = message;
        },
      );
      empty.hidden = messages.length > 0;
      empty.textContent = room.state === 'loading' ? 'A moment…' : 'Nothing said yet.';
      form.hidden = room.state === 'closed' || room.state === 'absent';
      closed.hidden = room.state !== 'closed';
      if (isAtEnd) list.scrollTop = list.scrollHeight;
    },
    clear: () => replace(list),
  };
}
