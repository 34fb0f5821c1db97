// The messages of one chat, in the order in which the server tells them, with those of our own that
// it has not told yet behind them: an answer to a sender may overtake what others wrote before.
// Pure. A message is `{id, userId, text, at, state, isTold}`; `state`: `pending`, `sent`, `failed`.

const fromServer = ({ id, userId, text, createdAt }) => ({
  id,
  userId,
  text,
  at: Date.parse(createdAt),
  state: 'sent',
  isTold: true,
});

/** A page of the server, oldest first, laid under what is there already. */
export function withPage(log, messages) {
  const page = messages.map(fromServer);
  const has = new Set(page.map(({ id }) => id));
  const ours = log.filter(({ id, isTold }) => !isTold && !has.has(id));
  const told = log.filter(({ id, isTold }) => isTold && !has.has(id));
  return [...page, ...told].sort((a, b) => a.at - b.at).concat(ours);
}

/** A message that the server tells: it takes the place at the end of those that are told; once. */
export function withNews(log, message) {
  const known = log.find(({ id }) => id === message.id);
  if (known?.isTold) return log;
  const others = log.filter(({ id }) => id !== message.id);
  const told = others.filter(({ isTold }) => isTold);
  return [...told, fromServer(message), ...others.filter(({ isTold }) => !isTold)];
}

/** One of ours, about to be sent. */
export const withOwn = (log, { id, userId, text, at }) => [
  ...log.filter((one) => one.id !== id),
  { id, userId, text, at, state: 'pending', isTold: false },
];

/** What became of one of ours: `sent`, `failed`, or `pending` again. One that was told stays. */
export const withState = (log, id, state) =>
  log.map((one) => (one.id === id && !one.isTold ? { ...one, state } : one));

/** The newest message of the server, from which on is asked what was missed. */
export const lastSent = (log) => log.findLast(({ isTold }) => isTold)?.id ?? null;
