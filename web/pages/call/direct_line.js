// Carries out what `direct_call.js` decides: asks the server, opens media, makes the connection.
import { nothing, phase, step } from './direct_call.js';
import { forget, keep, kept } from './kept.js';
import { peer as connect } from './peer.js';

const SERVER = [
  'callInitiated',
  'incomingCall',
  'callAccepted',
  'callAcceptedConfirm',
  'callAnsweredElsewhere',
  'callRejected',
  'userNotAvailable',
  'callEnded',
  'peerReconnecting',
  'peerReconnected',
];
const RELAYS = {
  offer: ['sendOffer', 'receiveOffer'],
  answer: ['sendAnswer', 'receiveAnswer'],
  candidate: ['sendIceCandidate', 'receiveIceCandidate'],
};
const MUST_ARRIVE = ['endCall', 'rejectCall'];
const NO_FLAGS = Object.freeze({ mic: true, camera: false, screen: false });

/**
 * The direct calls of this page. `me`: the user's id. `nameOf(id)`. `ice()`: the servers, asked
 * when a call begins. `isFree()`: false while this page is in a session. `onChange()` after
 * everything; `say(what, peer)`.
 */
export function directLine({ wire, media, me, nameOf, ice, relayOnly, isFree, say, onChange }) {
  let state = nothing;
  let link = null; // the connection
  let other = { stream: null, flags: NO_FLAGS };
  let linked = Promise.resolve([]); // the ICE servers of this call
  let timer = 0;

  function dispatch(event) {
    const before = state;
    const [next, effects] = step(state, { ...event, at: Date.now() });
    state = next;
    if (state !== before) remember();
    for (const effect of effects) carryOut[effect.do](effect);
    onChange(before);
  }

  function remember() {
    if (state.opening) return; // what was kept says how to go on
    if (state.callId && (state.stage === 'live' || state.stage === 'calling')) {
      const { callId, type, since } = state;
      keep({ callId, kind: 'direct', type, since, mic: media.mic, camera: media.camera });
    } else if (kept()?.kind === 'direct') {
      forget();
    }
  }

  const carryOut = {
    async open({ type }) {
      linked = ice();
      const saved = kept()?.callId === state.callId ? kept() : null;
      const resumes = saved && state.callId && state.stage !== 'incoming';
      const asked = state;
      const video = type === 'video' && (resumes ? saved.camera : true);
      const problems = await media.open({ video, mic: resumes ? saved.mic : true });
      // Hung up meanwhile, and perhaps calling somebody else.
      if (!state.opening || state.peer !== asked.peer) return;
      if (problems.audio === 'refused' || problems.audio === 'insecure') {
        dispatch({ is: 'unopened', why: `mic-${problems.audio}` });
        return;
      }
      if (problems.audio) say(`mic-${problems.audio}`);
      if (problems.video) say(`camera-${problems.video}`);
      dispatch({ is: 'opened' });
    },

    close() {
      link?.close();
      link = null;
      other = { stream: null, flags: NO_FLAGS };
      media.close();
    },

    async ask({ event, data }) {
      try {
        if (MUST_ARRIVE.includes(event)) await wire.tell(event, data);
        else await wire.ask(event, data);
      } catch ({ code }) {
        dispatch({ is: 'refused', event, code, callId: data.callId });
      }
    },

    async begin() {
      (await linkOf(state.callId))?.begin();
    },

    restart() {
      link?.restart();
    },

    /**
     * Whether this device may speak in a call that another tab may be in: an end of candidates says
     * nothing.
     */
    async claim({ callId, to, call }) {
      try {
        await wire.ask('sendIceCandidate', {
          callId,
          to,
          candidate: { candidate: '', sdpMid: '0' },
        });
        if (isFree()) dispatch({ is: 'claimed', call });
      } catch ({ code }) {
        if (code === 'not_authorized') say('on-another-tab');
      }
    },

    later({ ms, callId }) {
      clearTimeout(timer);
      timer = setTimeout(() => dispatch({ is: 'dismiss', callId }), ms);
    },

    say: ({ what, peer }) => say(what, peer),
  };

  /**
   * The connection of the call, made when it is first wanted; none if the call is another one by
   * then.
   */
  async function linkOf(callId) {
    const iceServers = await linked;
    if (state.callId !== callId || state.stage !== 'live') return null;
    if (link) return link;
    const to = state.peer.id;
    link = connect({
      media,
      iceServers,
      relayOnly,
      polite: me > to,
      send(kind, value) {
        const [event] = RELAYS[kind];
        wire
          .tell(event, { to, callId, [kind]: value })
          .catch(({ code }) => dispatch({ is: 'refused', event, code, callId }));
      },
      onState: (is) => dispatch({ is: 'media', up: is === 'up', noWay: is === 'no-way' }),
      onStream(stream) {
        other = { ...other, stream };
        onChange(state);
      },
      onFlags(flags) {
        other = { ...other, flags };
        onChange(state);
      },
      onError: (error) => console.warn('the connection could not go on:', error),
    });
    return link;
  }

  for (const event of SERVER)
    wire.on(event, (data) => {
      // The server rings people in sessions only if its settings say so.
      if (event === 'incomingCall' && !isFree()) return;
      dispatch({ is: event, ...data });
    });
  for (const [kind, [, event]] of Object.entries(RELAYS))
    wire.on(event, async (data) => {
      // While media is being opened after a reload, what comes is for the page that is gone.
      if (data.callId !== state.callId || state.stage !== 'live' || state.opening) return;
      (await linkOf(data.callId))?.take(kind, data[kind]);
    });

  return {
    get state() {
      return state;
    },
    get phase() {
      return phase(state);
    },
    /** What is known of the other side: `{stream, flags}`. */
    get other() {
      return other;
    },
    /** `[peer's id, connection]`, once there is one. */
    get links() {
      return new Map(link ? [[state.peer.id, link]] : []);
    },
    get isFree() {
      return state.stage === 'idle' || state.stage === 'ended';
    },

    call: (peer, type) => dispatch({ is: 'call', peer, type }),
    accept: () => dispatch({ is: 'accept' }),
    reject: () => dispatch({ is: 'reject' }),
    hangUp: () => dispatch({ is: 'hangUp' }),
    dismiss: () => dispatch({ is: 'dismiss' }),
    restart: () => link?.restart(),

    /** The socket was lost, or is back. */
    lost: () => dispatch({ is: 'lost' }),
    back: () => dispatch({ is: 'back' }),
    /** Where this user's calls stand, after each connection. */
    stand: (calls, recovered) =>
      dispatch({ is: 'callState', calls, recovered, saved: kept(), names: nameOf }),

    /** Sends what media has now. */
    sync() {
      link?.sync();
      remember();
    },
    close() {
      clearTimeout(timer);
      link?.close();
      media.close();
    },
  };
}
