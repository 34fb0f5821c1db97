// The states of a direct call that its tests begin from.
import assert from 'node:assert/strict';
import { nothing, phase, step } from '../../../web/pages/call/direct_call.js';

export const T = 1762853400000;
export const bob = { id: 'bob', name: 'Bob' };

/** Goes through `events` from `state`; returns the last state and all effects on the way. */
export function go(state, ...events) {
  let now = state;
  const effects = [];
  for (const event of events) {
    const [next, more] = step(now, { at: T, ...event });
    assert.ok(Array.isArray(more), `${event.is} says what to do`);
    now = next;
    effects.push(...more);
  }
  return {
    state: now,
    effects,
    phase: phase(now),
    asked: effects.filter((one) => one.do === 'ask'),
  };
}
export const does = (effects) => effects.map((one) => one.do);
export const calling = () =>
  go(nothing, { is: 'call', peer: bob, type: 'video' }, { is: 'opened' }).state;
export const ringing = () =>
  go(calling(), { is: 'callInitiated', callId: 'c1', receiverId: 'bob', callType: 'video' }).state;
export const talking = () =>
  go(ringing(), { is: 'callAccepted', callId: 'c1', receiverId: 'bob' }, { is: 'media', up: true })
    .state;
export const invited = () =>
  go(nothing, {
    is: 'incomingCall',
    callId: 'c1',
    callType: 'audio',
    callerId: 'bob',
    caller: { _id: 'bob', username: 'Bob' },
  }).state;
