// HTTP around the sockets: CORS for polling, methods, unknown paths, connections that stay.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';
import { carillon, Server } from '../lib/server.mjs';
import { suite, TEST_MS } from '../lib/suite.mjs';
import { ask } from '../lib/talk.mjs';

const handshake = '/socket.io/?EIO=4&transport=polling';
const friend = 'https://app.example';
const stranger = 'https://evil.example';

/** The CORS headers of an answer, and whether caches keep origins apart. */
const cors = ({ headers }) => ({
  origin: headers['access-control-allow-origin'],
  varies: /\borigin\b/i.test(headers.vary ?? ''),
});

const named = { env: { CORS_ORIGINS: friend }, versions: ['latest'] };

suite('CORS with a list of origins', named, ({ server }) => {
  it('lets pages of the list poll, on every answer', { timeout: TEST_MS }, async () => {
    const headers = { origin: friend };
    const begun = await ask(server(), 'GET', handshake, { headers });
    const { sid } = JSON.parse(begun.body.slice(1));
    const session = `${handshake}&sid=${sid}`;
    const pushed = await ask(server(), 'POST', session, { headers, body: '40/unknown' });
    const polled = await ask(server(), 'GET', session, { headers });
    const closed = await ask(server(), 'POST', session, { headers, body: '1' });
    const unknown = await ask(server(), 'GET', `${session}x`, { headers });
    const wrong = await ask(server(), 'GET', '/socket.io/?EIO=4', { headers });
    const answers = [begun, pushed, polled, closed, unknown, wrong];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 200, 400, 400],
    );
    for (const answer of answers) assert.deepEqual(cors(answer), { origin: friend, varies: true });
  });

  it('says nothing to others', { timeout: TEST_MS }, async () => {
    for (const headers of [{ origin: stranger }, { origin: 'null' }, {}]) {
      const answer = await ask(server(), 'GET', handshake, { headers });
      assert.equal(answer.status, 200);
      assert.deepEqual(cors(answer), { origin: undefined, varies: true });
    }
  });

  it('answers a preflight', { timeout: TEST_MS }, async () => {
    const asking = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    };
    const good = await ask(server(), 'OPTIONS', handshake, {
      headers: { origin: friend, ...asking },
    });
    assert.equal(good.status, 204);
    assert.equal(good.headers['access-control-allow-origin'], friend);
    assert.match(good.headers['access-control-allow-methods'], /\bGET\b.*\bPOST\b/);
    assert.match(good.headers['access-control-allow-headers'], /content-type/i);
    const bad = await ask(server(), 'OPTIONS', handshake, {
      headers: { origin: stranger, ...asking },
    });
    assert.equal(bad.headers['access-control-allow-origin'], undefined);
    assert.equal(bad.headers['access-control-allow-methods'], undefined);
  });
});

suite('CORS for everybody', { env: { CORS_ORIGINS: '*' }, versions: ['latest'] }, ({ server }) => {
  it('names no origin', { timeout: TEST_MS }, async () => {
    const answer = await ask(server(), 'GET', handshake, { headers: { origin: stranger } });
    assert.equal(answer.headers['access-control-allow-origin'], '*');
    assert.equal(answer.headers['access-control-allow-credentials'], undefined);
  });
});

suite('HTTP', { versions: ['latest'] }, ({ server }) => {
  it('without CORS no origin is named', { timeout: TEST_MS }, async () => {
    const answer = await ask(server(), 'GET', handshake, { headers: { origin: stranger } });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
  });

  it('unknown paths are 404, the echoes of tests among them', { timeout: TEST_MS }, async () => {
    const paths = [
      '/nothing',
      '/socket.iox/',
      '/socket.io/nothing',
      '/engine.io/?EIO=4&transport=polling',
      '/ws-echo',
      '/../etc/passwd',
    ];
    for (const path of paths) {
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const { status } = await ask(server(), method, path);
        assert.equal(status, 404, `${method} ${path}`);
      }
    }
  });

  it('the path needs no slash at its end', { timeout: TEST_MS }, async () => {
    const { status, body } = await ask(server(), 'GET', handshake.replace('/?', '?'));
    assert.equal(status, 200);
    assert.match(body, /^0\{/);
  });

  it('HEAD is GET without the body', { timeout: TEST_MS }, async () => {
    const { status, body, headers } = await ask(server(), 'HEAD', '/');
    const full = await ask(server(), 'GET', '/');
    assert.deepEqual([status, body], [200, '']);
    assert.equal(headers['content-length'], full.headers['content-length']);
    assert.equal(headers['content-type'], full.headers['content-type']);
    assert.equal((await ask(server(), 'HEAD', '/nothing')).status, 404);
  });

  it('OPTIONS names the methods', { timeout: TEST_MS }, async () => {
    for (const [path, methods] of [
      ['/', ['GET', 'HEAD']],
      [handshake, ['GET', 'POST']],
      ['/api/calls/history', ['GET']],
    ]) {
      const { status, headers } = await ask(server(), 'OPTIONS', path);
      assert.equal(status, 204, path);
      for (const method of [...methods, 'OPTIONS']) {
        assert.match(headers.allow, new RegExp(`\\b${method}\\b`), path);
      }
    }
  });

  it('wrong methods are 405, and the right ones named', { timeout: TEST_MS }, async () => {
    for (const [method, path, allowed] of [
      ['POST', '/', 'GET'],
      ['DELETE', '/', 'GET'],
      ['POST', '/api/calls/history', 'GET'],
      ['GET', '/api/calls/initiate', 'POST'],
    ]) {
      const { status, headers } = await ask(server(), method, path);
      assert.equal(status, 405, `${method} ${path}`);
      assert.match(headers.allow, new RegExp(`\\b${allowed}\\b`));
    }
  });

  it('/ws without an upgrade says what it needs', { timeout: TEST_MS }, async () => {
    const { status, headers } = await ask(server(), 'GET', '/ws');
    assert.equal(status, 426);
    assert.match(headers.upgrade, /websocket/i);
  });

  it('polling goes on over one connection', { timeout: TEST_MS }, async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const begun = await ask(server(), 'GET', handshake, { agent });
    const session = `${handshake}&sid=${JSON.parse(begun.body.slice(1)).sid}`;
    let ports = 0;
    agent.on('free', (socket) => {
      if (!socket.counted) ++ports;
      socket.counted = true;
    });
    for (let i = 0; i < 20; ++i) {
      const pushed = await ask(server(), 'POST', session, { agent, body: `40/no${i}` });
      assert.equal(pushed.status, 200);
      const { body } = await ask(server(), 'GET', session, { agent });
      assert.match(body, new RegExp(`^44/no${i},`));
    }
    await ask(server(), 'GET', '/nothing', { agent });
    await ask(server(), 'GET', '/socket.io/?EIO=4', { agent });
    assert.equal(ports, 1, `${ports} connections`);
    agent.destroy();
  });

  it('a poll may not be kept by caches', { timeout: TEST_MS }, async () => {
    const { headers } = await ask(server(), 'GET', handshake);
    assert.match(headers['cache-control'] ?? '', /no-store/);
  });
});

describe('--conformance-echo', () => {
  it('refuses to listen anywhere but loopback', { timeout: TEST_MS }, async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1']) {
      const done = await carillon(['serve', '--conformance-echo', '--host', host, '--port', '0']);
      assert.equal(done.code, 2, `${host}: ${done.stderr}`);
      assert.match(done.stderr, /conformance/);
    }
  });

  let server;
  before(async () => {
    server = await Server.start({ args: ['--conformance-echo'] });
  });
  after(() => server?.stop());

  it('says loudly what it is', () => {
    assert.match(server.output, /level=warn .*conformance/);
  });
});
