// What most tests begin with: users, two devices, a call.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Device } from './device.mjs';

const run = randomBytes(3).toString('hex');
let count = 0;

/** A user id that no other test uses: limits are counted for each user. */
export const newUser = (name) => `${name}-${run}-${++count}`;

/** Two new users with one device each. */
export async function pair(server, options) {
  const alice = await Device.open(server, newUser('alice'), options);
  const bob = await Device.open(server, newUser('bob'), options);
  return { alice, bob };
}

/** `from` rings `to` by socket; the call's id, when both know of it. */
export async function ring(from, to, callType = 'audio') {
  from.emit('initiateCall', { receiverId: to.user, callType });
  const { callId } = await from.next('callInitiated');
  await to.next('incomingCall', (data) => data.callId === callId);
  return callId;
}

/** A call that `to` has accepted. */
export async function talk(from, to, callType) {
  const callId = await ring(from, to, callType);
  to.emit('acceptCall', { callId });
  await to.next('callAcceptedConfirm', (data) => data.callId === callId);
  await from.next('callAccepted', (data) => data.callId === callId);
  return callId;
}

/** `by` ends the call; its confirmation, when `other` heard of it too. */
export async function hangUp(by, other, callId) {
  by.emit('endCall', { callId });
  const confirmation = await by.next('callEndedConfirm', (data) => data.callId === callId);
  await by.next('callEnded', (data) => data.callId === callId);
  await other.next('callEnded', (data) => data.callId === callId);
  return confirmation;
}

let stamps = 0;

/** One relayed candidate from `from` to `to`: whatever was sent to `to` before has arrived too. */
export async function fenceByRelay(from, to, callId) {
  const stamp = `fence ${++stamps}`;
  from.emit('sendIceCandidate', { to: to.user, callId, candidate: { stamp } });
  const got = await to.next('receiveIceCandidate', (data) => data.candidate?.stamp === stamp);
  assert.equal(got.callId, callId);
}

/**
 * A whole ring of `device`, whose user is free, by a third user: whatever was sent to the device
 * before has arrived when this returns.
 */
export async function fenceByRing(device) {
  const third = await Device.open(device.server, newUser('fence'));
  const callId = await ring(third, device);
  device.emit('rejectCall', { callId });
  await device.next('callRejectedConfirm', (data) => data.callId === callId);
  await third.next('callRejected');
  third.close();
}

/** A short call between two new users: the server still serves. */
export async function proveAlive(server, options) {
  const { alice, bob } = await pair(server, options);
  const callId = await talk(alice, bob);
  await fenceByRelay(alice, bob, callId);
  await fenceByRelay(bob, alice, callId);
  const confirmation = await hangUp(bob, alice, callId);
  assert.equal(confirmation.status, 'completed');
  alice.close();
  bob.close();
}

/** Runs `attack` while two others talk, who must not notice; afterwards a new call works. */
export async function survive(server, attack) {
  const { alice, bob } = await pair(server);
  const callId = await talk(alice, bob);
  await attack();
  await fenceByRelay(alice, bob, callId);
  await fenceByRelay(bob, alice, callId);
  assert.deepEqual([...alice.takeNames(), ...bob.takeNames()], [], 'others noticed');
  await proveAlive(server);
}
