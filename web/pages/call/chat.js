// The chat of one call: what was written, sending, and catching up after a loss.
import { lastSent, withNews, withOwn, withPage, withState } from './chat_log.js';

const PAGE = 50;

function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Opens the chat of `channelId`. `state` is `loading`, `ready`, `closed` (to be read only) or
 * `absent`; `onChange()` after everything.
 */
export function chat({ channelId, me, wire, rest, onChange, isClosed = false }) {
  let log = [];
  let state = 'loading';
  let unread = 0;
  let isShown = false;
  let readUpTo = null;
  let seenBy = new Map(); // user → the id up to which it was read
  const path = `/api/stream/message/${encodeURIComponent(channelId)}`;

  const change = (next) => {
    log = next;
    onChange();
  };

  async function load() {
    try {
      const { messages } = await rest('GET', `${path}?limit=${PAGE}`);
      state = isClosed ? 'closed' : 'ready';
      change(withPage(log, messages));
      markRead();
    } catch (refusal) {
      if (refusal.status === 404 || refusal.status === 403) state = 'absent';
      onChange();
    }
  }

  /** What was told while the socket was away. */
  async function catchUp() {
    if (state === 'loading') return load();
    if (state !== 'ready') return undefined;
    for (;;) {
      const last = lastSent(log);
      if (!last) return load();
      const query = `${path}?limit=${PAGE}&after=${encodeURIComponent(last)}`;
      const page = await rest('GET', query).catch(() => null);
      if (!page) return undefined;
      for (const message of page.messages) news({ channelId, message });
      if (!page.hasMore || !page.messages.length) return undefined;
    }
  }

  function news(data) {
    if (data.channelId !== channelId) return;
    const next = withNews(log, data.message);
    if (next === log) return;
    if (data.message.userId !== me && !isShown) ++unread;
    change(next);
    markRead();
  }

  function read(data) {
    if (data.channelId !== channelId) return;
    seenBy = new Map(seenBy).set(data.userId, data.id);
    onChange();
  }

  function markRead() {
    if (!isShown || document.hidden) return;
    const last = log.findLast(({ userId, state: how }) => userId !== me && how === 'sent')?.id;
    if (!last || last === readUpTo || state !== 'ready') return;
    readUpTo = last;
    wire.tell('message.read', { channelId, id: last }).catch(() => undefined); // a courtesy
  }

  async function send(message) {
    try {
      await wire.ask('sendMessage', { channelId, text: message.text, id: message.id });
      change(withState(log, message.id, 'sent'));
    } catch ({ code }) {
      if (code === 'channel_closed') state = 'closed';
      change(withState(log, message.id, 'failed'));
    }
  }

  wire.on('message.new', news);
  wire.on('message.read', read);
  load();

  return {
    channelId,
    get state() {
      return state;
    },
    get messages() {
      return log;
    },
    get unread() {
      return unread;
    },
    /** Who has read up to the message `id`. */
    readersOf: (id) => [...seenBy].filter(([, upTo]) => upTo === id).map(([user]) => user),

    say(text) {
      const message = { id: freshId(), userId: me, text, at: Date.now() };
      change(withOwn(log, message));
      return send(message);
    },
    /** The same message again: under the same id, so that it cannot arrive twice. */
    retry(id) {
      const message = log.find((one) => one.id === id);
      change(withState(log, id, 'pending'));
      return send(message);
    },
    show(on) {
      isShown = on;
      if (on) unread = 0;
      markRead();
      onChange();
    },
    catchUp,
    /** Nothing more can be written. */
    end() {
      state = 'closed';
    },
    close() {
      wire.off('message.new', news);
      wire.off('message.read', read);
    },
  };
}
