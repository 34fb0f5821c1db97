// What is served to anybody: health, metrics, the pages; and the way to the end.
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { withStoreBehindProxy } from '../lib/away.mjs';
import { fenceByRelay, hangUp, newUser, pair, proveAlive, talk } from '../lib/calls.mjs';
import { closeAll } from '../lib/cleanup.mjs';
import { Device } from '../lib/device.mjs';
import { checkByPromtool, metrics, metricsText, skipPromtool } from '../lib/metrics.mjs';
import { refused, request } from '../lib/rest.mjs';
import { Server } from '../lib/server.mjs';
import { noLimits, suite, TEST_MS, withServer } from '../lib/suite.mjs';
import { eventually, within } from '../lib/waiting.mjs';

const readiness = async (server) => {
  const { status, body, headers } = await request(server, null, 'GET', '/readyz');
  return { status, ...body, retryAfter: headers.get('retry-after') };
};

const ready = { status: 'ready', retryAfter: null };
const notReady = (status) => ({ status, retryAfter: '1' });

suite('health', { env: noLimits, versions: ['latest'] }, ({ server }) => {
  it('a server that serves is alive and ready', { timeout: TEST_MS }, async () => {
    const { status, body } = await request(server(), null, 'GET', '/healthz');
    assert.deepEqual({ status, body }, { status: 200, body: { status: 'ok' } });
    assert.deepEqual(await readiness(server()), ready);
    assert.equal((await fetch(`${server().url}/readyz`)).status, 200);
  });

  it(
    'promtool has nothing to say about the metrics',
    { timeout: TEST_MS, skip: skipPromtool() },
    async () => {
      await proveAlive(server());
      checkByPromtool(await metricsText(server()));
    },
  );

  it('a call moves what it should, and leaves nothing behind', { timeout: TEST_MS }, async () => {
    // The tests before this one have closed their devices; the server hears of it a little later.
    await eventually(
      'nobody is there',
      async () => (await metrics(server())).carillon_devices === 0,
    );
    const before = await metrics(server());
    const { alice, bob } = await pair(server());
    const callId = await talk(alice, bob);
    await fenceByRelay(alice, bob, callId);
    const active = 'carillon_calls{kind="direct",state="active"}';
    await eventually('it is active', async () => (await metrics(server()))[active] === 1);
    const during = await metrics(server());
    assert.equal(during.carillon_devices, 2);
    assert.ok(during.carillon_connections >= 2);
    await hangUp(bob, alice, callId);
    const badPage = '/api/calls/history?limit=0';
    await refused(server(), alice.user, 'GET', badPage, undefined, 400, 'invalid_query');
    alice.close();
    bob.close();
    const grown = {
      carillon_calls_started_total: 1,
      'carillon_calls_answered_total{kind="direct"}': 1,
      'carillon_calls_ended_total{kind="direct",reason="hangup"}': 1,
      'carillon_ring_outcomes_total{outcome="accepted"}': 1,
      carillon_relays_total: 1,
      'carillon_refusals_total{code="invalid_query"}': 1,
    };
    const still = { carillon_devices: 0, [active]: 0, carillon_store_queue_ops: 0 };
    const moved = async () => {
      const now = await metrics(server());
      const grew = Object.entries(grown).every(([name, by]) => now[name] - before[name] === by);
      return grew && Object.entries(still).every(([name, value]) => now[name] === value) && now;
    };
    const last = await eventually('the figures fit the call', moved);
    assert.ok(last.carillon_store_rows_total > before.carillon_store_rows_total);
    const commits = 'carillon_store_commit_seconds_count';
    assert.ok(last[commits] > before[commits]);
    assert.ok(last.carillon_events_sent_total > before.carillon_events_sent_total);
    assert.equal(last.carillon_store_lag_seconds, 0);
  });

  it('busy and offline are outcomes of rings', { timeout: TEST_MS }, async () => {
    const before = await metrics(server());
    const { alice, bob } = await pair(server());
    await talk(alice, bob);
    const carol = await Device.open(server(), newUser('carol'));
    carol.emit('initiateCall', { receiverId: bob.user, callType: 'audio' });
    await carol.next('callRejected');
    const dave = await Device.open(server(), newUser('dave'));
    dave.close();
    const offline = 'carillon_ring_outcomes_total{outcome="offline"}';
    const busy = 'carillon_ring_outcomes_total{outcome="busy"}';
    await eventually('Dave is gone', async () => {
      const devices = (await metrics(server())).carillon_devices;
      return devices === 3;
    });
    carol.emit('initiateCall', { receiverId: dave.user, callType: 'audio' });
    await carol.next('userNotAvailable');
    const now = await metrics(server());
    assert.deepEqual([now[busy] - before[busy], now[offline] - before[offline]], [1, 1]);
  });
});

suite('the pages', { versions: ['latest'] }, ({ server }) => {
  const get = (path, headers = {}) => fetch(new URL(path, server().url), { headers });

  it('are in the executable, with all that they load', { timeout: TEST_MS }, async () => {
    const seen = new Set();
    const load = async (path) => {
      if (seen.has(path)) return;
      seen.add(path);
      const answer = await get(path);
      assert.equal(answer.status, 200, path);
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', path);
      const text = await answer.text();
      const isPage = answer.headers.get('content-type').startsWith('text/html');
      assert.equal(
        answer.headers.get('cache-control'),
        isPage ? 'no-cache' : 'public, max-age=31536000, immutable',
        path,
      );
      if (isPage) assert.match(answer.headers.get('content-security-policy'), /default-src 'none'/);
      const isModule = path.endsWith('.js') && !path.includes('/vendor/');
      let names = /$^/g;
      if (isPage) names = /(?:src|href)="([^"]+)"/g;
      if (isModule) names = /(?:\bfrom|^import) '([^']+)';/gm;
      for (const [, next] of text.matchAll(names)) {
        assert.ok(isPage ? next.startsWith('/assets/') : next.startsWith('.'), `${path}: ${next}`);
        await load(new URL(next, server().url + path).pathname);
      }
    };
    await load('/');
    await load('/ops');
    assert.ok([...seen].some((path) => path.endsWith('/vendor/socket.io.js')), 'the client');
    assert.ok(seen.size > 20, [...seen].join('\n'));
  });

  it('are not sent twice to those who have them', { timeout: TEST_MS }, async () => {
    const [, style] = /href="([^"]+\.css)"/.exec(await (await get('/')).text());
    for (const path of ['/', style]) {
      const first = await get(path, { 'accept-encoding': 'gzip' });
      assert.equal(first.headers.get('content-encoding'), 'gzip');
      assert.equal(first.headers.get('vary')?.includes('Accept-Encoding'), true);
      const etag = first.headers.get('etag');
      const plain = await get(path, { 'accept-encoding': 'identity' });
      assert.equal(plain.headers.get('content-encoding'), null);
      assert.notEqual(plain.headers.get('etag'), etag);
      assert.equal(await plain.text(), await first.text());
      const known = { 'accept-encoding': 'gzip', 'if-none-match': etag };
      assert.equal((await get(path, known)).status, 304);
    }
    assert.equal((await get(style.replace(/[0-9a-f]{12}/, '000000000000'))).status, 404);
  });

  it('the demo sign-in is for development only', { timeout: TEST_MS }, async () => {
    await refused(server(), null, 'GET', '/api/demo/users', undefined, 404, 'route_not_found');
    const body = { user: 'alice' };
    await refused(server(), null, 'POST', '/api/demo/session', body, 404, 'route_not_found');
  });
});

describe('the demo sign-in', () => {
  it(
    'lets people in by name, and makes all of them known',
    { timeout: TEST_MS },
    withServer('sqlite', { DEVELOPMENT: 'true' }, async (server) => {
      const signIn = async (user) =>
        (await request(server, null, 'POST', '/api/demo/session', { user })).body.data;
      const { token, user } = await signIn('alice');
      assert.deepEqual(user, { _id: 'alice', username: 'Alice' });
      const asked = await request(server, { token }, 'GET', '/api/users?ids=bob,nobody,alice');
      assert.deepEqual(
        asked.body.data.map(({ _id, username, isOnline }) => [_id, username, isOnline]),
        [
          ['bob', 'Bob', false],
          ['alice', 'Alice', false],
        ],
      );
      const alice = await Device.open(server, 'alice', { auth: { token } });
      const now = await request(server, { token }, 'GET', '/api/users?ids=alice');
      assert.equal(now.body.data[0].isOnline, true);
      alice.emit('initiateCall', { receiverId: 'bob', callType: 'audio' });
      await alice.next('userNotAvailable'); // known, and not here
      const path = '/api/ops/overview';
      await refused(server, { token }, 'GET', path, undefined, 403, 'not_authorized');
      const { token: operator } = await signIn('operator');
      const overview = await request(server, { token: operator }, 'GET', path);
      assert.equal(overview.status, 200);
      assert.equal(overview.body.data.now.devices, 1);
      assert.match(server.output, /event=demo_sign_in_on/);
    }),
  );
});

describe('the way to the end', () => {
  afterEach(closeAll);

  /** Starts a server that drains, and tells it to end. */
  const draining = async (ms) => {
    const server = await Server.start({ env: { ...noLimits, SERVER_DRAIN_MS: String(ms) } });
    const { alice, bob } = await pair(server);
    const callId = await talk(alice, bob);
    server.child.kill('SIGTERM');
    await eventually('it is draining', async () => (await readiness(server)).status === 'draining');
    return { server, alice, bob, callId };
  };

  it('a server that drains is not ready, and serves', { timeout: TEST_MS }, async () => {
    const { server, alice, bob, callId } = await draining(2000);
    try {
      assert.deepEqual(await readiness(server), notReady('draining'));
      assert.equal((await metrics(server)).carillon_draining, 1);
      assert.equal((await request(server, null, 'GET', '/healthz')).status, 200);
      await fenceByRelay(alice, bob, callId);
      const how = await within(server.ended, 'the server to end');
      assert.deepEqual(how, { code: 0, signal: null }, server.tail());
    } finally {
      if (server.isRunning) await server.crash();
      await server.launch();
      await server.stop();
    }
  });

  it('a second signal ends the draining', { timeout: TEST_MS }, async () => {
    const { server } = await draining(2000);
    const begun = Date.now();
    server.child.kill('SIGTERM');
    const how = await within(server.ended, 'the server to end');
    assert.deepEqual(how, { code: 0, signal: null }, server.tail());
    assert.ok(Date.now() - begun < 10000);
    await server.launch();
    await server.stop();
  });
});

withStoreBehindProxy('readiness, while PostgreSQL is away', noLimits, (site) => {
  it('is gone, and comes back with it', { timeout: 2 * TEST_MS }, async () => {
    const { alice, bob } = await pair(site.server);
    const callId = await talk(alice, bob);
    assert.deepEqual(await readiness(site.server), ready);
    site.proxy.cut();
    await eventually(
      'it is not ready',
      async () => (await readiness(site.server)).status === 'store_away',
    );
    assert.deepEqual(await readiness(site.server), notReady('store_away'));
    assert.equal((await request(site.server, null, 'GET', '/healthz')).status, 200);
    await fenceByRelay(alice, bob, callId);
    await alice.must('endCall', { callId });
    const away = await eventually('the metrics know', async () => {
      const now = await metrics(site.server);
      return now.carillon_store_away === 1 && now;
    });
    assert.ok(away.carillon_store_batches_spooled_total > 0);
    site.proxy.mend();
    await eventually(
      'it is ready again',
      async () => (await readiness(site.server)).status === 'ready',
      30000,
      200,
    );
    await eventually(
      'the metrics know that, too',
      async () => (await metrics(site.server)).carillon_store_away === 0,
      30000,
      200,
    );
  });
});
