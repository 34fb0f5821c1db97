// How a call that rings can go on, and who hears what of it.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fenceByRing, newUser, pair, ring, talk } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import { checkRecord, offlineUser } from '../lib/records.mjs';
import { ok, recordOf, refused, request } from '../lib/rest.mjs';
import { bothStores, suite, TEST_MS } from '../lib/suite.mjs';

suite('an answer', { stores: bothStores }, ({ server, client }) => {
  it('rejects: one confirmation, one callRejected', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await ring(alice, bob);
    bob.emit('rejectCall', { callId });
    assert.deepEqual(await bob.next('callRejectedConfirm'), { callId });
    assert.deepEqual(await alice.next('callRejected'), { callId, receiverId: bob.user });
    await checkRecord(server(), alice.user, bob.user, callId, 'rejected', false);
    await fenceByRing(alice);
    await fenceByRing(bob);
    assert.deepEqual(alice.takeNames(), []);
    assert.deepEqual(bob.takeNames(), []);
  });

  it('is cancelled by the caller, and shows as missed', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await ring(alice, bob);
    alice.emit('endCall', { callId });
    const confirmation = await alice.next('callEndedConfirm');
    assert.deepEqual(confirmation, { callId, status: 'cancelled', duration: 0 });
    const expected = { callId, endedBy: alice.user, reason: 'cancelled', duration: 0 };
    assert.deepEqual(await bob.next('callEnded'), expected);
    await checkRecord(server(), alice.user, bob.user, callId, 'cancelled', true);
  });

  it('ended by the receiver while it rings is a reject', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await ring(alice, bob);
    bob.emit('endCall', { callId });
    await bob.next('callRejectedConfirm');
    assert.equal((await bob.next('callEndedConfirm')).status, 'rejected');
    assert.deepEqual(await alice.next('callRejected'), { callId, receiverId: bob.user });
    await checkRecord(server(), alice.user, bob.user, callId, 'rejected', false);
  });

  it('accepts after a cancel: already processed', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await ring(alice, bob);
    await alice.must('endCall', { callId });
    const ack = await bob.ask('acceptCall', { callId });
    assert.equal(ack.ok, false);
    assert.equal(ack.error, 'Call already processed');
    assert.equal(ack.code, 'already_processed');
    assert.equal((await bob.next('callError')).error, 'Call already processed');
    await checkRecord(server(), alice.user, bob.user, callId, 'cancelled', true);
  });

  it('races accept against cancel: both agree on one end', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    for (let i = 0; i < 10; ++i) {
      const callId = await ring(alice, bob);
      alice.emit('endCall', { callId });
      bob.emit('acceptCall', { callId });
      const { status } = await alice.next('callEndedConfirm', (data) => data.callId === callId);
      await bob.next('callEnded', (data) => data.callId === callId);
      assert.ok(['cancelled', 'completed'].includes(status), status);
      const record = await recordOf(server(), bob.user, callId);
      assert.equal(record.status, status);
      assert.equal(record.isMissed, status === 'cancelled');
      alice.forget();
      bob.forget();
    }
  });

  it('tells callInitiated before all else of the call', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    // The receiver answers at once, before the caller's confirmation was committed.
    let action = 'acceptCall';
    bob.socket.on('incomingCall', ({ callId }) => {
      bob.socket.emit(action, { callId });
      if (action === 'acceptCall') {
        bob.socket.emit('sendIceCandidate', { to: alice.user, callId, candidate: { early: true } });
      }
    });
    for (let i = 0; i < 12; ++i) {
      action = i % 3 === 2 ? 'rejectCall' : 'acceptCall';
      alice.forget();
      alice.emit('initiateCall', { receiverId: bob.user, callType: 'audio' });
      if (action === 'rejectCall') {
        await alice.next('callRejected');
      } else {
        const { callId } = await alice.next('receiveIceCandidate');
        alice.emit('endCall', { callId });
        await alice.next('callEndedConfirm', (data) => data.callId === callId);
      }
    }
    const firsts = new Map();
    for (const { name, data } of alice.events) {
      if (data?.callId && !firsts.has(data.callId)) firsts.set(data.callId, name);
    }
    assert.equal(firsts.size, 12);
    assert.deepEqual([...new Set(firsts.values())], ['callInitiated'], alice.describe());
  });

  it(
    'finds nobody: userNotAvailable only, missed for the receiver',
    { timeout: TEST_MS },
    async () => {
      const alice = await Device.open(server(), newUser('alice'), { client });
      const away = await offlineUser(server());
      alice.emit('initiateCall', { receiverId: away, callType: 'audio' });
      const told = await alice.next('userNotAvailable');
      assert.equal(told.receiverId, away);
      assert.equal(typeof told.message, 'string');
      assert.match(told.callId, /^[0-9a-f]{24}$/);
      await checkRecord(server(), alice.user, away, told.callId, 'missed', true);
      await fenceByRing(alice);
      assert.deepEqual(alice.takeNames(), []);
      const body = { receiverId: away, callType: 'audio' };
      await refused(server(), alice.user, 'POST', '/api/calls/initiate', body, 409, 'user_offline');
    },
  );

  it(
    'finds the receiver busy: callRejected only, with the reason',
    { timeout: TEST_MS },
    async () => {
      const { alice, bob } = await pair(server(), { client });
      const talking = await talk(alice, bob);
      const carol = await Device.open(server(), newUser('carol'), { client });
      carol.emit('initiateCall', { receiverId: bob.user, callType: 'audio' });
      const told = await carol.next('callRejected');
      assert.equal(told.receiverId, bob.user);
      assert.equal(told.reason, 'busy');
      await checkRecord(server(), carol.user, bob.user, told.callId, 'missed', true);
      await fenceByRing(carol);
      assert.deepEqual(carol.takeNames(), []);
      const body = { receiverId: bob.user, callType: 'audio' };
      await refused(server(), carol.user, 'POST', '/api/calls/initiate', body, 409, 'user_busy');
      // Bob heard nothing of it: the next thing that reaches him is the relay.
      alice.emit('sendIceCandidate', { to: bob.user, callId: talking, candidate: { n: 1 } });
      await bob.next('receiveIceCandidate');
      assert.deepEqual(bob.takeNames(), []);
    },
  );

  it('is busy while it rings, too', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    await ring(alice, bob);
    const carol = await Device.open(server(), newUser('carol'), { client });
    for (const user of [alice.user, bob.user]) {
      carol.emit('initiateCall', { receiverId: user, callType: 'audio' });
      assert.equal((await carol.next('callRejected')).reason, 'busy');
    }
  });

  it('refuses a second call of a busy caller', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    await talk(alice, bob);
    // The caller's own state is judged before the receiver's: also towards somebody offline.
    const carol = await Device.open(server(), newUser('carol'), { client });
    for (const receiverId of [carol.user, await offlineUser(server())]) {
      const ack = await alice.ask('initiateCall', { receiverId, callType: 'audio' });
      assert.equal(ack.ok, false);
      assert.equal(ack.error, 'Already in a call');
      assert.equal(ack.code, 'caller_busy');
      const told = await alice.next('callError');
      assert.equal(told.error, 'Already in a call');
      assert.equal(told.code, 'caller_busy');
      const body = { receiverId, callType: 'audio' };
      await refused(server(), alice.user, 'POST', '/api/calls/initiate', body, 409, 'caller_busy');
    }
    await fenceByRing(carol);
    assert.deepEqual(carol.takeNames(), []);
  });

  it('gives a duplicate the same call and no second ring', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await ring(alice, bob);
    const ack = await alice.must('initiateCall', { receiverId: bob.user, callType: 'audio' });
    assert.equal(ack.callId, callId);
    assert.equal((await alice.next('callInitiated')).callId, callId);
    const again = await ok(server(), alice.user, 'POST', '/api/calls/initiate', {
      receiverId: bob.user,
      callType: 'audio',
    });
    assert.equal(again.data._id, callId);
    bob.emit('acceptCall', { callId });
    await bob.next('callAcceptedConfirm');
    assert.deepEqual(bob.takeNames(), [], 'rang twice');
    const page = await request(server(), bob.user, 'GET', '/api/calls/history');
    assert.equal(page.body.data.length, 1);
  });

  it('makes one call of two that cross', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await ring(alice, bob, 'video');
    bob.emit('initiateCall', { receiverId: alice.user, callType: 'video' });
    const second = await bob.next('callInitiated');
    assert.equal(second.callId, callId);
    assert.equal(second.glare, true);
    await bob.next('callAcceptedConfirm', (data) => data.callId === callId);
    await alice.next('callAccepted', (data) => data.callId === callId);
    assert.deepEqual(alice.takeNames(), []);
    const page = await request(server(), bob.user, 'GET', '/api/calls/history');
    assert.deepEqual(
      page.body.data.map((call) => [call._id, call.status]),
      [[callId, 'active']],
    );
  });

  it('makes one call of two that cross, the second over REST', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await ring(alice, bob);
    const body = { receiverId: alice.user, callType: 'audio' };
    const { data } = await ok(server(), bob.user, 'POST', '/api/calls/initiate', body);
    assert.equal(data._id, callId);
    assert.equal(data.status, 'active');
    await alice.next('callAccepted', (told) => told.callId === callId);
    assert.deepEqual(alice.takeNames(), []);
  });

  it('makes one call when both initiate in the same moment', { timeout: TEST_MS }, async () => {
    for (let i = 0; i < 8; ++i) {
      const { alice, bob } = await pair(server(), { client });
      alice.emit('initiateCall', { receiverId: bob.user, callType: 'audio' });
      bob.emit('initiateCall', { receiverId: alice.user, callType: 'audio' });
      const [a, b] = [await alice.next('callInitiated'), await bob.next('callInitiated')];
      assert.equal(a.callId, b.callId);
      const [first, second] = b.glare ? [alice, bob] : [bob, alice];
      assert.equal([a, b].filter((data) => data.glare === true).length, 1);
      await first.next('callAccepted', (data) => data.callId === a.callId);
      await second.next('callAcceptedConfirm', (data) => data.callId === a.callId);
      const names = second.events.map((e) => e.name);
      assert.ok(names.indexOf('callInitiated') < names.indexOf('callAcceptedConfirm'));
      alice.close();
      bob.close();
    }
  });
});
