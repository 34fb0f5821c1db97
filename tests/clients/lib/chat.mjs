// What tests of chat begin with: requests under /api/stream, sending through both doors, and what a
// device, or a page of the channel, has to show of a message.
import assert from 'node:assert/strict';
import { newUser } from './calls.mjs';
import { ok, refused, request } from './rest.mjs';
import { ISO, userOf } from './video.mjs';

const BASE = '/api/stream';

export const channelOf = (callId) => `messaging:call-${callId}`;

/** The path of a channel's messages, below the family's. */
export const pathOf = (channelId, query = '') =>
  `/message/${encodeURIComponent(channelId)}${query}`;

/** One request under /api/stream: `{status, headers, body}`. */
export const ask = (server, who, method, path, body) =>
  request(server, userOf(who), method, BASE + path, body);

/** As `ask`, for what has to work: the answer's `data`. */
export async function must(server, who, method, path, body) {
  const answer = await ok(server, userOf(who), method, BASE + path, body);
  assert.equal(typeof answer.message, 'string');
  return answer.data;
}

/** A request that has to be refused with this status and code: the body. */
export async function refusedOf(server, who, method, path, body, status, code) {
  const answer = await refused(server, userOf(who), method, BASE + path, body, status, code);
  assert.deepEqual(Object.keys(answer), ['success', 'data', 'message', 'code']);
  assert.equal(answer.data, null);
  return answer;
}

/** A new user that the server knows. */
export async function knownUser(server, name) {
  const user = newUser(name);
  await must(server, user, 'GET', '/config');
  return user;
}

/** New users that the server knows. */
export const knownUsers = (server, ...names) =>
  Promise.all(names.map((name) => knownUser(server, name)));

/** Makes the channel of a call id; the answer's `data`. */
export const create = (server, who, callId, members = [], more = {}) =>
  must(server, who, 'POST', '/call/create', { callId, members: members.map(userOf), ...more });

export const end = (server, who, callId) => must(server, who, 'POST', '/call/end', { callId });

// -- messages -------------------------------------------------------------------

/** Every field of a message; those in `expected` have these values. */
export function checkMessage(message, expected) {
  const fields = ['id', 'channelId', 'callId', 'userId', 'text', 'attachments', 'createdAt'];
  assert.deepEqual(Object.keys(message), fields);
  assert.equal(message.channelId, channelOf(message.callId));
  assert.match(message.createdAt, ISO);
  assert.ok(message.id);
  for (const [name, value] of Object.entries({ attachments: [], ...expected })) {
    assert.deepEqual(message[name], value, name);
  }
  return message;
}

/** `device` sends by socket; the message, once it is confirmed. */
export async function say(device, channelId, text, more = {}) {
  const { message, ...rest } = await device.must('sendMessage', { channelId, text, ...more });
  assert.deepEqual(rest, { ok: true });
  return checkMessage(message, { channelId, userId: device.user, text, ...more });
}

/** `who` sends over REST; the message. */
export async function post(server, who, channelId, text, more = {}) {
  const body = { channelId, text, ...more };
  const { message, ...rest } = await must(server, who, 'POST', '/message/send', body);
  assert.deepEqual(rest, {});
  return checkMessage(message, { channelId, userId: userOf(who), text, ...more });
}

/** A socket event that has to be refused, in the acknowledgement and as `message.error`. */
export async function refusedEvent(device, name, data, code) {
  const ack = await device.ask(name, data);
  assert.deepEqual([ack?.ok, ack?.code], [false, code], JSON.stringify(ack));
  const told = await device.next('message.error', (error) => error.code === code);
  assert.deepEqual({ ok: false, ...told }, ack);
  return ack;
}

/** The next `message.new` of this id; the message. */
export async function hears(device, channelId, id) {
  const wanted = (data) => data.channelId === channelId && data.message.id === id;
  const { message, ...rest } = await device.next('message.new', wanted);
  assert.deepEqual(rest, { channelId });
  return message;
}

/** The messages of a channel among these events of a device, in the order of their arrival. */
export const messagesIn = (events, channelId) =>
  events
    .filter(({ name, data }) => name === 'message.new' && data.channelId === channelId)
    .map(({ data }) => data.message);

/** What the device heard of the channel. */
export const heardBy = (device, channelId) => messagesIn(device.events, channelId);

export const idsOf = (messages) => messages.map(({ id }) => id);

// -- pages ----------------------------------------------------------------------

/** One page: `{messages, hasMore}`. */
export async function page(server, who, channelId, query = '') {
  const data = await must(server, who, 'GET', pathOf(channelId, query));
  assert.deepEqual(Object.keys(data), ['messages', 'hasMore']);
  return data;
}

/** All of a channel, from its newest page back. */
export async function wholeOf(server, who, channelId, limit = 100) {
  let all = [];
  for (;;) {
    const before = all.length > 0 ? `&before=${encodeURIComponent(all[0].id)}` : '';
    const { messages, hasMore } = await page(server, who, channelId, `?limit=${limit}${before}`);
    all = [...messages, ...all];
    if (!hasMore) return all;
    assert.equal(messages.length, limit);
  }
}

/** What came after the message of this id, as a client asks for it that was away. */
export async function since(server, who, channelId, id, limit = 100) {
  const all = [];
  for (;;) {
    const after = encodeURIComponent(all.at(-1)?.id ?? id);
    const query = `?limit=${limit}&after=${after}`;
    const { messages, hasMore } = await page(server, who, channelId, query);
    all.push(...messages);
    if (!hasMore) return all;
    assert.equal(messages.length, limit);
  }
}

/**
 * What a client shows that heard `before`, was away, read `missed`, and heard `after` from its
 * return on: what came while it read is in both.
 */
export function joinedUp(before, missed, after) {
  const read = new Set(idsOf(missed));
  const twice = after.filter(({ id }) => read.has(id));
  assert.deepEqual(after.slice(0, twice.length), twice, 'what was read twice came first');
  return [...before, ...missed, ...after.slice(twice.length)];
}

/** The same messages in the same order, none twice. */
export function sameMessages(actual, expected, who) {
  assert.deepEqual(idsOf(actual), idsOf(expected), who);
  assert.deepEqual(actual, expected, who);
  assert.equal(new Set(idsOf(actual)).size, actual.length, `twice: ${who}`);
}
