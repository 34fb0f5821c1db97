// What the store has to show of a call that was never answered.
import assert from 'node:assert/strict';
import { newUser } from './calls.mjs';
import { missed, ok, recordOf } from './rest.mjs';

/** The record as both sides see it: the status is the same, `isMissed` is the receiver's alone. */
export async function checkRecord(server, caller, receiver, callId, status, isMissed) {
  const own = await recordOf(server, caller, callId);
  const others = await recordOf(server, receiver, callId);
  assert.equal(own?.status, status);
  assert.equal(own.direction, 'outgoing');
  assert.equal(own.isMissed, false);
  assert.equal(others?.status, status);
  assert.equal(others.direction, 'incoming');
  assert.equal(others.isMissed, isMissed);
  assert.equal(others.duration, 0);
  const inList = (await missed(server, receiver)).data.some((call) => call._id === callId);
  assert.equal(inList, isMissed);
  assert.deepEqual((await missed(server, caller)).data, []);
}

/** A user that is known and has no device. */
export async function offlineUser(server, name = 'away') {
  const user = newUser(name);
  await ok(server, user, 'GET', '/api/calls/history');
  return user;
}
