// The direct call of a page, step by step and without a browser.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GRACE_MS, nothing, phase, trouble } from '../../../web/pages/call/direct_call.js';
import { bob, calling, does, go, invited, ringing, T, talking } from '../lib/steps.mjs';

describe('a call that is placed', () => {
  test('asks for media first, then for the call, and offers when it is accepted', () => {
    const begun = go(nothing, { is: 'call', peer: bob, type: 'video' });
    assert.deepEqual(begun.effects, [{ do: 'open', type: 'video' }]);
    assert.equal(begun.phase, 'calling');
    const asked = go(begun.state, { is: 'opened' });
    assert.deepEqual(asked.effects, [
      { do: 'ask', event: 'initiateCall', data: { receiverId: 'bob', callType: 'video' } },
    ]);
    const accepted = go(ringing(), { is: 'callAccepted', callId: 'c1' });
    assert.deepEqual([accepted.phase, does(accepted.effects)], ['connecting', ['begin']]);
    assert.equal(go(accepted.state, { is: 'media', up: true }).phase, 'connected');
  });

  for (const [event, why] of [
    [{ is: 'callRejected', callId: 'c1', receiverId: 'bob' }, 'rejected'],
    [
      { is: 'callEnded', callId: 'c1', reason: 'no-answer', endedBy: null, duration: 0 },
      'no-answer',
    ],
  ]) {
    test(`that ends as ${why} closes and says so for a while`, () => {
      const ended = go(ringing(), event);
      assert.deepEqual(
        [ended.phase, ended.state.why, does(ended.effects)],
        ['ended', why, ['close', 'later']],
      );
      assert.equal(go(ended.state, { is: 'dismiss', callId: 'c1' }).phase, 'idle');
      assert.equal(go(ended.state, { is: 'dismiss', callId: 'another' }).phase, 'ended');
    });
  }

  test('to somebody busy or offline ends with that, whether event or refusal comes first', () => {
    const offline = {
      is: 'userNotAvailable',
      callId: 'c9',
      receiverId: 'bob',
      message: 'User is not available',
    };
    const refused = { is: 'refused', event: 'initiateCall', code: 'user_offline' };
    for (const events of [
      [offline, refused],
      [refused, offline],
    ]) {
      assert.equal(go(calling(), ...events).state.why, 'offline');
    }
    const busy = { is: 'callRejected', callId: 'c9', receiverId: 'bob', reason: 'busy' };
    assert.equal(
      go(calling(), busy, { is: 'refused', event: 'initiateCall', code: 'user_busy' }).state.why,
      'busy',
    );
  });

  test('and hung up before it has an id is ended as soon as the server names it', () => {
    const gone = go(calling(), { is: 'hangUp' });
    assert.deepEqual([gone.phase, gone.asked], ['ended', []]);
    const named = go(gone.state, { is: 'callInitiated', callId: 'c1', receiverId: 'bob' });
    assert.deepEqual(named.asked, [{ do: 'ask', event: 'endCall', data: { callId: 'c1' } }]);
    assert.deepEqual(
      go(named.state, { is: 'callInitiated', callId: 'c1', receiverId: 'bob' }).asked,
      [],
    );
  });

  test('and hung up before the microphone was there was never asked for', () => {
    const gone = go(
      nothing,
      { is: 'call', peer: bob, type: 'audio' },
      { is: 'hangUp' },
      { is: 'opened' },
    );
    assert.deepEqual([gone.phase, gone.asked], ['ended', []]);
  });

  test('without a microphone that may be used is no call', () => {
    const none = go(
      nothing,
      { is: 'call', peer: bob, type: 'audio' },
      { is: 'unopened', why: 'mic-refused' },
    );
    assert.deepEqual([none.phase, none.state.why, none.asked], ['ended', 'mic-refused', []]);
  });

  test('that crosses one of the other side becomes that one, and does not offer', () => {
    const crossed = go(
      calling(),
      { is: 'incomingCall', callId: 'c1', callerId: 'bob', callType: 'video', caller: null },
      { is: 'callInitiated', callId: 'c1', receiverId: 'bob', glare: true },
      { is: 'callAcceptedConfirm', callId: 'c1' },
    );
    assert.deepEqual(
      [crossed.phase, crossed.state.role, crossed.effects],
      ['connecting', 'receiver', []],
    );
  });
});

describe('a call that comes in', () => {
  test('rings, opens media, and only then is accepted', () => {
    assert.equal(phase(invited()), 'incoming');
    const pressed = go(invited(), { is: 'accept' }, { is: 'accept' });
    assert.deepEqual(does(pressed.effects), ['open']);
    const opened = go(pressed.state, { is: 'opened' });
    assert.deepEqual(opened.asked, [{ do: 'ask', event: 'acceptCall', data: { callId: 'c1' } }]);
    const confirmed = go(opened.state, { is: 'callAcceptedConfirm', callId: 'c1' });
    assert.deepEqual([confirmed.phase, confirmed.effects], ['connecting', []]);
  });

  test('is declined at once, and does not ring again', () => {
    const declined = go(invited(), { is: 'reject' });
    assert.deepEqual(
      [declined.phase, declined.asked],
      ['idle', [{ do: 'ask', event: 'rejectCall', data: { callId: 'c1' } }]],
    );
    assert.equal(
      go(declined.state, { is: 'incomingCall', callId: 'c1', callerId: 'bob', callType: 'audio' })
        .phase,
      'idle',
    );
  });

  test('and is given up is said to be missed', () => {
    const missed = go(invited(), {
      is: 'callEnded',
      callId: 'c1',
      reason: 'cancelled',
      duration: 0,
    });
    assert.deepEqual(
      [missed.phase, missed.effects.at(-1)],
      ['idle', { do: 'say', what: 'missed', peer: bob }],
    );
  });

  test('and is answered elsewhere stops ringing, and is left alone', () => {
    const other = go(invited(), { is: 'callAnsweredElsewhere', callId: 'c1' });
    assert.deepEqual(
      [other.phase, other.effects.at(-1)],
      ['idle', { do: 'say', what: 'elsewhere' }],
    );
    const calls = [
      { callId: 'c1', kind: 'direct', state: 'active', role: 'receiver', peer: 'bob' },
    ];
    assert.deepEqual(go(other.state, { is: 'callState', calls, recovered: false }).asked, []);
  });

  test('rings on where the microphone was refused', () => {
    const refused = go(invited(), { is: 'accept' }, { is: 'unopened', why: 'mic-refused' });
    assert.deepEqual(
      [refused.phase, refused.state.opening, refused.asked],
      ['incoming', false, []],
    );
  });

  test('during another call changes nothing', () => {
    const before = talking();
    assert.equal(
      go(before, { is: 'incomingCall', callId: 'c2', callerId: 'carol', callType: 'audio' }).state,
      before,
    );
  });
});

describe('a call that goes on', () => {
  test('is hung up once; what the server says afterwards only corrects its length', () => {
    const over = go(talking(), { is: 'hangUp', at: T + 65000 });
    assert.deepEqual(over.asked, [{ do: 'ask', event: 'endCall', data: { callId: 'c1' } }]);
    assert.deepEqual([over.state.why, over.state.mine, over.state.duration], ['hangup', true, 65]);
    const told = go(over.state, {
      is: 'callEnded',
      callId: 'c1',
      endedBy: 'alice',
      reason: 'hangup',
      duration: 64,
    });
    assert.deepEqual([told.state.duration, told.effects], [64, []]);
  });

  test('does not answer the end of the other side', () => {
    const over = go(talking(), {
      is: 'callEnded',
      callId: 'c1',
      endedBy: 'bob',
      reason: 'hangup',
      duration: 3,
    });
    assert.deepEqual([over.phase, over.state.mine, over.asked], ['ended', false, []]);
  });

  test('waits for a lost peer, and is connected only with pictures', () => {
    const away = go(talking(), { is: 'peerReconnecting', callId: 'c1', userId: 'bob' });
    assert.deepEqual(
      [away.phase, trouble(away.state), away.state.gone],
      ['reconnecting', 'peer', T + GRACE_MS],
    );
    const back = go(
      away.state,
      { is: 'media', up: false },
      { is: 'peerReconnected', callId: 'c1', userId: 'bob' },
    );
    assert.deepEqual([back.phase, trouble(back.state)], ['reconnecting', 'media']);
    assert.equal(go(back.state, { is: 'media', up: true }).phase, 'connected');
  });

  test('says when the own socket is away, and looks for a way when it comes back anew', () => {
    const lost = go(talking(), { is: 'lost' });
    assert.deepEqual([lost.phase, trouble(lost.state)], ['reconnecting', 'own']);
    const calls = [{ callId: 'c1', kind: 'direct', state: 'active', role: 'caller', peer: 'bob' }];
    const anew = go(lost.state, { is: 'back' }, { is: 'callState', calls, recovered: false });
    assert.deepEqual([anew.phase, does(anew.effects)], ['connected', ['restart']]);
    assert.deepEqual(
      go(lost.state, { is: 'back' }, { is: 'callState', calls, recovered: true }).effects,
      [],
    );
  });

  test('is over when the server no longer has it', () => {
    assert.equal(go(talking(), { is: 'callState', calls: [], recovered: false }).state.why, 'over');
  });

  test('says when there is no way, and forgets that once there is one', () => {
    const none = go(talking(), { is: 'media', up: false, noWay: true });
    assert.equal(trouble(none.state), 'no-way');
    assert.equal(trouble(go(none.state, { is: 'media', up: true }).state), null);
  });

  test('is left to another tab that may speak in it', () => {
    const other = go(talking(), {
      is: 'refused',
      event: 'sendOffer',
      code: 'not_authorized',
      callId: 'c1',
    });
    assert.deepEqual(
      [other.phase, other.asked, other.effects.at(-1)],
      ['idle', [], { do: 'say', what: 'on-another-tab' }],
    );
  });
});
