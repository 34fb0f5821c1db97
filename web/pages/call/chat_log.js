// The messages of one chat, in the server's order, with those of our own that are still under way
// behind them. Pure. A message is `{id, userId, text, at, state}`; `state`: `pending`, `sent` or
// `failed`.

const fromServer = ({ id, userId, text, createdAt }) => ({
  id,
  userId,
  text,
  at: Date.parse(createdAt),
  state: 'sent',
});

/** A page of the server, oldest first, laid under what is there already. */
export function withPage(log, messages) {
  const page = messages.map(fromServer);
  const has = new Set(page.map(({ id }) => id));
  const ours = log.filter(({ id, state }) => state !== 'sent' && !has.has(id));
  const told = log.filter(({ id, state }) => state === 'sent' && !has.has(id));
  return [...page, ...told].sort((a, b) => a.at - b.at).concat(ours);
}

/** A message that the server tells: it takes the place at the end of those that are sent; once. */
export function withNews(log, message) {
  const known = log.find(({ id }) => id === message.id);
  if (known?.state === 'sent') return log;
  const others = log.filter(({ id }) => id !== message.id);
  const sent = others.filter(({ state }) => state === 'sent');
  return [...sent, fromServer(message), ...others.filter(({ state }) => state !== 'sent')];
}

/** One of ours, about to be sent. */
export const withOwn = (log, { id, userId, text, at }) => [
  ...log.filter((one) => one.id !== id),
  { id, userId, text, at, state: 'pending' },
];

/** What became of one of ours: `failed`, or `pending` again. One that was told stays `sent`. */
export const withState = (log, id, state) =>
  log.map((one) => (one.id === id && one.state !== 'sent' ? { ...one, state } : one));

/** The newest message of the server, from which on is asked what was missed. */
export const lastSent = (log) => log.findLast(({ state }) => state === 'sent')?.id ?? null;
