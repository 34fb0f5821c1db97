// What operators read of calls and their steps. Without a document, so that tests can ask it.
import { clock } from '../common/format.js';

const ENDS = {
  hangup: ['Hung up', (by) => (by ? `${by} hung up` : 'Hung up')],
  'no-answer': ['No answer', () => 'No answer'],
  rejected: ['Declined', (by) => (by ? `${by} declined` : 'Declined')],
  cancelled: ['Cancelled', (by) => (by ? `${by} cancelled` : 'Cancelled')],
  busy: ['Busy', () => 'Busy: already in a call'],
  offline: ['Offline', () => 'Offline: no device'],
  'connection-lost': [
    'Connection lost',
    (by) => (by ? `${by} did not come back` : 'A connection was lost'),
  ],
  timeout: ['Time limit', () => 'The time limit of calls was reached'],
  'last-left': ['All left', (by) => (by ? `${by} was the last to leave` : 'The last one left')],
};
const ALARMING = new Set(['connection-lost', 'timeout']);
const KINDS = { direct: 'Direct call', session: 'Session', video: 'Video call' };

const sentence = (word) => word.charAt(0).toUpperCase() + word.slice(1).replaceAll('-', ' ');

/** The end of a call in two words. */
export const endWord = (reason) => ENDS[reason]?.[0] ?? sentence(reason ?? 'ended');

/** The end of a call, with the name of who ended it, if that was somebody. */
export const endWords = (reason, by) => ENDS[reason]?.[1](by) ?? endWord(reason);

/** Whether an end is one that nobody wanted. */
export const isAlarming = (reason) => ALARMING.has(reason);

export const kindWord = (kind) => KINDS[kind] ?? sentence(kind);

/** How long: `340 ms`, `4.2 s`, `42 s`, `3 min 20 s`, `2 h 5 min`. */
export function span(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const parts = hours
    ? [
        [hours, 'h'],
        [minutes, 'min'],
      ]
    : [
        [minutes, 'min'],
        [whole % 60, 's'],
      ];
  return parts
    .filter(([n]) => n)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(' ');
}

/** When, from the beginning of a call: `+1.204 s`, `+42.1 s`, `+12:05.3`, `+1:12:05`. */
export function offset(ms) {
  if (ms < 10000) return `+${(ms / 1000).toFixed(3)} s`;
  if (ms < 60000) return `+${(ms / 1000).toFixed(1)} s`;
  if (ms < 3600000) return `+${clock(ms / 1000)}.${Math.floor((ms % 1000) / 100)}`;
  return `+${clock(ms / 1000)}`;
}

const many = (n, one, more = `${one}s`) => (n > 1 ? `${n} ${more}` : one);

/** What stands at a step in the picture; `by` names who is at its beginning. */
export function stepLabel({ what, n = 1, reason, at, until }, by) {
  switch (what) {
    case 'ring':
      return n > 1 ? `ring ×${n}` : 'ring';
    case 'accept':
      return 'accept';
    case 'join':
      return 'joins';
    case 'move':
      return 'to another device';
    case 'leave':
      return reason === 'connection-lost' ? 'did not come back' : 'leaves';
    case 'offer':
      return many(n, 'offer');
    case 'answer':
      return many(n, 'answer');
    case 'candidates':
      return until > at && n > 1
        ? `${many(n, 'candidate')} in ${span(until - at)}`
        : many(n, 'candidate');
    case 'drop':
      return 'connection lost';
    case 'back':
      return 'back again';
    case 'restored':
      return 'the server was started anew';
    case 'end':
      return endWords(reason, by);
    default:
      return sentence(what).toLowerCase();
  }
}

const VERBS = {
  ring: 'rings',
  accept: 'accepts the call of',
  offer: 'sends an offer to',
  answer: 'sends an answer to',
};

/** A step as a sentence. `name(index)` is that of a person, or of all others for null. */
export function stepSentence(step, name) {
  const { what, from, to, n = 1 } = step;
  const label = stepLabel(step, from === null ? null : name(from));
  if (what === 'restored' || what === 'end') return `${sentence(label)}.`;
  const who = from === null ? 'The server' : name(from);
  const whom = to === null ? 'everybody else' : name(to);
  if (what === 'ring' && n > 1) return `${who} rings ${n} people.`;
  if (what === 'candidates' && n === 1) return `${who} sends 1 candidate to ${whom}.`;
  if (what === 'candidates' || (VERBS[what] && n > 1)) return `${who} sends ${label} to ${whom}.`;
  if (VERBS[what]) return `${who} ${VERBS[what]} ${whom}.`;
  const verbs = { drop: 'loses the connection', back: 'is back', move: 'moves to another device' };
  return `${who} ${verbs[what] ?? label}.`;
}

/** Who is in a call: `Alice → Bob`, or `Alice, Bob and 2 more`. */
export function peopleWords(kind, names) {
  if (kind === 'direct') return names.join(' → ');
  if (names.length <= 3) return names.join(', ');
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}
