// The testing flow of the direct-call guide, step by step, begun over the socket and over REST.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fenceByRelay, hangUp, newUser, pair, talk } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import { answer, candidate, checkCompleted, negotiate, offer, wholeCall } from '../lib/flow.mjs';
import { history, ok, recordOf } from '../lib/rest.mjs';
import { bothStores, suite, TEST_MS } from '../lib/suite.mjs';
import { token } from '../lib/token.mjs';

suite('a whole call', { stores: bothStores }, ({ server, client }) => {
  it('goes from initiateCall to the history', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    assert.deepEqual(alice.callState, { calls: [] });
    await wholeCall(server(), alice, bob);
  });

  it('goes from POST initiate to POST end', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const initiated = await ok(server(), alice.user, 'POST', '/api/calls/initiate', {
      receiverId: bob.user,
      callType: 'audio',
    });
    assert.equal(initiated.message, 'Call initiated');
    assert.equal(initiated.data.status, 'no-answer');
    assert.equal(initiated.data.callType, 'audio');
    assert.equal(initiated.data.callerId._id, alice.user);
    assert.equal(initiated.data.receiverId._id, bob.user);
    assert.equal(initiated.data.receiverId.isOnline, true);
    const callId = initiated.data._id;
    assert.equal((await bob.next('incomingCall')).callId, callId);

    const accepted = await ok(server(), bob.user, 'POST', '/api/calls/accept', { callId });
    assert.equal(accepted.message, 'Call accepted');
    assert.equal(accepted.data._id, callId);
    assert.equal(accepted.data.status, 'active');
    assert.deepEqual(await alice.next('callAccepted'), { callId, receiverId: bob.user });
    await negotiate(alice, bob, callId);

    const ended = await ok(server(), alice.user, 'POST', '/api/calls/end', { callId });
    assert.equal(ended.data.status, 'completed');
    assert.equal(ended.data._id, callId);
    for (const device of [alice, bob]) {
      assert.equal((await device.next('callEnded')).endedBy, alice.user);
    }
    await checkCompleted(server(), alice, bob, callId, 'audio');
  });

  it(
    'mixes the two doors: REST initiate, socket accept, REST end',
    { timeout: TEST_MS },
    async () => {
      const { alice, bob } = await pair(server(), { client });
      const { data } = await ok(server(), alice.user, 'POST', '/api/calls/initiate', {
        receiverId: bob.user,
        callType: 'video',
      });
      await bob.next('incomingCall');
      bob.emit('acceptCall', { callId: data._id });
      await bob.next('callAcceptedConfirm');
      await alice.next('callAccepted');
      await negotiate(alice, bob, data._id);
      await ok(server(), bob.user, 'POST', '/api/calls/end', { callId: data._id });
      await alice.next('callEnded');
      await bob.next('callEnded');
      await checkCompleted(server(), alice, bob, data._id, 'video');
    },
  );

  it('rejects over REST what was begun by socket', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    alice.emit('initiateCall', { receiverId: bob.user, callType: 'audio' });
    const { callId } = await alice.next('callInitiated');
    await bob.next('incomingCall');
    const body = await ok(server(), bob.user, 'POST', '/api/calls/reject', { callId });
    assert.equal(body.success, true);
    assert.deepEqual(await alice.next('callRejected'), { callId, receiverId: bob.user });
    const record = await recordOf(server(), bob.user, callId);
    assert.equal(record.status, 'rejected');
    assert.equal(record.isMissed, false);
    assert.equal(record.duration, 0);
  });

  it('answers every event that asks', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const { callId } = await alice.must('initiateCall', {
      receiverId: bob.user,
      callType: 'audio',
    });
    await bob.must('acceptCall', { callId });
    await alice.must('sendOffer', { to: bob.user, offer, callId });
    await bob.must('sendAnswer', { to: alice.user, answer, callId });
    await bob.must('sendIceCandidate', { to: alice.user, candidate: candidate(1), callId });
    assert.equal((await bob.must('endCall', { callId })).callId, callId);
  });

  it('reads what was just confirmed', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    for (let i = 0; i < 10; ++i) {
      alice.emit('initiateCall', { receiverId: bob.user, callType: 'audio' });
      const { callId } = await alice.next('callInitiated');
      assert.equal((await recordOf(server(), alice.user, callId))?.status, 'no-answer');
      alice.emit('endCall', { callId });
      await alice.next('callEndedConfirm');
      const page = await history(server(), alice.user, '?limit=1');
      assert.equal(page.data[0]._id, callId);
      assert.equal(page.data[0].status, 'cancelled');
      alice.forget();
      bob.forget();
    }
  });

  it('lets both sides answer callEnded with another endCall', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    for (const device of [alice, bob]) {
      device.socket.on('callEnded', ({ callId }) => device.socket.emit('endCall', { callId }));
    }
    const callId = await talk(alice, bob);
    alice.emit('endCall', { callId });
    await alice.next('callEnded');
    await bob.next('callEnded');
    const first = await alice.next('callEndedConfirm');
    assert.deepEqual(await alice.next('callEndedConfirm'), first);
    assert.deepEqual(await bob.next('callEndedConfirm'), first);
    // Another call between the same two: all that the first one caused has arrived by its end.
    for (const device of [alice, bob]) device.socket.off('callEnded');
    const second = await talk(alice, bob);
    await fenceByRelay(alice, bob, second);
    await fenceByRelay(bob, alice, second);
    await hangUp(alice, bob, second);
    assert.deepEqual(alice.takeNames(), []);
    assert.deepEqual(bob.takeNames(), []);
  });

  it('redials the moment the end is heard', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const redials = 20;
    for (const device of [alice, bob]) {
      const peer = device === alice ? bob : alice;
      // Whoever did not end the call redials from inside the handler of callEnded.
      device.socket.on('callEnded', ({ endedBy }) => {
        if (endedBy === device.user) return;
        device.socket.emit('initiateCall', { receiverId: peer.user, callType: 'audio' });
      });
    }
    let [from, to] = [alice, bob];
    let callId = await talk(from, to);
    for (let i = 0; i < redials; ++i) {
      from.emit('endCall', { callId });
      [from, to] = [to, from];
      callId = (await from.next('callInitiated')).callId;
      await to.next('incomingCall', (data) => data.callId === callId);
      to.emit('acceptCall', { callId });
      await from.next('callAccepted', (data) => data.callId === callId);
    }
    for (const device of [alice, bob]) {
      const names = device.events.map((e) => e.name);
      assert.ok(!names.includes('callError') && !names.includes('callRejected'), device.describe());
    }
  });

  it('takes name, e-mail and image from the token', { timeout: TEST_MS }, async () => {
    const user = newUser('carol');
    const claims = {
      name: 'Carol C.',
      email: 'carol@example.org',
      picture: 'https://x.test/c.png',
    };
    const carol = await Device.open(server(), user, {
      client,
      auth: { token: token(user, claims) },
    });
    const dave = newUser('dave');
    const options = { client, auth: { token: token(dave, { email: 'dd@example.org' }) } };
    const receiver = await Device.open(server(), dave, options);
    carol.emit('initiateCall', { receiverId: dave, callType: 'audio' });
    const { callId } = await carol.next('callInitiated');
    const { caller } = await receiver.next('incomingCall');
    assert.equal(caller.username, 'Carol C.');
    assert.equal(caller.email, 'carol@example.org');
    assert.ok(JSON.stringify(caller.images).includes('https://x.test/c.png'));
    const record = await recordOf(server(), { token: token(user, claims) }, callId);
    assert.equal(record.callerId.username, 'Carol C.');
    assert.equal(record.receiverId.username, 'dd');
    assert.equal(record.receiverId.email, 'dd@example.org');
    assert.ok(JSON.stringify(record.receiverId.images).includes('http'));
  });
});
