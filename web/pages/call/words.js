// What the page says about calls. Pure texts, in one place.
import { trouble } from './direct_call.js';
import { clock } from '../common/format.js';

/** Passing remarks: what happened, and what to do about it. */
export function remark(what, name = 'Somebody') {
  const texts = {
    'mic-refused':
      'This page may not use the microphone. Allow it in the address bar, and call again.',
    'mic-insecure': 'Browsers give microphones to secure pages only: use https, or 127.0.0.1.',
    'mic-none': 'No microphone was found: you can listen, but not be heard.',
    'mic-busy': 'The microphone is used by another program: you are not heard.',
    'mic-failed': 'The microphone does not work: you are not heard.',
    'camera-refused': 'This page may not use the camera. The call goes on without your picture.',
    'camera-insecure': 'Browsers give cameras to secure pages only.',
    'camera-none': 'No camera was found. The call goes on without your picture.',
    'camera-busy': 'The camera is used by another program. The call goes on without your picture.',
    'camera-failed': 'The camera does not work. The call goes on without your picture.',
    'screen-failed': 'The screen could not be shared.',
    'screen-refused': 'Sharing is not allowed in this call.',
    elsewhere: 'The call was answered on another device.',
    'on-another-tab': 'Your call is in another tab or on another device.',
    missed: `You missed a call from ${name}.`,
    invited: `${name} invites you to a group call. It is under Recent.`,
    'invitation-missed': `You missed a group call from ${name}.`,
    gone: 'The call is over already.',
    'invitation-gone': 'This group call is over.',
    'session-full': 'As many are in this call as may be.',
    'not-invited': 'You are not invited to this call.',
    'not-connected': 'You are offline. Try again in a moment.',
    'too-often': 'Too many calls at once. Wait a minute.',
    'begin-failed': 'The call could not be begun. Try again.',
  };
  return texts[what] ?? 'Something went wrong. Try again.';
}

function ended(state, name) {
  const time = state.duration ? `It lasted ${clock(state.duration)}.` : '';
  const isByPeer = state.endedBy === state.peer.id;
  const isByUs = state.mine || (state.endedBy && !isByPeer); // here, or on another device
  switch (state.why) {
    case 'hangup':
      return [isByUs ? 'You hung up' : `${name} hung up`, time];
    case 'busy':
      return [`${name} is in another call`, 'It is in the list of missed calls there.'];
    case 'offline':
      return [`${name} is not online`, 'The call is in the list of missed calls there.'];
    case 'rejected':
      return [`${name} declined`, ''];
    case 'no-answer':
      return ['No answer', `${name} will find a missed call.`];
    case 'cancelled':
      return ['Call cancelled', ''];
    case 'connection-lost':
      return [isByPeer ? `${name} lost the connection` : 'The connection was lost', time];
    case 'timeout':
      return ['The longest time of a call is over', time];
    case 'caller-busy':
      return ['You are in another call', 'On another tab or device.'];
    case 'unknown':
      return [`Nobody here is called ${name}`, ''];
    case 'over':
      return ['The call is over', time];
    default: {
      const text = remark(state.why, name);
      return ['No call', text];
    }
  }
}

/**
 * `{title, detail, tone}` of a direct call; `tone`: `quiet`, `busy`, `good`, `warn` or `danger`.
 */
export function wordsOf(state, name) {
  const said = (title, detail = '', tone = 'quiet') => ({ title, detail, tone });
  const why = trouble(state);
  if (why === 'own') return said('You are offline', 'Connecting again…', 'warn');
  switch (state.stage) {
    case 'calling':
      return said(
        state.callId ? `Ringing ${name}…` : `Calling ${name}…`,
        state.type === 'video' ? 'Video call' : '',
        'busy',
      );
    case 'live':
      if (why === 'peer') return said(`${name} lost the connection`, 'Waiting…', 'warn');
      if (why === 'no-way') {
        return said(
          'No way through the network between you',
          'The server of this page needs a TURN server, or it cannot be reached.',
          'danger',
        );
      }
      if (state.isResumed) return said(`Back to ${name}…`, '', 'busy');
      if (why === 'media')
        return said('The connection is interrupted', 'Looking for another way…', 'warn');
      return state.up ? said(name, '', 'good') : said(`Connecting to ${name}…`, '', 'busy');
    case 'ended': {
      const [title, detail] = ended(state, name);
      return said(
        title,
        detail,
        state.why === 'hangup' || state.why === 'cancelled' ? 'quiet' : 'warn',
      );
    }
    default:
      return said('');
  }
}

/** The same for a session: `state` is that of `group_call.js`, `me` the own id. */
export function wordsOfGroup(state, nameOf, me = null) {
  const said = (title, detail = '', tone = 'quiet') => ({ title, detail, tone });
  if (state.phase === 'ended') {
    const texts = {
      left: 'You left the call',
      hangup: state.endedBy
        ? `${state.endedBy === me ? 'You' : nameOf(state.endedBy)} ended the call`
        : 'The call was ended',
      'no-answer': 'Nobody came',
      timeout: 'The longest time of a call is over',
      'connection-lost': 'The connection was lost',
      elsewhere: 'You are in this call on another device',
    };
    const time = state.duration ? `It lasted ${clock(state.duration)}.` : '';
    return said(texts[state.why] ?? 'The call is over', time);
  }
  if (state.away) return said('You are offline', 'Connecting again…', 'warn');
  if (state.phase === 'connecting') return said('Joining…', '', 'busy');
  const others = state.people.filter((one) => !one.isMe);
  if (!others.length) return said('Waiting for the others…', 'They have been invited.', 'busy');
  if (others.every((one) => !one.up)) return said('Connecting…', '', 'busy');
  return said(state.title, '', 'good');
}
