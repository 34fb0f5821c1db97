// A direct call as this page sees it: facts, and what follows from them. A value: no sockets, no
// media, no clock, no page; `direct_line.js` carries out what is decided here.
//
// Events are `{is, at, …}` (`at` in ms): what the server says under its own names, what the user
// wants (`call`, `accept`, `reject`, `hangUp`, `dismiss`), and what media, connection and socket
// report (`opened`, `unopened`, `media`, `lost`, `back`, `refused`). Effects are `{do, …}`: `open`,
// `close`, `ask`, `begin`, `restart`, `claim`, `later`, `say`.

/** How long a lost device is waited for, as far as a page can know: the server's default. */
export const GRACE_MS = 30000;
/** How long the summary of a call stays. */
export const SUMMARY_MS = 4000;

/** No call. `over`: a call that this page ended or declined, should the server not know it yet. */
export const nothing = Object.freeze({ stage: 'idle', over: null });

/**
 * `idle`, `calling`, `incoming`, `connecting`, `connected`, `reconnecting` or `ended`: what the
 * page shows. A call that lives is what its facts make it.
 */
export function phase(state) {
  if (state.stage !== 'live') return state.stage;
  if (state.away || state.gone || (state.wasUp && !state.up)) return 'reconnecting';
  return state.up ? 'connected' : 'connecting';
}

/** Why a call is `reconnecting` or does not connect: `own`, `peer`, `media`, `no-way`, or null. */
export function trouble(state) {
  if (state.away) return 'own';
  if (state.stage !== 'live') return null;
  if (state.gone) return 'peer';
  if (state.noWay) return 'no-way';
  return state.wasUp && !state.up ? 'media' : null;
}

const call = (more) => ({
  callId: null,
  type: 'audio',
  peer: null,
  role: 'caller',
  opening: false,
  since: null,
  away: false,
  gone: null,
  up: false,
  wasUp: false,
  isResumed: false,
  noWay: false,
  ...more,
});
const stay = (state) => [state, []];
const ask = (event, callId) => ({ do: 'ask', event, data: { callId } });

function end(state, why, more = {}) {
  const { callId, type, peer, role } = state;
  const over = more.mine ? callId : null;
  return [
    { stage: 'ended', callId, type, peer, role, why, endedBy: null, duration: 0, over, ...more },
    [{ do: 'close' }, { do: 'later', ms: SUMMARY_MS, callId }],
  ];
}
const leave = (...effects) => [nothing, [{ do: 'close' }, ...effects]];
const begun = (state, at) => ({ ...state, stage: 'live', since: state.since ?? at });
const isThis = (state, event) => state.callId !== null && state.callId === event.callId;
const lasted = (state, at) =>
  state.since ? Math.max(0, Math.round((at - state.since) / 1000)) : 0;

const byUser = {
  call(state, { peer, type }) {
    if (state.stage !== 'idle' && state.stage !== 'ended') return stay(state);
    return [call({ stage: 'calling', peer, type, opening: true }), [{ do: 'open', type }]];
  },
  accept(state) {
    if (state.stage !== 'incoming' || state.opening) return stay(state);
    return [{ ...state, opening: true }, [{ do: 'open', type: state.type }]];
  },
  reject(state) {
    if (state.stage !== 'incoming') return stay(state);
    return [
      { stage: 'idle', over: state.callId },
      [{ do: 'close' }, ask('rejectCall', state.callId)],
    ];
  },
  hangUp(state, { at }) {
    if (state.stage === 'incoming') return byUser.reject(state);
    if (state.stage !== 'calling' && state.stage !== 'live') return stay(state);
    // Without an id yet: the server's answer names it, and then it is ended.
    const answered = state.stage === 'live';
    const [over, effects] = end(state, answered ? 'hangup' : 'cancelled', {
      duration: lasted(state, at),
      mine: true,
      unnamed: !state.callId && !state.opening,
    });
    return [over, state.callId ? [ask('endCall', state.callId), ...effects] : effects];
  },
  dismiss(state, { callId }) {
    const isShown = state.stage === 'ended' && (callId === undefined || callId === state.callId);
    return isShown ? [{ stage: 'idle', over: state.over }, []] : stay(state);
  },
};

const byMedia = {
  opened(state) {
    if (!state.opening) return stay(state);
    const next = { ...state, opening: false };
    if (state.stage === 'incoming') return [next, [ask('acceptCall', state.callId)]];
    if (state.stage === 'live') return [next, [{ do: 'begin' }]];
    if (state.callId) return [next, []]; // was ringing before this page was loaded
    const data = { receiverId: state.peer.id, callType: state.type };
    return [next, [{ do: 'ask', event: 'initiateCall', data }]];
  },
  unopened(state, { why }) {
    if (!state.opening) return stay(state);
    // An incoming call goes on ringing: the user may allow the microphone and try again.
    if (state.stage === 'incoming')
      return [{ ...state, opening: false }, [{ do: 'close' }, { do: 'say', what: why }]];
    const [over, effects] = end(state, why);
    return [over, state.callId ? [ask('endCall', state.callId), ...effects] : effects];
  },
  media(state, { up, noWay = false }) {
    if (state.stage !== 'live') return stay(state);
    const { wasUp, isResumed } = state;
    return [
      { ...state, up, wasUp: wasUp || up, isResumed: isResumed && !up, noWay: up ? false : noWay },
      [],
    ];
  },
  lost(state) {
    return state.stage === 'calling' || state.stage === 'live'
      ? [{ ...state, away: true }, []]
      : stay(state);
  },
  back(state) {
    return state.away ? [{ ...state, away: false }, []] : stay(state);
  },
};

const refusedWhy = {
  user_offline: 'offline',
  user_busy: 'busy',
  caller_busy: 'caller-busy',
  receiver_not_found: 'unknown',
  rate_limited: 'too-often',
  not_connected: 'not-connected',
};

const byServer = {
  callInitiated(state, { callId, receiverId, glare }) {
    if (state.stage === 'ended' && state.unnamed && state.peer.id === receiverId) {
      return [{ ...state, callId, over: callId, unnamed: false }, [ask('endCall', callId)]];
    }
    if (state.stage !== 'calling' || state.callId || state.peer.id !== receiverId)
      return stay(state);
    return [{ ...state, callId, role: glare ? 'receiver' : 'caller' }, []];
  },
  incomingCall(state, { callId, callType, callerId, caller }) {
    if (isThis(state, { callId }) || state.over === callId) return stay(state);
    // Both called each other: the server makes one call of it, and says so to this call.
    if (state.stage === 'calling' && state.peer.id === callerId) return stay(state);
    if (state.stage !== 'idle' && state.stage !== 'ended') return stay(state);
    const peer = { id: callerId, name: caller?.username ?? callerId };
    return [call({ stage: 'incoming', callId, type: callType, peer, role: 'receiver' }), []];
  },
  callAccepted(state, event) {
    if (state.stage !== 'calling' || !isThis(state, event)) return stay(state);
    return [begun(state, event.at), state.opening ? [] : [{ do: 'begin' }]];
  },
  callAcceptedConfirm(state, event) {
    const expected =
      state.stage === 'incoming' || (state.stage === 'calling' && state.role === 'receiver');
    return expected && isThis(state, event) ? [begun(state, event.at), []] : stay(state);
  },
  callAnsweredElsewhere(state, event) {
    if (state.stage !== 'incoming' || !isThis(state, event)) return stay(state);
    return leave({ do: 'say', what: 'elsewhere' });
  },
  callRejected(state, { callId, receiverId, reason }) {
    const isOurs =
      state.stage === 'calling' &&
      (state.callId ? state.callId === callId : state.peer.id === receiverId);
    return isOurs
      ? end({ ...state, callId }, reason === 'busy' ? 'busy' : 'rejected')
      : stay(state);
  },
  userNotAvailable(state, { callId, receiverId }) {
    const isOurs = state.stage === 'calling' && !state.callId && state.peer.id === receiverId;
    return isOurs ? end({ ...state, callId }, 'offline') : stay(state);
  },
  callEnded(state, event) {
    if (!isThis(state, event)) return stay(state);
    const { reason, endedBy, duration } = event;
    if (state.stage === 'ended') return [{ ...state, duration: duration || state.duration }, []];
    if (state.stage === 'incoming') {
      const isMissed =
        reason === 'cancelled' || reason === 'no-answer' || reason === 'connection-lost';
      return leave({ do: 'say', what: isMissed ? 'missed' : 'elsewhere', peer: state.peer });
    }
    if (state.stage === 'idle') return stay(state);
    return end(state, reason, { endedBy, duration, mine: false });
  },
  peerReconnecting(state, event) {
    return state.stage === 'live' && isThis(state, event)
      ? [{ ...state, gone: event.at + GRACE_MS }, []]
      : stay(state);
  },
  peerReconnected(state, event) {
    return state.stage === 'live' && isThis(state, event)
      ? [{ ...state, gone: null }, []]
      : stay(state);
  },
  refused(state, { event, code, callId }) {
    if (event === 'initiateCall') {
      if (state.stage === 'calling' && !state.callId)
        return end(state, refusedWhy[code] ?? 'failed', { code });
      return state.unnamed ? [{ ...state, unnamed: false }, []] : stay(state);
    }
    if (!isThis(state, { callId })) return stay(state);
    if (event === 'acceptCall' && state.stage === 'incoming')
      return leave({ do: 'say', what: 'gone' });
    // A relay that this device may not send: the leg is on another tab or device.
    const isElsewhere = code === 'not_authorized' && state.stage === 'live';
    return isElsewhere ? leave({ do: 'say', what: 'on-another-tab' }) : stay(state);
  },
  callState(state, event) {
    const listed = event.calls.filter(({ kind }) => kind === 'direct');
    const left = listed.find(({ callId }) => callId === state.over);
    if (left && state.stage !== 'live') return [state, [ask('endCall', left.callId)]];
    if (state.stage === 'idle' || state.stage === 'ended') return found(state, listed[0], event);
    const now =
      listed.find(({ callId }) => callId === state.callId) ??
      (state.callId ? undefined : listed.find(({ peer }) => peer === state.peer.id));
    return followed(state, now, event);
  },
};

/** A call that the server has and this page does not show: it was loaded again, or opened. */
function found(state, listed, { saved, names, at }) {
  if (!listed) return stay(state);
  const mine = saved?.callId === listed.callId ? saved : null;
  const { callId, role } = listed;
  const peer = { id: listed.peer, name: names?.(listed.peer) ?? listed.peer };
  const type = mine?.type ?? 'audio';
  if (listed.state === 'ringing') {
    if (role !== 'caller') return stay(state); // incomingCall follows
    return [call({ stage: 'calling', callId, peer, type, opening: true }), [{ do: 'open', type }]];
  }
  const live = call({
    stage: 'live',
    callId,
    peer,
    type,
    role,
    since: mine?.since ?? at,
    wasUp: true,
    isResumed: true,
  });
  if (mine) return [{ ...live, opening: true }, [{ do: 'open', type }]];
  return [state, [{ do: 'claim', callId, to: listed.peer, call: live }]];
}

/** The call that this page shows, as the server has it after a connection that began anew. */
function followed(state, now, { recovered, at }) {
  if (!now) {
    if (state.stage === 'incoming') return leave();
    return state.callId ? end(state, 'over', { duration: lasted(state, at) }) : stay(state);
  }
  if (now.state === 'active') {
    if (state.stage === 'incoming') {
      return state.opening ? stay(state) : leave({ do: 'say', what: 'elsewhere' });
    }
    if (state.stage === 'calling') {
      const next = begun({ ...state, callId: now.callId, role: now.role }, at);
      return [next, now.role === 'caller' && !state.opening ? [{ do: 'begin' }] : []];
    }
    return [{ ...state, gone: null }, recovered ? [] : [{ do: 'restart' }]];
  }
  return [{ ...state, callId: now.callId }, []];
}

/** Taken over by this page after a `claim` that the server granted. */
function claimed(state, { call: live }) {
  if (state.stage !== 'idle' && state.stage !== 'ended') return stay(state);
  return [{ ...live, opening: true }, [{ do: 'open', type: live.type }]];
}

const steps = { ...byUser, ...byMedia, ...byServer, claimed };

/**
 * What `event` makes of `state`, and what is to be done: `[state, effects]`. Unknown events change
 * nothing.
 */
export function step(state, event) {
  return steps[event.is]?.(state, event) ?? stay(state);
}
