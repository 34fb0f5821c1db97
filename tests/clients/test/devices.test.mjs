// Users with several devices, and devices that go and come back.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fenceByRelay, fenceByRing, hangUp, newUser, pair, ring, talk } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import { missed, ok, recordOf } from '../lib/rest.mjs';
import { bothStores, suite, TEST_MS } from '../lib/suite.mjs';

/** Alice with one device, Bob with two, all ringing. */
async function ringTwo(server, client) {
  const { alice, bob } = await pair(server, { client });
  const other = await Device.open(server, bob.user, { client });
  const callId = await ring(alice, bob);
  assert.equal((await other.next('incomingCall')).callId, callId);
  return { alice, bob, other, callId };
}

suite('several devices', {}, ({ server, client }) => {
  it('all ring, one accept wins, the others are told', { timeout: TEST_MS }, async () => {
    const { alice, bob, other, callId } = await ringTwo(server(), client);
    bob.emit('acceptCall', { callId });
    await bob.next('callAcceptedConfirm');
    assert.deepEqual(await other.next('callAnsweredElsewhere'), { callId });
    await alice.next('callAccepted');
    await fenceByRelay(alice, bob, callId);
    await fenceByRelay(bob, alice, callId);
    for (const device of [alice, bob, other]) assert.deepEqual(device.takeNames(), []);
  });

  it('two accepts at once have one winner', { timeout: TEST_MS }, async () => {
    for (let i = 0; i < 5; ++i) {
      const { alice, bob, other, callId } = await ringTwo(server(), client);
      const acks = await Promise.all([
        bob.ask('acceptCall', { callId }),
        other.ask('acceptCall', { callId }),
      ]);
      assert.equal(acks.filter((ack) => ack.ok).length, 1, JSON.stringify(acks));
      const [winner, loser] = acks[0].ok ? [bob, other] : [other, bob];
      assert.equal(acks.find((ack) => !ack.ok).error, 'Call already processed');
      await winner.next('callAcceptedConfirm');
      await loser.next('callAnsweredElsewhere');
      await alice.next('callAccepted');
      await fenceByRelay(alice, winner, callId);
      for (const device of [alice, bob, other]) device.close();
    }
  });

  it('a reject by the device that lost changes nothing', { timeout: TEST_MS }, async () => {
    const { alice, bob, other, callId } = await ringTwo(server(), client);
    await bob.must('acceptCall', { callId });
    await other.next('callAnsweredElsewhere');
    await other.ask('rejectCall', { callId });
    await fenceByRelay(alice, bob, callId);
    await fenceByRelay(bob, alice, callId);
    const names = [...alice.takeNames(), ...bob.takeNames()];
    assert.deepEqual(names, ['callAccepted', 'callAcceptedConfirm']);
    assert.equal((await recordOf(server(), bob.user, callId)).status, 'active');
  });

  it('the device that lost may not end the call', { timeout: TEST_MS }, async () => {
    const { alice, bob, other, callId } = await ringTwo(server(), client);
    await bob.must('acceptCall', { callId });
    await other.next('callAnsweredElsewhere');
    other.emit('endCall', { callId });
    assert.equal((await other.next('callEndedConfirm')).callId, callId);
    await fenceByRelay(alice, bob, callId);
    await fenceByRelay(bob, alice, callId);
    assert.ok(!alice.takeNames().includes('callEnded'));
    assert.ok(!bob.takeNames().includes('callEnded'));
    await hangUp(alice, bob, callId);
    assert.equal((await other.next('callEnded')).callId, callId);
  });

  it('the device that lost may not signal', { timeout: TEST_MS }, async () => {
    const { alice, bob, other, callId } = await ringTwo(server(), client);
    await bob.must('acceptCall', { callId });
    const message = { to: alice.user, callId, candidate: { from: 'the wrong device' } };
    const ack = await other.ask('sendIceCandidate', message);
    assert.equal(ack.ok, false);
    assert.equal(ack.error, 'Not authorized');
    await fenceByRelay(bob, alice, callId);
    assert.ok(!alice.takeNames().includes('receiveIceCandidate'));
  });

  it("a reject ends the ringing of the user's other devices", { timeout: TEST_MS }, async () => {
    const { alice, bob, other, callId } = await ringTwo(server(), client);
    bob.emit('rejectCall', { callId });
    await bob.next('callRejectedConfirm');
    const ended = await other.next('callEnded');
    assert.equal(ended.callId, callId);
    assert.equal(ended.reason, 'rejected');
    await alice.next('callRejected');
    await fenceByRing(alice);
    assert.deepEqual([...alice.takeNames(), ...bob.takeNames()], []);
  });

  it('a cancel reaches all of them', { timeout: TEST_MS }, async () => {
    const { alice, bob, other, callId } = await ringTwo(server(), client);
    alice.emit('endCall', { callId });
    for (const device of [bob, other]) {
      assert.equal((await device.next('callEnded')).reason, 'cancelled');
    }
  });

  it(
    'a leg begun over REST is bound by the first device that signals',
    { timeout: TEST_MS },
    async () => {
      const { alice, bob } = await pair(server(), { client });
      const second = await Device.open(server(), alice.user, { client });
      const body = { receiverId: bob.user, callType: 'audio' };
      const { data } = await ok(server(), alice.user, 'POST', '/api/calls/initiate', body);
      const callId = data._id;
      await bob.next('incomingCall');
      await bob.must('acceptCall', { callId });
      await alice.next('callAccepted');
      await second.next('callAccepted');
      // Unbound: to all devices.
      bob.emit('sendIceCandidate', { to: alice.user, callId, candidate: { n: 1 } });
      for (const device of [alice, second]) {
        assert.deepEqual((await device.next('receiveIceCandidate')).candidate, { n: 1 });
      }
      // Bound: to the one alone, and only the one may send.
      await second.must('sendIceCandidate', { to: bob.user, callId, candidate: { n: 2 } });
      assert.deepEqual((await bob.next('receiveIceCandidate')).candidate, { n: 2 });
      const ack = await alice.ask('sendIceCandidate', {
        to: bob.user,
        callId,
        candidate: { n: 3 },
      });
      assert.equal(ack.error, 'Not authorized');
      await fenceByRelay(bob, second, callId);
      assert.ok(!alice.takeNames().includes('receiveIceCandidate'));
    },
  );

  it(
    'a device that comes while it rings gets callState, then incomingCall',
    { timeout: TEST_MS },
    async () => {
      const { alice, bob } = await pair(server(), { client });
      const callId = await ring(alice, bob, 'video');
      const late = await Device.open(server(), bob.user, { client });
      const [state] = late.callState.calls;
      assert.equal(late.callState.calls.length, 1);
      assert.equal(state.callId, callId);
      assert.equal(state.kind, 'direct');
      assert.equal(state.state, 'ringing');
      assert.equal(state.role, 'receiver');
      assert.equal(state.peer, alice.user);
      assert.ok(Date.parse(state.ringDeadline) > Date.now());
      const incoming = await late.next('incomingCall');
      assert.equal(incoming.callId, callId);
      assert.equal(incoming.callType, 'video');
      const names = late.events.map((e) => e.name);
      assert.deepEqual(names, ['(connect)', 'callState', 'incomingCall']);
      late.emit('acceptCall', { callId });
      await late.next('callAcceptedConfirm');
      await bob.next('callAnsweredElsewhere');
      await alice.next('callAccepted');
    },
  );
});

suite('a device that goes and comes back', { stores: bothStores }, ({ server, client }) => {
  for (const [who, leave] of [
    ['receiver', 'close'],
    ['receiver', 'drop'],
    ['caller', 'close'],
    ['caller', 'drop'],
  ]) {
    it(`keeps the call: ${who}, ${leave}`, { timeout: TEST_MS }, async () => {
      const { alice, bob } = await pair(server(), { client });
      const callId = await talk(alice, bob);
      const [stays, goes] = who === 'receiver' ? [alice, bob] : [bob, alice];
      await fenceByRelay(goes, stays, callId);
      goes[leave]();
      const event = { callId, userId: goes.user };
      assert.deepEqual(await stays.next('peerReconnecting'), event);
      const back = await Device.open(server(), goes.user, { client });
      const [state] = back.callState.calls;
      assert.equal(state.callId, callId);
      assert.equal(state.state, 'active');
      assert.equal(state.role, who);
      assert.equal(state.peer, stays.user);
      assert.deepEqual(await stays.next('peerReconnected'), event);
      await fenceByRelay(stays, back, callId);
      await fenceByRelay(back, stays, callId);
      assert.deepEqual(stays.takeNames(), []);
      assert.deepEqual(back.takeNames(), []);
      const { status } = await hangUp(back, stays, callId);
      assert.equal(status, 'completed');
      assert.deepEqual((await Device.open(server(), goes.user)).callState, { calls: [] });
    });
  }

  it('a caller that reloads while it rings hears the answer', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await ring(alice, bob);
    alice.drop();
    const back = await Device.open(server(), alice.user, { client });
    // The old socket may still be there when the new one comes: the call is listed either way.
    assert.equal(back.callState.calls[0]?.callId, callId);
    assert.equal(back.callState.calls[0].role, 'caller');
    bob.emit('acceptCall', { callId });
    await bob.next('callAcceptedConfirm');
    await back.next('callAccepted', (data) => data.callId === callId);
    await fenceByRelay(bob, back, callId);
    await fenceByRelay(back, bob, callId);
  });

  it('ends for both when the one who stays hangs up meanwhile', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await talk(alice, bob);
    bob.drop();
    await alice.next('peerReconnecting');
    await alice.must('endCall', { callId });
    assert.equal((await recordOf(server(), bob.user, callId)).status, 'completed');
    const back = await Device.open(server(), bob.user, { client });
    assert.deepEqual(back.callState, { calls: [] });
  });

  it('the leg moves to another device of the user', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await talk(alice, bob);
    bob.drop();
    await alice.next('peerReconnecting');
    const phone = await Device.open(server(), bob.user, { client });
    await alice.next('peerReconnected');
    const laptop = await Device.open(server(), bob.user, { client });
    await fenceByRelay(alice, phone, callId);
    const ack = await laptop.ask('sendIceCandidate', { to: alice.user, callId, candidate: {} });
    assert.equal(ack.error, 'Not authorized');
    assert.ok(!laptop.takeNames().includes('receiveIceCandidate'));
  });
});

const shortGraces = { RECONNECT_GRACE_SECONDS: '1', RING_GRACE_SECONDS: '1' };

suite(
  'a device that stays away',
  { stores: bothStores, env: shortGraces },
  ({ server, client }) => {
    for (const who of ['receiver', 'caller']) {
      it(`ends an active call: ${who}`, { timeout: TEST_MS }, async () => {
        const { alice, bob } = await pair(server(), { client });
        const callId = await talk(alice, bob);
        const [stays, goes] = who === 'receiver' ? [alice, bob] : [bob, alice];
        goes.drop();
        await stays.next('peerReconnecting');
        const ended = await stays.next('callEnded');
        assert.equal(ended.callId, callId);
        assert.equal(ended.endedBy, goes.user);
        assert.equal(ended.reason, 'connection-lost');
        const record = await recordOf(server(), goes.user, callId);
        assert.equal(record.status, 'completed');
        assert.equal(record.duration, ended.duration);
        assert.equal(record.isMissed, false);
      });
    }

    it('cancels the ringing of a caller who is gone', { timeout: TEST_MS }, async () => {
      const { alice, bob } = await pair(server(), { client });
      const callId = await ring(alice, bob);
      alice.drop();
      const ended = await bob.next('callEnded');
      assert.equal(ended.callId, callId);
      assert.equal(ended.reason, 'connection-lost');
      assert.equal((await recordOf(server(), alice.user, callId)).status, 'cancelled');
      assert.equal((await recordOf(server(), bob.user, callId)).isMissed, true);
      assert.equal((await missed(server(), bob.user)).data[0]._id, callId);
    });

    it('both gone: the call still ends', { timeout: TEST_MS }, async () => {
      const { alice, bob } = await pair(server(), { client });
      const callId = await talk(alice, bob);
      const witness = await Device.open(server(), bob.user, { client });
      assert.equal(witness.callState.calls[0].callId, callId);
      alice.drop();
      bob.drop();
      // The witness takes over Bob's leg; Alice's grace runs out.
      assert.equal((await witness.next('callEnded')).reason, 'connection-lost');
      assert.equal((await recordOf(server(), alice.user, callId)).status, 'completed');
    });

    it('leaves a REST caller alone, who never had a device', { timeout: TEST_MS }, async () => {
      const bob = await Device.open(server(), newUser('bob'), { client });
      const body = { receiverId: bob.user, callType: 'audio' };
      const { data } = await ok(server(), newUser('alice'), 'POST', '/api/calls/initiate', body);
      await bob.next('incomingCall');
      // A caller lost later than this call began is given up: this one's grace would be over.
      const { alice: carol, bob: dave } = await pair(server(), { client });
      await ring(carol, dave);
      carol.drop();
      assert.equal((await dave.next('callEnded')).reason, 'connection-lost');
      await bob.must('acceptCall', { callId: data._id });
    });
  },
);
