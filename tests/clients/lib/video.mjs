// What tests of video calls begin with: requests under /video in the words of that family, a call
// with some people in it, and what a device has to have heard.
import assert from 'node:assert/strict';
import { newUser } from './calls.mjs';
import { Device } from './device.mjs';
import { request } from './rest.mjs';

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Tests that ask more often than a person does. */
export const noLimits = { LIMITS_COSTLY_PER_MINUTE: '0', LIMITS_REST_PER_SECOND: '0' };

/** The settings of a call for which none were sent. */
export const defaultSettings = {
  audio: { access_request_enabled: false, default_device: 'speaker' },
  video: { access_request_enabled: false, enabled: true },
  screensharing: { access_request_enabled: false, enabled: true },
  recording: { mode: 'disabled' },
  transcription: { mode: 'disabled' },
};

export const userOf = (who) => (who === null || who.token ? who : (who.user ?? who));

/** A call id that no other test uses. */
export const newCall = (name = 'call') => newUser(name);

const pathOf = (callId, rest = '') => `/calls/${encodeURIComponent(callId)}${rest}`;

/** One request under /video: `{status, headers, body}`. */
export const ask = (server, who, method, path, body, headers) =>
  request(server, userOf(who), method, `/video${path}`, body, headers);

/** As `ask`, for what has to work: the whole body. */
export async function must(server, who, method, path, body) {
  const answer = await ask(server, who, method, path, body);
  const { status } = answer;
  assert.equal(status, 200, `${method} ${path}: ${status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** A request that has to be refused with this status and `error`: the body. */
export async function refused(server, who, method, path, body, status, error) {
  const answer = await ask(server, who, method, path, body);
  const got = JSON.stringify(answer.body);
  assert.deepEqual({ status: answer.status, error: answer.body.error }, { status, error }, got);
  assert.deepEqual(Object.keys(answer.body), ['error', 'message'], got);
  assert.equal(typeof answer.body.message, 'string');
  if (status === 429 || status === 503) {
    assert.match(answer.headers.get('retry-after') ?? '(none)', /^[1-9]\d*$/);
  }
  return answer.body;
}

/** `who` creates a call; `members`: ids, devices, or `{user_id, role}`. */
export const create = (server, who, callId, members = [], more = {}) =>
  must(server, who, 'POST', '/calls', {
    call_id: callId,
    members: members.map((each) => (each.user_id ? each : { user_id: userOf(each) })),
    ...more,
  });

export const join = (server, who, callId) => must(server, who, 'POST', pathOf(callId, '/join'));
export const leave = (server, who, callId) => must(server, who, 'POST', pathOf(callId, '/leave'));
export const accept = (server, who, callId) => must(server, who, 'POST', pathOf(callId, '/accept'));
export const decline = (server, who, callId) =>
  must(server, who, 'POST', pathOf(callId, '/decline'));
export const setStatus = (server, who, callId, status) =>
  must(server, who, 'PATCH', pathOf(callId, '/status'), { status });
export const kick = (server, who, callId, whom) =>
  must(server, who, 'POST', pathOf(callId, '/kick'), { user_id: userOf(whom) });
export const show = (server, who, callId) => must(server, who, 'GET', pathOf(callId));

export const historyOf = async (server, who, query = '') =>
  (await must(server, who, 'GET', `/calls/history${query}`)).calls;
export const activeOf = async (server, who) =>
  (await must(server, who, 'GET', '/calls/active')).active_calls;
export const invitationsOf = async (server, who, query = '') =>
  (await must(server, who, 'GET', `/invitations${query}`)).invitations;

/** A request about one call that has to be refused: `verb` is `join`, `status` and so on. */
export const refusedOf = (server, who, verb, callId, body, status, error) =>
  refused(
    server,
    who,
    verb === 'status' ? 'PATCH' : verb === '' ? 'GET' : 'POST',
    pathOf(callId, verb && `/${verb}`),
    body,
    status,
    error,
  );

/** New users that the server knows. */
export async function knownUsers(server, ...names) {
  const users = names.map(newUser);
  await Promise.all(users.map((user) => must(server, user, 'GET', '/user')));
  return users;
}

/** New users with one device each; `kind`: the class of the device. */
export const devicesOf = (server, names, options, kind = Device) =>
  Promise.all(names.map((name) => kind.open(server, newUser(name), options)));

/** An active call of the first, with the others as members, in which all are by REST. */
export async function begin(server, [creator, ...others], more) {
  const callId = newCall();
  await create(server, creator, callId, others, more);
  await setStatus(server, creator, callId, 'active');
  for (const who of [creator, ...others]) await join(server, who, callId);
  return callId;
}

/** The next event of this name that is about the call. */
export const nextOf = (device, callId, name, matches = () => true) =>
  device.next(name, (data) => data.call_id === callId && matches(data));

/** The names of what the device heard of the call, in order. */
export const heardOf = (device, callId) =>
  device.events.filter(({ data }) => data?.call_id === callId).map(({ name }) => name);

/** The versions that a device heard of a call only grow. */
export function checkVersions(device) {
  const last = new Map();
  for (const { name, data } of device.events) {
    if (!name.startsWith('call.') || name === 'call.error') continue;
    const before = last.get(data.call_id) ?? 0;
    // A call's announcement to a new device is of the call as it is.
    const grows = name === 'call.created' ? data.version >= before : data.version > before;
    assert.ok(grows, `${name}: ${data.version} after ${before}\n${device.describe()}`);
    last.set(data.call_id, data.version);
  }
}

/** A socket event that has to be refused, in the acknowledgement and as `call.error`. */
export async function refusedEvent(device, name, data, code) {
  const ack = await device.ask(name, data);
  assert.deepEqual([ack?.ok, ack?.code], [false, code], JSON.stringify(ack));
  const told = await device.next('call.error', (error) => error.code === code);
  assert.equal(told.message, ack.error);
  return ack;
}

/**
 * A new call that names `user` reaches each of these devices of that user: whatever was sent to
 * them before has arrived, too.
 */
export async function fenceByCall(server, user, ...devices) {
  const third = newUser('fence');
  const callId = newCall('fence');
  await create(server, third, callId, [user]);
  for (const device of devices) await nextOf(device, callId, 'call.created');
  await setStatus(server, third, callId, 'cancelled');
  for (const device of devices) await nextOf(device, callId, 'call.ended');
}
