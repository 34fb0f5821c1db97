// A session: everybody has a connection to everybody else, by the socket on which they are in.
// Whoever comes makes the offers; those who are in wait for them.
import { forget, keep, kept } from './kept.js';
import { mesh } from './mesh.js';

const SUMMARY_MS = 4000;
const RELAYS = {
  webrtc_offer: 'offer',
  webrtc_answer: 'answer',
  webrtc_ice_candidate: 'candidate',
};
/** An invitation runs out without a word; clocks differ, so not at once and not never. */
const ringingTime = (expiresAt) =>
  Math.min(Math.max(Date.parse(expiresAt) - Date.now() || 0, 5000), 180000);
const none = Object.freeze({ phase: 'idle', sessionId: null, people: [], invitation: null });

/**
 * The session that this page is in, one at a time. `rest(method, path, body)`; `isFree()`: false
 * while this page is in a direct call; the rest as for `directLine`.
 */
export function groupCall({ wire, media, me, nameOf, rest, relayOnly, isFree, say, onChange }) {
  let state = none;
  const others = mesh({ wire, media, me, relayOnly, onChange: change });
  let mySocket = null;
  let version = 0;
  let timer = 0;
  let ringing = 0; // until when an invitation is shown
  let opening = null;

  function set(patch) {
    const before = state;
    state = Object.freeze({ ...state, ...patch });
    onChange(before);
  }
  const inIt = () => state.phase !== 'idle' && state.phase !== 'ended';
  const isThis = (data) => inIt() && data.sessionId === state.sessionId;

  /** Opens media once for a session, and enters it here; `saved` is what a reload left. */
  function enter(sessionId, title, saved, isMine = saved?.isMine === true) {
    clearTimeout(timer);
    mySocket = null;
    version = 0;
    state = none;
    set({
      phase: 'connecting',
      sessionId,
      title,
      isMine,
      since: saved?.since ?? null,
      away: false,
      invitation: null,
      people: [],
    });
    opening = (async () => {
      const problems = await media.open({ video: saved?.camera ?? true, mic: saved?.mic ?? true });
      if (state.sessionId !== sessionId || !inIt()) return false;
      for (const [kind, why] of Object.entries(problems))
        say(`${kind === 'audio' ? 'mic' : 'camera'}-${why}`);
      return true;
    })();
    return opening;
  }

  async function join(sessionId, title = 'Group call', isMine = undefined) {
    if (!isFree() || (inIt() && state.sessionId === sessionId)) return;
    if (inIt()) leave();
    if (!(await enter(sessionId, title, null, isMine))) return;
    await ask(sessionId);
  }

  async function ask(sessionId) {
    try {
      await wire.ask('join_call_session', { sessionId });
    } catch ({ code }) {
      if (state.sessionId !== sessionId) return;
      const words = {
        session_full: 'session-full',
        not_invited: 'not-invited',
        not_connected: 'not-connected',
      };
      say(words[code] ?? 'invitation-gone');
      over('gone', 0);
      dismiss();
    }
  }

  async function start(ids, title) {
    try {
      const begun = await rest('POST', '/api/video-call/initiate', {
        sessionType: 'group',
        participants: ids,
        metadata: { title },
      });
      await join(begun.sessionId, title, true);
    } catch (refusal) {
      say(refusal.code === 'rate_limited' ? 'too-often' : 'begin-failed');
    }
  }

  function leave() {
    if (!inIt()) return;
    // It is over for us, whatever the server says.
    wire.tell('leave_call_session', { sessionId: state.sessionId }).catch(() => undefined);
    over('left', lasted());
  }

  const lasted = () => (state.since ? Math.round((Date.now() - state.since) / 1000) : 0);

  function over(why, duration, endedBy = null) {
    others.keep([]);
    media.close();
    forget();
    const { sessionId } = state;
    set({ phase: 'ended', why, duration, endedBy, people: [], away: false });
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (state.sessionId === sessionId) dismiss();
    }, SUMMARY_MS);
  }

  function dismiss() {
    if (state.phase !== 'ended') return;
    clearTimeout(timer);
    const { invitation } = state;
    state = none;
    set({ invitation });
  }

  function remember() {
    if (!inIt() || state.phase === 'connecting') return;
    const { sessionId, since, title, isMine } = state;
    keep({
      callId: sessionId,
      kind: 'session',
      since,
      title,
      isMine,
      mic: media.mic,
      camera: media.camera,
    });
  }

  const person = ({ userId, username, socketId, hasVideo, hasAudio, isScreenSharing }) => ({
    id: userId,
    name: username ?? userId,
    key: socketId,
    isMe: userId === me,
    stream: null,
    up: false,
    mic: hasAudio !== false,
    camera: hasVideo !== false,
    screen: isScreenSharing === true,
  });
  function change(key, patch) {
    set({ people: state.people.map((one) => (one.key === key ? { ...one, ...patch } : one)) });
  }

  async function joined(data) {
    const title = data.metadata?.title || 'Group call';
    if (!isThis(data)) {
      // After a reload the server puts this user's place here by itself.
      if (!isFree() || inIt()) return;
      enter(data.sessionId, title, kept()?.callId === data.sessionId ? kept() : null);
    }
    if (!(await opening)) return;
    const isSame = mySocket === wire.id;
    mySocket = wire.id;
    version = data.version;
    others.begin(data);
    if (!isSame) others.keep([]);
    const people = data.participants
      .map(person)
      .map((one) => ({ ...one, ...(isSame && state.people.find(({ key }) => key === one.key)) }));
    others.keep(people.map(({ key }) => key));
    set({
      phase: 'connected',
      title,
      since: state.since ?? Date.now(),
      people,
      mayShare: data.callSettings?.allowScreenShare !== false,
    });
    for (const { isMe, key, id } of people) {
      if (!isMe && !others.links.has(key)) others.to(key, id).begin();
    }
    tellFlags();
    remember();
  }

  wire.on('call_session_joined', joined);
  wire.on('user_joined_call', async (data) => {
    if (!isThis(data) || !(await opening) || data.version < version) return;
    version = data.version;
    if (data.previousSocketId) others.cut(data.previousSocketId);
    const old = [data.previousSocketId, data.socketId];
    const stay = state.people.filter((one) => !old.includes(one.key) && one.id !== data.userId);
    set({ people: [...stay, person(data)] }); // and waits for the offer
  });
  wire.on('user_left_call', (data) => {
    if (!isThis(data) || data.version < version) return;
    version = data.version;
    if (data.userId === me) {
      if (data.socketId === mySocket) over(data.reason, lasted());
      return;
    }
    others.cut(data.socketId);
    set({ people: state.people.filter(({ key }) => key !== data.socketId) });
  });
  wire.on('media_state_changed', (data) => {
    if (!isThis(data)) return;
    change(data.socketId, {
      mic: data.hasAudio,
      camera: data.hasVideo,
      screen: data.isScreenSharing,
    });
  });
  wire.on('call_session_ended', (data) => {
    if (state.invitation?.sessionId === data.sessionId) set({ invitation: null });
    if (isThis(data)) over(data.reason, data.duration, data.endedBy);
    else onChange(state); // a session of the list is over
  });
  wire.on('call_answered_elsewhere', (data) => {
    if (state.invitation?.sessionId === data.sessionId) set({ invitation: null });
    if (isThis(data)) over('elsewhere', lasted());
  });
  wire.on('call_invitation', (data) => {
    if (inIt() && data.sessionId === state.sessionId) return;
    if (!isFree() || inIt()) {
      say('invited', { name: data.initiator.username });
      return;
    }
    set({ invitation: data });
    clearTimeout(ringing);
    ringing = setTimeout(() => {
      if (state.invitation?.sessionId !== data.sessionId) return;
      set({ invitation: null });
      say('invitation-missed', { name: data.initiator.username });
    }, ringingTime(data.expiresAt));
  });
  for (const [event, kind] of Object.entries(RELAYS))
    wire.on(event, async (data) => {
      if (!isThis(data) || !(await opening) || !isThis(data)) return;
      others.to(data.fromSocketId, data.fromUserId).take(kind, data[kind]);
    });

  function tellFlags() {
    if (state.phase !== 'connected') return;
    const { mic, camera, screen } = media.flags();
    const flags = { hasAudio: mic, hasVideo: camera, isScreenSharing: screen };
    wire.tell('media_state_changed', { sessionId: state.sessionId, ...flags }).catch(({ code }) => {
      if (code !== 'screen_share_refused') return;
      say('screen-refused');
      media.setScreen(false);
    });
  }

  return {
    get state() {
      return state;
    },
    get links() {
      return others.links;
    },
    get isFree() {
      return !inIt();
    },
    start,
    join,
    leave,
    dismiss,

    /** For everybody: the initiator's right. */
    async endForAll() {
      try {
        await rest('POST', `/api/video-call/session/${encodeURIComponent(state.sessionId)}/end`);
      } catch {
        leave(); // not ours to end
      }
    },
    ignore: () => set({ invitation: null }),
    restart: others.restart,

    lost: () => inIt() && set({ away: true }),
    back: () => state.away && set({ away: false }),
    /** Where this user's calls stand, after each connection. */
    stand(calls) {
      const mine = calls.find(({ callId }) => callId === state.sessionId);
      const invited = state.invitation;
      if (invited && !calls.some(({ callId }) => callId === invited.sessionId))
        set({ invitation: null });
      if (!inIt()) {
        const before = kept();
        if (before?.kind === 'session' && !calls.some(({ callId }) => callId === before.callId))
          forget();
        return;
      }
      if (!mine) over('over', lasted());
      else if (state.phase === 'connected' && mine.joined === false) ask(state.sessionId);
    },

    /** Sends what media has now. */
    sync() {
      if (!inIt()) return;
      others.sync();
      tellFlags();
      remember();
    },
    close() {
      clearTimeout(timer);
      clearTimeout(ringing);
      others.keep([]);
      media.close();
    },
  };
}
