// What the stage shows, made of what the call machines know. Pure.
import { GRACE_MS, phase, trouble } from './direct_call.js';
import { wordsOf, wordsOfGroup } from './words.js';

const selfOf = (media) => ({
  track: media.preview(),
  isScreen: media.screen,
  mic: media.mic,
  camera: media.camera,
});

function directScene(line, media, nameOf, hasChat) {
  const { state, other } = line;
  const how = phase(state);
  const name = state.peer.name === state.peer.id ? nameOf(state.peer.id) : state.peer.name;
  const isUp = state.stage === 'live' && state.up;
  const { stream, flags } = other;
  const choices = [];
  if (how === 'ended') {
    choices.push({
      label: 'Call again',
      name: state.type === 'video' ? 'video' : 'call',
      run: 'again',
      isMain: true,
    });
    if (hasChat) choices.push({ label: 'Read the chat', name: 'chat', run: 'message' });
    choices.push({ label: 'Close', name: 'close', run: 'dismiss' });
  } else if (trouble(state) === 'no-way') {
    choices.push({ label: 'Try again', name: 'again', run: 'retry', isMain: true });
  }
  return {
    kind: 'direct',
    phase: how,
    callId: state.callId,
    trouble: trouble(state),
    title: name,
    words: wordsOf(state, name),
    choices,
    since: state.since,
    gone: state.gone,
    grace: GRACE_MS,
    faces: [{ id: state.peer.id, name }],
    tiles:
      state.stage === 'live'
        ? [{ key: state.peer.id, id: state.peer.id, name, stream, up: isUp, ...flags }]
        : [],
    hasPicture: isUp && Boolean(stream) && (flags.camera || flags.screen),
    self: selfOf(media),
    isOpening: state.opening === true,
    canShare: true,
    isGroup: false,
  };
}

function groupScene(group, media, nameOf, me) {
  const { state } = group;
  const others = state.people.filter(({ isMe }) => !isMe);
  const how = state.phase === 'connected' && state.away ? 'reconnecting' : state.phase;
  const isOver = how === 'ended';
  const words = wordsOfGroup(state, nameOf, me.id);
  const mayRejoin =
    isOver &&
    (state.why === 'left' || state.why === 'elsewhere' || state.why === 'connection-lost');
  return {
    kind: 'group',
    phase: how,
    callId: state.sessionId,
    trouble: state.away ? 'own' : null,
    title: state.title,
    words,
    since: state.since,
    gone: null,
    grace: GRACE_MS,
    choices: isOver
      ? [
          ...(mayRejoin
            ? [{ label: 'Join again', name: 'again', run: 'again', isMain: true }]
            : []),
          { label: 'Close', name: 'close', run: 'dismiss' },
        ]
      : [],
    faces: others.length
      ? others.map(({ id, name }) => ({ id, name }))
      : [{ id: me.id, name: me.name }],
    tiles: isOver ? [] : others,
    hasPicture: !isOver && others.some(({ up }) => up),
    self: selfOf(media),
    isOpening: how === 'connecting',
    canShare: state.mayShare !== false,
    isGroup: true,
  };
}

/**
 * The scene, or null where there is no call to show. Incoming calls have a screen of their own.
 * `hasChat`: something was written in this call.
 */
export function sceneOf({ line, group, media, nameOf, me, hasChat }) {
  if (group.state.phase !== 'idle') return groupScene(group, media, nameOf, me);
  const { stage } = line.state;
  return stage === 'idle' || stage === 'incoming'
    ? null
    : directScene(line, media, nameOf, hasChat);
}

/** `{key, id, name, what, type, isGroup, isOpening}` of whoever rings here, or null. */
export function ringingOf({ line, group }) {
  if (line.state.stage === 'incoming') {
    const { callId: key, peer, type, opening: isOpening } = line.state;
    const what = type === 'video' ? 'Video call' : 'Call';
    return { key, ...peer, what, type, isGroup: false, isOpening };
  }
  const { invitation } = group.state;
  if (!invitation || !line.isFree || !group.isFree) return null;
  const { sessionId: key, initiator, metadata } = invitation;
  const title = metadata?.title;
  const what = title && title !== 'Group call' ? `Group call: ${title}` : 'Group call';
  const { _id: id, username: name } = initiator;
  return { key, id, name, what, type: 'video', isGroup: true, isOpening: false };
}
