// The bounds of use: what is past them is refused with a typed error, and nobody else suffers.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fenceByRelay, newUser, pair, proveAlive, talk } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import { RawDevice } from '../lib/raw.mjs';
import { history, ok, request } from '../lib/rest.mjs';
import {
  assemble,
  BASE,
  crowd,
  endSession,
  fenceBySession,
  leave,
  nextOf,
} from '../lib/sessions.mjs';
import { suite, TEST_MS } from '../lib/suite.mjs';
import { token } from '../lib/token.mjs';
import { eventually } from '../lib/waiting.mjs';

/** A 429 with its code and a Retry-After in whole seconds. */
function checkTooMany(answer, code) {
  assert.equal(answer.status, 429, JSON.stringify(answer.body));
  assert.equal(answer.body.success, false);
  assert.equal(answer.body.code, code);
  assert.match(answer.headers.get('retry-after') ?? '(none)', /^[1-9]\d*$/);
}

suite(
  'requests of one user',
  {
    env: { LIMITS_REST_PER_SECOND: '1', LIMITS_REST_BURST: '3' },
    versions: ['latest'],
  },
  ({ server }) => {
    it('are 429 past the burst, for that user only', { timeout: TEST_MS }, async () => {
      const user = newUser('alice');
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => request(server(), user, 'GET', '/api/calls/history')),
      );
      const many = answers.filter((answer) => answer.status === 429);
      assert.ok(many.length >= 4, `${many.length} of 8 were refused`);
      assert.ok(answers.some((answer) => answer.status === 200));
      for (const answer of many) checkTooMany(answer, 'rate_limited');
      await history(server(), newUser('bob'));
      const wait = Number(many[0].headers.get('retry-after')) * 1000;
      await eventually(
        'the user may ask again',
        async () => {
          const answer = await request(server(), user, 'GET', '/api/calls/history');
          return answer.status === 200;
        },
        wait + 10000,
        500,
      );
    });

    it('never keep anybody in a call', { timeout: TEST_MS }, async () => {
      const { alice, bob } = await pair(server());
      const callId = await talk(alice, bob);
      await Promise.all(
        Array.from({ length: 8 }, () => request(server(), alice.user, 'GET', '/api/calls/history')),
      );
      await ok(server(), alice.user, 'POST', '/api/calls/end', { callId });
      await bob.next('callEnded');
    });

    it('never keep a session going', { timeout: TEST_MS }, async () => {
      const [alice, bob] = await crowd(server(), 2);
      const { sessionId } = await assemble(server(), [alice, bob]);
      await Promise.all(
        Array.from({ length: 8 }, () => request(server(), alice.user, 'GET', `${BASE}/history`)),
      );
      await endSession(server(), alice, sessionId);
      await nextOf(bob, sessionId, 'call_session_ended');
    });
  },
);

suite('initiates of one user', { env: { LIMITS_COSTLY_PER_MINUTE: '2' } }, ({ server, client }) => {
  it('are refused past the limit, by either door', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    for (let i = 0; i < 2; ++i) {
      const callId = await talk(alice, bob);
      await alice.must('endCall', { callId });
    }
    const data = { receiverId: bob.user, callType: 'audio' };
    const ack = await alice.ask('initiateCall', data);
    assert.equal(ack.ok, false);
    assert.equal(ack.code, 'rate_limited');
    assert.equal((await alice.next('callError')).code, 'rate_limited');
    const path = '/api/calls/initiate';
    checkTooMany(await request(server(), alice.user, 'POST', path, data), 'rate_limited');
    // To begin a session is one more door.
    const session = { sessionType: 'group', participants: [bob.user] };
    const begun = await request(server(), alice.user, 'POST', `${BASE}/initiate`, session);
    checkTooMany(begun, 'rate_limited');
    // The receiver's own calls are counted apart.
    await talk(bob, alice);
  });
});

suite(
  'events of one device',
  {
    env: { LIMITS_SOCKET_EVENTS_PER_SECOND: '1', LIMITS_SOCKET_EVENTS_BURST: '10' },
  },
  ({ server, client }) => {
    it('are refused past the burst, but for the end of a call', { timeout: TEST_MS }, async () => {
      const { alice, bob } = await pair(server(), { client });
      const callId = await talk(alice, bob);
      const acks = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          alice.ask('sendIceCandidate', { to: bob.user, callId, candidate: { n } }),
        ),
      );
      const refused = acks.filter((ack) => !ack.ok);
      assert.ok(refused.length >= 9, `${refused.length} of 20 were refused`);
      assert.ok(acks[0].ok);
      for (const ack of refused) assert.equal(ack.code, 'rate_limited');
      assert.equal((await alice.next('callError')).code, 'rate_limited');
      // Bob's device has an allowance of its own.
      await fenceByRelay(bob, alice, callId);
      await alice.must('endCall', { callId });
      await bob.next('callEnded');
    });

    it('are refused in a session, but for leaving it', { timeout: TEST_MS }, async () => {
      const [alice, bob] = await crowd(server(), 2, { client });
      const { sessionId } = await assemble(server(), [alice, bob]);
      const target = { sessionId, targetUserId: bob.user };
      const acks = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          alice.ask('webrtc_ice_candidate', { ...target, candidate: { n } }),
        ),
      );
      const refused = acks.filter((ack) => !ack.ok);
      assert.ok(refused.length >= 9, `${refused.length} of 20 were refused`);
      for (const ack of refused) assert.equal(ack.code, 'rate_limited');
      assert.equal((await alice.next('call_error')).code, 'rate_limited');
      await fenceBySession(bob, alice, sessionId);
      await leave(alice, sessionId);
      await nextOf(bob, sessionId, 'user_left_call');
    });

    it('a reject always passes', { timeout: TEST_MS }, async () => {
      const { alice, bob } = await pair(server(), { client });
      await Promise.all(Array.from({ length: 20 }, () => bob.ask('no such event')));
      alice.emit('initiateCall', { receiverId: bob.user, callType: 'audio' });
      const { callId } = await bob.next('incomingCall');
      await bob.must('rejectCall', { callId });
      await alice.next('callRejected');
    });
  },
);

suite(
  'failed authentications of one address',
  {
    env: { LIMITS_AUTH_FAILURES: '3' },
    versions: ['latest'],
  },
  ({ server }) => {
    it('are 429 past the limit; a valid token passes', { timeout: TEST_MS }, async () => {
      const bad = { token: token('eve', {}, 'a wrong secret for the client tests') };
      const statuses = [];
      for (let i = 0; i < 3; ++i) {
        statuses.push((await request(server(), bad, 'GET', '/api/calls/history')).status);
      }
      assert.deepEqual(statuses, [401, 401, 401]);
      checkTooMany(await request(server(), bad, 'GET', '/api/calls/history'), 'auth_rate_limited');
      const device = new Device(server(), 'eve', { auth: { token: bad.token } });
      await device.refused();
      await proveAlive(server());
      await history(server(), newUser('alice'));
    });
  },
);

suite('devices of one user', { env: { LIMITS_DEVICES_PER_USER: '2' } }, ({ server, client }) => {
  it('are refused past the limit, until one leaves', { timeout: TEST_MS }, async () => {
    const user = newUser('alice');
    const first = await Device.open(server(), user, { client });
    await Device.open(server(), user, { client });
    const third = new Device(server(), user, { client });
    const told = await Promise.race([third.refused(), third.next('(disconnect)')]);
    assert.equal(typeof told, 'string');
    first.close();
    await eventually('there is room again', async () => {
      const next = new Device(server(), user, { client });
      const how = await Promise.race([
        next.next('callState').then(() => true),
        next.refused().then(() => false),
        next.next('(disconnect)').then(() => false),
      ]);
      if (!how) next.close();
      return how;
    });
  });
});

suite(
  'a device that is too slow',
  {
    env: { LIMITS_SOCKET_EVENTS_PER_SECOND: '0', LIMITS_COSTLY_PER_MINUTE: '0' },
    versions: ['latest'],
  },
  ({ server }) => {
    it('is closed, and the other side goes on', { timeout: TEST_MS }, async () => {
      const alice = await Device.open(server(), newUser('alice'));
      const user = newUser('bob');
      const slow = await RawDevice.open(server(), user);
      alice.emit('initiateCall', { receiverId: user, callType: 'audio' });
      const { callId } = await alice.next('callInitiated');
      slow.send(`42["acceptCall",{"callId":"${callId}"}]`);
      await alice.next('callAccepted');
      slow.ws._socket.pause();
      const candidate = { filler: 'x'.repeat(60000) };
      let lost = false;
      alice.next('peerReconnecting').then(
        () => (lost = true),
        () => undefined,
      );
      // 30 MB at the most: more than the sockets' buffers and the outbox together take.
      for (let i = 0; i < 500 && !lost; ++i) {
        await alice.ask('sendIceCandidate', { to: user, callId, candidate });
      }
      await eventually('the slow device was given up', () => lost);
      const fresh = await Device.open(server(), user);
      assert.equal(fresh.callState.calls[0].callId, callId);
      await alice.next('peerReconnected');
      await fenceByRelay(alice, fresh, callId);
      slow.close();
      await proveAlive(server());
    });
  },
);
