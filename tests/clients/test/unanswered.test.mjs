// Calls that ring for long: until the timeout, for a user who is away, for a user who talks.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newUser, pair, ring, talk } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import { checkRecord, offlineUser } from '../lib/records.mjs';
import { ok } from '../lib/rest.mjs';
import { bothStores, suite, TEST_MS } from '../lib/suite.mjs';

suite('an unanswered call', { stores: bothStores, env: { RING_TIMEOUT_SECONDS: '1' } }, (given) => {
  const { server, client } = given;
  it('becomes missed, and both sides hear of it', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await ring(alice, bob);
    const expected = { callId, endedBy: null, reason: 'no-answer', duration: 0 };
    assert.deepEqual(await alice.next('callEnded'), expected);
    assert.deepEqual(await bob.next('callEnded'), expected);
    await checkRecord(server(), alice.user, bob.user, callId, 'missed', true);
    const late = await bob.ask('acceptCall', { callId });
    assert.equal(late.error, 'Call already processed');
  });
});

suite('ring_offline', { env: { RING_OFFLINE: 'true', RING_TIMEOUT_SECONDS: '5' } }, (given) => {
  const { server, client } = given;
  it('rings until a device comes', { timeout: TEST_MS }, async () => {
    const alice = await Device.open(server(), newUser('alice'), { client });
    const user = await offlineUser(server(), 'bob');
    alice.emit('initiateCall', { receiverId: user, callType: 'video' });
    const { callId } = await alice.next('callInitiated');
    const bob = await Device.open(server(), user, { client });
    const [state] = bob.callState.calls;
    assert.equal(state.callId, callId);
    const incoming = await bob.next('incomingCall');
    assert.equal(incoming.callId, callId);
    assert.equal(incoming.callType, 'video');
    assert.equal(incoming.caller.username, alice.user);
    bob.emit('acceptCall', { callId });
    await alice.next('callAccepted');
  });

  it('is missed when none comes', { timeout: TEST_MS }, async () => {
    const alice = await Device.open(server(), newUser('alice'), { client });
    const user = await offlineUser(server(), 'bob');
    const body = { receiverId: user, callType: 'audio' };
    const { data } = await ok(server(), alice.user, 'POST', '/api/calls/initiate', body);
    assert.equal(data.receiverId.isOnline, false);
    assert.equal((await alice.next('callEnded')).reason, 'no-answer');
    await checkRecord(server(), alice.user, user, data._id, 'missed', true);
  });
});

suite('call_waiting', { env: { CALL_WAITING: 'true' } }, ({ server, client }) => {
  it('rings a user who is in a call', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const first = await talk(alice, bob);
    const carol = await Device.open(server(), newUser('carol'), { client });
    const second = await ring(carol, bob);
    bob.emit('endCall', { callId: first });
    await alice.next('callEnded', (data) => data.callId === first);
    bob.emit('acceptCall', { callId: second });
    await carol.next('callAccepted', (data) => data.callId === second);
  });
});
