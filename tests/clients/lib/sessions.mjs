// What tests of sessions begin with: some users with a device each, a session that all of them are
// in, and the list of those inside as a client keeps it.
import assert from 'node:assert/strict';
import { newUser } from './calls.mjs';
import { Device } from './device.mjs';
import { ok, refused, request } from './rest.mjs';
import { eventually } from './waiting.mjs';

export const BASE = '/api/video-call';

/** The socket events that are relayed, and the field that each of them carries. */
export const relays = {
  webrtc_offer: 'offer',
  webrtc_answer: 'answer',
  webrtc_ice_candidate: 'candidate',
};

export const SESSION_ID = /^call_\d{13}_[a-z0-9]{9}$/;

/** The same with every default that a session has. */
export const defaultSettings = {
  isVideoEnabled: true,
  isAudioEnabled: true,
  isRecordingEnabled: false,
  allowScreenShare: true,
};

/** `count` new users with one device each. */
export function crowd(server, count, options) {
  const open = (_, n) => Device.open(server, newUser(`p${n}`), options);
  return Promise.all(Array.from({ length: count }, open));
}

/** The id of a device, which is what others address it by. */
export const idOf = (device) => device.welcome?.sid ?? device.socket.id;

const userOf = (who) => who.user ?? who;

/** The next event of this name that is about the session. */
export const nextOf = (device, sessionId, name, matches = () => true) =>
  device.next(name, (data) => data.sessionId === sessionId && matches(data));

/** `from` begins a session with `to`, a list of devices or ids; the answer's `data`. */
export async function initiate(server, from, to, more = {}) {
  const body = { sessionType: 'group', participants: to.map(userOf), ...more };
  return (await ok(server, userOf(from), 'POST', `${BASE}/initiate`, body)).data;
}

/** The session as `who` is shown it. */
export const details = async (server, who, sessionId) =>
  (await ok(server, who.token ? who : userOf(who), 'GET', `${BASE}/session/${sessionId}`)).data;

/** Of `user`, in the details of a session. */
export const personIn = (session, user) =>
  session.participants.find((person) => person.userId === userOf(user));

export const pageOf = async (server, who, query = '') =>
  (await ok(server, userOf(who), 'GET', `${BASE}/history${query}`)).data;

export const endSession = (server, who, sessionId) =>
  ok(server, userOf(who), 'POST', `${BASE}/session/${sessionId}/end`);

/** A request about sessions that has to be refused: the body. */
export const refusedOf = (server, who, method, path, body, status, code) =>
  refused(server, who === null ? null : userOf(who), method, BASE + path, body, status, code);

/** The device joins; what it is told, when the join is confirmed, too. */
export async function enter(device, sessionId, more = {}) {
  const ack = await device.must('join_call_session', { sessionId, ...more });
  assert.equal(ack.sessionId, sessionId);
  const joined = await nextOf(device, sessionId, 'call_session_joined');
  assert.ok(joined.participants.some((person) => person.socketId === idOf(device)));
  return joined;
}

/** The device leaves; its confirmation. */
export async function leave(device, sessionId) {
  const ack = await device.must('leave_call_session', { sessionId });
  assert.equal(ack.sessionId, sessionId);
  return ack;
}

/** A refusal of a socket event, in the acknowledgement and as `call_error`: the acknowledgement. */
export async function refusedEvent(device, name, data, code) {
  const ack = await device.ask(name, data);
  assert.equal(ack?.ok, false, `${name} was not refused: ${JSON.stringify(ack)}`);
  assert.equal(ack.code, code, JSON.stringify(ack));
  assert.equal(typeof ack.error, 'string');
  const told = await device.next('call_error', (error) => error.code === code);
  assert.equal(told.message, ack.error);
  if (SESSION_ID.test(data?.sessionId)) assert.equal(told.sessionId, data.sessionId);
  return ack;
}

/**
 * A session of these devices, begun by the first, with all of them in, each of which has heard of
 * the others: what `initiate` gave.
 */
export async function assemble(server, devices, more) {
  const [host, ...others] = devices;
  const data = await initiate(server, host, others, more);
  for (const device of others) await nextOf(device, data.sessionId, 'call_invitation');
  await joinAll(devices, data.sessionId);
  return data;
}

/** All of them join, one after the other, and each hears of those that come after. */
export async function joinAll(devices, sessionId) {
  for (const [n, device] of devices.entries()) {
    await enter(device, sessionId);
    for (const earlier of devices.slice(0, n)) {
      const told = await nextOf(earlier, sessionId, 'user_joined_call');
      assert.equal(told.userId, device.user);
      assert.equal(told.socketId, idOf(device));
    }
  }
}

/** Each of `others` is told that the place of this user is on `device` now. */
export async function hearOfMove(others, sessionId, device, previousSocketId) {
  for (const other of others) {
    const told = await nextOf(other, sessionId, 'user_joined_call');
    assert.equal(told.userId, device.user);
    assert.equal(told.socketId, idOf(device));
    assert.equal(told.previousSocketId, previousSocketId);
  }
}

let stamps = 0;

/** One relayed candidate: whatever the session sent to `to` before has arrived too. */
export async function fenceBySession(from, to, sessionId) {
  const stamp = `fence ${++stamps}`;
  const target = { sessionId, targetSocketId: idOf(to) };
  await from.must('webrtc_ice_candidate', { ...target, candidate: { stamp } });
  const got = await to.next('webrtc_ice_candidate', (data) => data.candidate?.stamp === stamp);
  const expected = { sessionId, fromSocketId: idOf(from), fromUserId: from.user };
  assert.deepEqual(got, { ...expected, candidate: { stamp } });
}

/** Both ways between all of them. */
export async function fenceAll(devices, sessionId) {
  for (const from of devices) {
    for (const to of devices) if (from !== to) await fenceBySession(from, to, sessionId);
  }
}

/**
 * A new session that names `user` reaches each of these devices of that user: what was sent to
 * them before has arrived too, whether they are in a session or not.
 */
export async function fenceByInvitation(server, user, ...devices) {
  const third = newUser('fence');
  const { sessionId } = await initiate(server, third, [user]);
  for (const device of devices) await nextOf(device, sessionId, 'call_invitation');
  await endSession(server, third, sessionId);
  for (const device of devices) await nextOf(device, sessionId, 'call_session_ended');
}

/**
 * Until the server has noticed that `user`, who is in a session, has no device any more: a direct
 * call finds that user busy before, and not available after.
 */
export async function noticedGone(server, user, ms) {
  const third = newUser('caller');
  const body = { receiverId: userOf(user), callType: 'audio' };
  const probe = async () => {
    const answer = await request(server, third, 'POST', '/api/calls/initiate', body);
    assert.equal(answer.status, 409, JSON.stringify(answer.body));
    return answer.body.code === 'user_offline';
  };
  await eventually(`the server knows that ${userOf(user)} is gone`, probe, ms);
}

/**
 * The list of those inside as this device keeps it: `{version, sockets}`, where `sockets` maps
 * users to their socket; undefined when the device is not in. A version that goes back, or that two
 * different lists have, fails.
 */
export function listAt(device, sessionId) {
  let list;
  let version = 0;
  for (const { name, data } of device.events) {
    if (data?.sessionId !== sessionId) continue;
    const where = () => `${name} ${data.version} after ${version}\n${device.describe()}`;
    if (name === 'call_session_joined') {
      assert.ok(data.version >= version, where());
      const sockets = new Map(data.participants.map((each) => [each.userId, each.socketId]));
      if (list && data.version === version) assert.deepEqual(sockets, list, where());
      list = sockets;
    } else if (name === 'user_joined_call' || name === 'user_left_call') {
      assert.ok(data.version > version, where());
      if (name === 'user_joined_call') list?.set(data.userId, data.socketId);
      else if (data.userId === device.user) list = undefined;
      else assert.ok(list?.delete(data.userId), `left without having joined: ${where()}`);
    } else if (name === 'call_session_ended' || name === 'call_answered_elsewhere') {
      list = undefined;
      continue;
    } else {
      continue;
    }
    version = data.version;
  }
  return list && { version, sockets: list };
}

/** Each of these devices, and nobody else, is on the list of each; all have the same version. */
export function checkLists(devices, sessionId) {
  const everybody = new Map(devices.map((device) => [device.user, idOf(device)]));
  const lists = devices.map((device) => listAt(device, sessionId));
  for (const [n, list] of lists.entries()) {
    assert.ok(list, `no list\n${devices[n].describe()}`);
    const sorted = (map) => [...map].sort();
    assert.deepEqual(sorted(list.sockets), sorted(everybody), devices[n].describe());
  }
  assert.equal(new Set(lists.map(({ version }) => version)).size, 1, 'versions differ');
}

/** What `callState` has to say of the one session that the user of `device` has. */
export const checkState = (device, data, more) =>
  assert.deepEqual(device.callState.calls, [
    {
      callId: data.sessionId,
      kind: 'session',
      role: 'participant',
      peer: null,
      sessionType: 'group',
      ...more,
    },
  ]);

/** The text of each Socket.IO packet that reaches the device from now on, as it was on the wire. */
export function wiretap(device) {
  const packets = [];
  device.socket.io.engine.on('packet', ({ type, data }) => {
    if (type === 'message') packets.push(data);
  });
  return packets;
}
