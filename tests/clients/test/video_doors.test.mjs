// The routes under /video: who may use them, how often, and what is no route.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newUser } from '../lib/calls.mjs';
import { Server } from '../lib/server.mjs';
import { suite, TEST_MS } from '../lib/suite.mjs';
import { token, tokenExpiring } from '../lib/token.mjs';
import { ask, create, ISO, join, leave, newCall, refused, setStatus } from '../lib/video.mjs';

const env = { LIMITS_AUTH_FAILURES: '0' };

suite('the doors of /video', { env, versions: ['latest'] }, ({ server }) => {
  it('are open for health alone', { timeout: TEST_MS }, async () => {
    const { status, body } = await ask(server(), null, 'GET', '/health');
    const { timestamp } = body;
    assert.equal(status, 200);
    const has = { streamApiKey: false, streamApiSecret: false };
    assert.deepEqual(body, { status: 'ok', service: 'video', timestamp, env: has });
    assert.match(timestamp, ISO);
    const bad = [
      null,
      { token: 'x.y.z' },
      { token: token('alice', {}, 'another secret') },
      { token: tokenExpiring('alice', -3600) },
    ];
    const id = newCall();
    for (const who of bad) {
      for (const [method, path] of [
        ['POST', '/token'],
        ['POST', '/calls'],
        ['GET', '/user'],
        ['GET', '/calls/history'],
        ['GET', '/calls/active'],
        ['GET', '/calls/stats'],
        ['GET', `/calls/${id}`],
        ['PATCH', `/calls/${id}/status`],
        ['POST', `/calls/${id}/join`],
        ['POST', `/calls/${id}/leave`],
        ['POST', `/calls/${id}/accept`],
        ['POST', `/calls/${id}/decline`],
        ['POST', `/calls/${id}/kick`],
        ['GET', `/calls/${id}/recordings`],
        ['GET', '/invitations'],
      ]) {
        const body = method === 'GET' ? undefined : {};
        const answer = await ask(server(), who, method, path, body);
        assert.equal(answer.status, 401, `${method} ${path}`);
        assert.deepEqual(Object.keys(answer.body), ['error', 'message']);
        assert.equal(answer.body.error, 'Authentication error');
      }
    }
  });

  it('tell what they are not for', { timeout: TEST_MS }, async () => {
    const alice = newUser('alice');
    const id = newCall();
    await create(server(), alice, id);
    for (const [method, path, status] of [
      ['GET', `/calls/${id}/join`, 405],
      ['DELETE', `/calls/${id}`, 405],
      ['POST', '/user', 405],
      ['GET', '/nothing', 404],
      ['POST', `/calls/${id}/dance`, 404],
      ['GET', '/calls//recordings', 404],
    ]) {
      const answer = await ask(server(), alice, method, path);
      assert.equal(answer.status, status, `${method} ${path}`);
    }
    for (const name of ['%00', '%20', 'a%20b', 'x'.repeat(129), '%ff']) {
      const answer = await ask(server(), alice, 'GET', `/calls/${name}`);
      assert.equal(answer.status, 404, name);
      assert.equal(answer.body.error, 'Call not found');
    }
  });
});

suite(
  'requests about video calls',
  { env: { LIMITS_REST_PER_SECOND: '1', LIMITS_REST_BURST: '6' }, versions: ['latest'] },
  ({ server }) => {
    it('past the rate are 429, but leaving never is', { timeout: TEST_MS }, async () => {
      const alice = newUser('alice');
      const callId = newCall();
      await create(server(), alice, callId);
      await setStatus(server(), alice, callId, 'active');
      await join(server(), alice, callId);
      const answers = await Promise.all(
        Array.from({ length: 12 }, () => ask(server(), alice, 'GET', '/calls/active')),
      );
      const many = answers.filter(({ status }) => status === 429);
      assert.ok(many.length >= 4, `${many.length} of 12 were refused`);
      for (const answer of many) {
        assert.equal(answer.body.error, 'Too many requests');
        assert.match(answer.headers.get('retry-after') ?? '(none)', /^[1-9]\d*$/);
      }
      await leave(server(), alice, callId);
    });
  },
);

describe('creating calls', () => {
  it('is costly', { timeout: TEST_MS }, async () => {
    const server = await Server.start({ env: { LIMITS_COSTLY_PER_MINUTE: '2' } });
    try {
      const alice = newUser('alice');
      const first = newCall();
      await create(server, alice, first);
      await create(server, alice, newCall());
      const body = { call_id: newCall() };
      await refused(server, alice, 'POST', '/calls', body, 429, 'Too many requests');
      await setStatus(server, alice, first, 'active');
      await join(server, alice, first);
    } finally {
      await server.stop();
    }
  });
});
