// The direct call of a page that is loaded again, and a long row of events in any order.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nothing, phase, step } from '../../../web/pages/call/direct_call.js';
import { bob, does, go, T, talking } from '../lib/steps.mjs';

describe('a page that is loaded again', () => {
  const active = [{ callId: 'c1', kind: 'direct', state: 'active', role: 'receiver', peer: 'bob' }];
  const saved = { callId: 'c1', kind: 'direct', type: 'video', since: T - 60000 };

  test('goes on with its call: media, then an offer', () => {
    const found = go(nothing, {
      is: 'callState',
      calls: active,
      recovered: false,
      saved,
      names: () => 'Bob',
    });
    assert.deepEqual(
      [found.phase, found.effects],
      ['reconnecting', [{ do: 'open', type: 'video' }]],
    );
    assert.deepEqual([found.state.since, found.state.peer], [T - 60000, bob]);
    assert.deepEqual(does(go(found.state, { is: 'opened' }).effects), ['begin']);
  });

  test('asks before it takes a call that it was not in', () => {
    const found = go(nothing, { is: 'callState', calls: active, recovered: false, saved: null });
    assert.deepEqual([found.phase, does(found.effects)], ['idle', ['claim']]);
    const granted = go(found.state, { is: 'claimed', call: found.effects[0].call });
    assert.deepEqual([granted.state.stage, does(granted.effects)], ['live', ['open']]);
  });

  test('goes on ringing, and offers if it is accepted while the microphone is being opened', () => {
    const calls = [{ callId: 'c1', kind: 'direct', state: 'ringing', role: 'caller', peer: 'bob' }];
    const found = go(nothing, { is: 'callState', calls, recovered: false, saved });
    assert.deepEqual([found.phase, does(found.effects)], ['calling', ['open']]);
    const accepted = go(found.state, { is: 'callAccepted', callId: 'c1' });
    assert.deepEqual([accepted.phase, accepted.effects], ['connecting', []]);
    assert.deepEqual(does(go(accepted.state, { is: 'opened' }).effects), ['begin']);
  });

  test('ends what was hung up while the socket was away', () => {
    const over = go(talking(), { is: 'lost' }, { is: 'hangUp' });
    const again = go(over.state, { is: 'callState', calls: active, recovered: false });
    assert.deepEqual(again.effects, [{ do: 'ask', event: 'endCall', data: { callId: 'c1' } }]);
  });
});

test('whatever comes in whatever order, there is one phase and a known effect', () => {
  const ids = ['c1', 'c2'];
  let seed = 7;
  const random = (n) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % n;
  };
  const one = (list) => list[random(list.length)];
  const kinds = [
    'call',
    'accept',
    'reject',
    'hangUp',
    'dismiss',
    'opened',
    'unopened',
    'media',
    'lost',
    'back',
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
    'refused',
    'callState',
    'nonsense',
  ];
  const phases = new Set([
    'idle',
    'calling',
    'incoming',
    'connecting',
    'connected',
    'reconnecting',
    'ended',
  ]);
  const effects = new Set(['open', 'close', 'ask', 'begin', 'restart', 'claim', 'later', 'say']);
  let state = nothing;
  const reached = new Set();
  for (let n = 0; n < 20000; ++n) {
    const calls = random(2)
      ? [
          {
            callId: one(ids),
            kind: 'direct',
            state: one(['ringing', 'active']),
            role: one(['caller', 'receiver']),
            peer: 'bob',
          },
        ]
      : [];
    const event = {
      is: one(kinds),
      at: T + n,
      callId: one(ids),
      peer: bob,
      type: 'audio',
      receiverId: 'bob',
      callerId: 'bob',
      reason: 'hangup',
      duration: 1,
      up: random(2) === 1,
      noWay: random(5) === 0,
      why: 'mic-none',
      calls,
      event: one(['initiateCall', 'acceptCall', 'sendOffer']),
      code: one(['user_busy', 'not_authorized']),
      recovered: random(2) === 1,
      saved: null,
    };
    const before = state;
    const [next, todo] = step(state, event);
    state = next;
    reached.add(phase(state));
    assert.ok(phases.has(phase(state)), `${event.is} leads to ${phase(state)}`);
    for (const effect of todo) assert.ok(effects.has(effect.do), effect.do);
    const isOver = (s) => s.stage === 'idle' || s.stage === 'ended';
    if (!isOver(before) && isOver(state))
      assert.ok(does(todo).includes('close'), `${event.is} closes media`);
    if (isOver(before) && !isOver(state) && state.stage !== 'incoming')
      assert.ok(does(todo).includes('open'), event.is);
  }
  assert.deepEqual(reached, phases);
});
