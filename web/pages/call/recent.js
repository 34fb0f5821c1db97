// Past calls, of both families as one list. Pure.

const user = (of) => ({ id: of._id ?? of.userId, name: of.username ?? of._id ?? of.userId });

/** A direct call of `/api/calls/history`, as a row. */
export function directRow(call) {
  const isOut = call.direction === 'outgoing';
  return {
    id: call._id,
    kind: 'direct',
    at: Date.parse(call.createdAt),
    type: call.callType,
    direction: isOut ? 'out' : 'in',
    isMissed: call.isMissed === true,
    status: call.status,
    duration: call.duration ?? 0,
    people: [user(isOut ? call.receiverId : call.callerId)],
    title: null,
    channelId: call.streamChannelId ?? null,
    isLive: call.status === 'active' || call.status === 'no-answer',
  };
}

/** A session of `/api/video-call/history`, as a row. */
export function sessionRow(session, me) {
  const isOut = session.initiatorId === me;
  const mine = session.participants.find(({ userId }) => userId === me);
  const others = session.participants.filter(({ userId }) => userId !== me).map(user);
  return {
    id: session.sessionId,
    kind: 'session',
    at: Date.parse(session.createdAt),
    type: 'video',
    direction: isOut ? 'out' : 'in',
    isMissed: !isOut && session.status === 'ended' && !mine?.joinedAt,
    status: session.status,
    duration: mine?.duration ?? 0,
    people: others,
    title: session.metadata?.title || 'Group call',
    channelId: session.streamChannelId ?? null,
    isLive: session.status !== 'ended',
  };
}

/**
 * Both lists as one, newest first. A list that goes on (`more`) is only known down to its last row,
 * and so is what is shown.
 */
export function merged(lists) {
  const floor = Math.max(
    ...lists.map(({ rows, more }) => (more && rows.length ? rows.at(-1).at : -Infinity)),
  );
  return lists
    .flatMap(({ rows }) => rows)
    .filter(({ at }) => at >= floor)
    .sort((a, b) => b.at - a.at);
}

/** What a row says of how it went. */
export function outcome(row, clock) {
  if (row.isLive) return 'Now';
  if (row.isMissed) return 'Missed';
  if (row.duration > 0) return clock(row.duration);
  const texts = {
    missed: 'No answer',
    rejected: row.direction === 'out' ? 'Declined' : 'You declined',
    cancelled: 'Cancelled',
    completed: clock(0),
    ended: row.direction === 'out' ? 'Nobody came' : clock(0),
  };
  return texts[row.status] ?? row.status;
}
