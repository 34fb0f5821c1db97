// Stream's webhooks about recordings: signed, repeated, out of order.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { StreamClient } from '@stream-io/node-sdk';
import { newUser } from '../lib/calls.mjs';
import { quoted, rows } from '../lib/rows.mjs';
import { Server } from '../lib/server.mjs';
import { bothStores, suite, TEST_MS } from '../lib/suite.mjs';
import {
  ask,
  create,
  ISO,
  join,
  knownUsers,
  must,
  newCall,
  noLimits,
  refusedOf,
  UUID,
} from '../lib/video.mjs';

const key = 'the key';
const secret = 'the secret that signs webhooks';
const env = { ...noLimits, STREAM_API_KEY: key, STREAM_API_SECRET: secret };
const sdk = new StreamClient(key, secret);

const sign = (body, by = secret) => createHmac('sha256', by).update(body).digest('hex');

/** Sends `what` as Stream does; `headers` add to its headers or take them away (undefined). */
function tell(server, what, headers = {}) {
  const body = typeof what === 'string' ? what : JSON.stringify(what);
  const all = {
    'content-type': 'application/json',
    'x-signature': sign(body),
    'x-webhook-id': randomUUID(),
    'x-webhook-attempt': '1',
    'x-api-key': key,
    ...headers,
  };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return ask(server, null, 'POST', '/webhook', body, Object.fromEntries(given));
}

async function taken(server, what, headers) {
  const { status, body } = await tell(server, what, headers);
  assert.deepEqual({ status, body }, { status: 200, body: { received: true } });
}

const at = (minute, second = 0) => new Date(Date.UTC(2026, 10, 20, 12, minute, second));

/** An event of one recording, as the current generation of Stream's servers sends it. */
const event = (type, callId, more = {}) => ({
  type: `call.recording_${type}`,
  call_cid: `default:${callId}`,
  created_at: at(0).toISOString(),
  egress_id: `egress-${callId}`,
  recording_type: 'composite',
  ...more,
});

const file = (name, seconds = 90) => ({
  call_recording: {
    filename: name,
    url: `https://recordings.example/${name}?signature=x`,
    start_time: at(1).toISOString(),
    end_time: at(1, seconds).toISOString(),
    session_id: 'session',
  },
});

suite('webhooks', { stores: bothStores, env, versions: ['latest'] }, ({ server }) => {
  const recordingsOf = async (who, callId) =>
    (await must(server(), who, 'GET', `/calls/${callId}/recordings`)).recordings;

  async function recorded() {
    const [alice, bob] = await knownUsers(server(), 'alice', 'bob');
    const callId = newCall();
    await create(server(), alice, callId, [bob], {
      settings: { recording: { mode: 'available' } },
    });
    return { alice, bob, callId };
  }

  it('take a recording from its start to its file', { timeout: TEST_MS }, async () => {
    const { alice, bob, callId } = await recorded();
    assert.deepEqual(await recordingsOf(alice, callId), []);
    await taken(server(), event('started', callId));
    const [first] = await recordingsOf(bob, callId);
    assert.match(first.id, UUID);
    for (const time of [first.created_at, first.updated_at]) assert.match(time, ISO);
    assert.deepEqual(first, {
      id: first.id,
      call_id: callId,
      stream_recording_id: `egress-${callId}`,
      recording_url: null,
      file_size_bytes: null,
      duration_seconds: null,
      status: 'processing',
      created_at: first.created_at,
      updated_at: first.updated_at,
    });
    await taken(server(), event('stopped', callId));
    const [still] = await recordingsOf(alice, callId);
    assert.deepEqual([still.id, still.status], [first.id, 'processing']);
    await taken(server(), event('ready', callId, file('a.mp4')));
    const all = await recordingsOf(alice, callId);
    assert.deepEqual(all, [
      {
        ...first,
        status: 'ready',
        recording_url: file('a.mp4').call_recording.url,
        duration_seconds: 90,
        updated_at: all[0].updated_at,
      },
    ]);
    // What comes late takes nothing back.
    for (const late of ['started', 'stopped', 'failed']) {
      await taken(server(), event(late, callId));
      assert.deepEqual(await recordingsOf(alice, callId), all, late);
    }
    const stranger = newUser('stranger');
    const path = `/calls/${callId}/recordings`;
    const answer = await ask(server(), stranger, 'GET', path);
    assert.deepEqual([answer.status, answer.body.error], [404, 'Call not found']);
    await refusedOf(server(), alice, '', newCall(), undefined, 404, 'Call not found');
  });

  it('count once, however often they come', { timeout: TEST_MS }, async () => {
    const { alice, callId } = await recorded();
    const started = event('started', callId);
    const id = { 'x-webhook-id': randomUUID() };
    await taken(server(), started, id);
    const before = await recordingsOf(alice, callId);
    // The same id again, and many at once, even with another content.
    await Promise.all(
      [1, 2, 3, 4].map((n) => taken(server(), started, { ...id, 'x-webhook-attempt': `${n}` })),
    );
    await taken(server(), event('ready', callId, file('never.mp4')), id);
    assert.deepEqual(await recordingsOf(alice, callId), before);
    const stored = await rows(
      server(),
      `SELECT id FROM stream_webhooks WHERE id = ${quoted(id['x-webhook-id'])}`,
    );
    assert.equal(stored.length, 1);
    // Without an id the content says whether it is the same.
    const none = { 'x-webhook-id': undefined };
    const ready = event('ready', callId, file('once.mp4'));
    await taken(server(), ready, none);
    const [once] = await recordingsOf(alice, callId);
    await taken(server(), ready, none);
    assert.deepEqual(await recordingsOf(alice, callId), [once]);
    assert.equal(once.status, 'ready');
  });

  it('of a failure, and of a file after it', { timeout: TEST_MS }, async () => {
    const { alice, callId } = await recorded();
    await taken(server(), event('failed', callId));
    assert.equal((await recordingsOf(alice, callId))[0].status, 'failed');
    await taken(server(), event('started', callId));
    assert.equal((await recordingsOf(alice, callId))[0].status, 'failed');
    await taken(server(), event('ready', callId, file('late.mp4')));
    assert.equal((await recordingsOf(alice, callId))[0].status, 'ready');
  });

  it('of older servers, which name no recording', { timeout: TEST_MS }, async () => {
    const { alice, callId } = await recorded();
    const old = { egress_id: undefined, recording_type: undefined };
    await taken(server(), event('started', callId, old));
    const [open] = await recordingsOf(alice, callId);
    assert.equal(open.status, 'processing');
    await taken(server(), event('ready', callId, { ...old, ...file('old.mp4') }));
    const all = await recordingsOf(alice, callId);
    assert.deepEqual(
      all.map((each) => [each.stream_recording_id, each.status]),
      [['old.mp4', 'ready']],
    );
    assert.equal(all[0].created_at, open.created_at);
  });

  it('of a long recording, which has several files', { timeout: TEST_MS }, async () => {
    const { alice, callId } = await recorded();
    await taken(server(), event('started', callId));
    for (const name of ['1.mp4', '2.mp4', '1.mp4']) {
      await taken(server(), event('ready', callId, file(name)));
    }
    const all = await recordingsOf(alice, callId);
    assert.deepEqual(
      all.map((each) => [each.stream_recording_id, each.recording_url]),
      ['1.mp4', '2.mp4'].map((name, n) => [
        `egress-${callId}${n ? `/${name}` : ''}`,
        file(name).call_recording.url,
      ]),
    );
  });

  it('that say something else are taken, and nothing more', { timeout: TEST_MS }, async () => {
    const { alice, callId } = await recorded();
    for (const what of [
      { type: 'call.session_started', call_cid: `default:${callId}` },
      { type: 'health.check' },
      event('started', newCall('unknown')),
      event('ready', newCall('unknown'), file('x.mp4')),
    ]) {
      await taken(server(), what);
    }
    assert.deepEqual(await recordingsOf(alice, callId), []);
    await join(server(), alice, callId);
  });

  it('that Stream did not sign are refused', { timeout: TEST_MS }, async () => {
    const { alice, callId } = await recorded();
    const body = JSON.stringify(event('ready', callId, file('forged.mp4')));
    const good = sign(body);
    assert.ok(sdk.verifyWebhook(body, good), 'the SDK signs otherwise');
    const forged = [
      { 'x-signature': undefined },
      { 'x-signature': '' },
      { 'x-signature': sign(body, 'another secret') },
      { 'x-signature': sign(`${body} `) },
      { 'x-signature': good.slice(0, 63) },
      { 'x-signature': `${good}00` },
      { 'x-signature': 'z'.repeat(64) },
      { 'x-signature': Buffer.from(good, 'hex').toString('base64') },
      { 'x-api-key': 'another key' },
    ];
    for (const headers of forged) {
      const { status, body: answer } = await tell(server(), body, headers);
      assert.deepEqual([status, answer.error], [401, 'Invalid signature'], JSON.stringify(headers));
    }
    assert.deepEqual(await recordingsOf(alice, callId), []);
    await taken(server(), body, { 'x-api-key': undefined });
    assert.equal((await recordingsOf(alice, callId)).length, 1);
    for (const text of ['', '{', '[1]', 'null', '{"type":"call.recording_ready"}']) {
      const { status, body: answer } = await tell(server(), text);
      assert.equal(status, 400, text);
      assert.deepEqual(Object.keys(answer), ['error', 'message']);
    }
    const huge = JSON.stringify({ type: 'x', more: 'x'.repeat(300000) });
    assert.equal((await tell(server(), huge)).status, 413);
  });
});

describe('webhooks without a secret', () => {
  let server;
  before(async () => {
    server = await Server.start({ env: { STREAM_API_KEY: key } });
  });
  after(() => server?.stop());

  it('cannot be believed', { timeout: TEST_MS }, async () => {
    for (const by of [secret, '']) {
      const body = JSON.stringify(event('started', newCall()));
      const { status, body: answer } = await tell(server, body, { 'x-signature': sign(body, by) });
      assert.equal(status, 503);
      assert.ok(answer.message.includes('stream.api_secret'), answer.message);
    }
  });
});
