// The mirror when Stream is slow, away, or somebody else: nobody waits for it, nothing is lost.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Authority } from '../lib/authority.mjs';
import { pair, talk } from '../lib/calls.mjs';
import { channelOf, heardBy, hears, knownUsers, must, sameMessages, say } from '../lib/chat.mjs';
import { closeAll } from '../lib/cleanup.mjs';
import { Device } from '../lib/device.mjs';
import { drained, farChannel, mirrorOf, mirrorTo, sameAtFar, withMirror } from '../lib/mirror.mjs';
import { skipPostgres } from '../lib/postgres.mjs';
import { carillon, Server } from '../lib/server.mjs';
import { StreamServer } from '../lib/stream_server.mjs';
import { secret } from '../lib/stream_wire.mjs';
import { bothStores, crashAndRestart, noLimits, TEST_MS, withServer } from '../lib/suite.mjs';
import { eventually } from '../lib/waiting.mjs';

/** Waits until the mirror has tried and failed; its error. */
const failing = (server) =>
  eventually('the mirror tells of an error', async () => (await mirrorOf(server)).lastError);

const percentile = (values, share) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)];

/** Says `count` messages one after the other; how long each took, in ms. */
async function timed(device, channelId, count) {
  const took = [];
  for (let n = 0; n < count; ++n) {
    const begun = performance.now();
    await say(device, channelId, `${n}`);
    took.push(performance.now() - begun);
  }
  return took;
}

for (const store of bothStores) {
  const skip = store === 'postgres' ? skipPostgres : false;

  describe(`the mirror, when Stream is away (${store})`, { skip }, () => {
    it(
      'keeps everything over a crash',
      { timeout: 2 * TEST_MS },
      withMirror(store, {}, async ({ server, far }) => {
        await far.vanish();
        const { alice, bob } = await pair(server);
        const callId = await talk(alice, bob);
        const channelId = channelOf(callId);
        for (let n = 0; n < 30; ++n) await say(n % 2 ? alice : bob, channelId, `${n}`);
        await failing(server);
        const before = await mirrorOf(server);
        assert.ok(before.queued >= 32, JSON.stringify(before));
        assert.equal(before.failed, 0);
        await crashAndRestart(server);
        const after = await mirrorOf(server);
        assert.equal(after.queued, before.queued);
        const again = await Device.open(server, alice.user);
        await say(again, channelId, 'after the crash');
        await again.must('endCall', { callId });
        await far.listen();
        const mirror = await drained(server, far);
        assert.equal(mirror.failed, 0, JSON.stringify(mirror));
        const members = [alice.user, bob.user];
        const local = await sameAtFar(server, far, callId, members, { frozen: true });
        assert.equal(local.length, 31);
        assert.deepEqual(far.complaints, []);
      }),
    );

    it(
      'has one effect for what was under way in a crash',
      { timeout: 2 * TEST_MS },
      withMirror(store, { plan: () => 'slow answer' }, async ({ server, far }) => {
        const { alice, bob } = await pair(server);
        const callId = await talk(alice, bob);
        for (let n = 0; n < 40; ++n) await say(alice, channelOf(callId), `${n}`);
        for (const many of [5, 15, 25]) {
          const there = () => (farChannel(far, callId)?.messages.length ?? 0) >= many;
          await eventually(`${many} have arrived`, there);
          await crashAndRestart(server);
        }
        await drained(server, far);
        const members = [alice.user, bob.user];
        await sameAtFar(server, far, callId, members, { frozen: false });
        assert.deepEqual(far.complaints, []);
      }),
    );

    it(
      'delays nobody here',
      { timeout: 3 * TEST_MS },
      withMirror(
        store,
        { plan: () => 'hung', env: { STREAM_TIMEOUT_MS: '120000' } },
        async ({ server, far }) => {
          await withServer(store, {}, async (other) => {
            const people = await Promise.all([pair(server), pair(other)]);
            const rooms = [];
            for (const { alice, bob } of people) rooms.push(channelOf(await talk(alice, bob)));
            await eventually('a request hangs', () => far.requests.length > 0);
            // In turns, so that what else the machine does disturbs both.
            const took = [[], []];
            for (let turn = 0; turn < 20; ++turn) {
              for (const n of [0, 1]) {
                took[n].push(...(await timed(people[n].alice, rooms[n], 10)));
              }
            }
            const [with99, without99] = took.map((each) => percentile(each, 0.99));
            assert.ok(with99 < 10 * without99 + 100, `${with99} ms, and ${without99} without`);
            const { alice, bob } = people[0];
            const said = heardBy(alice, rooms[0]);
            assert.equal(said.length, 200);
            await hears(bob, rooms[0], said.at(-1).id);
            sameMessages(heardBy(bob, rooms[0]), said);
            // Nothing of it was answered there.
            const mirror = await mirrorOf(server);
            assert.ok(mirror.queued >= 202, JSON.stringify(mirror));
            assert.ok(far.requests.every(({ fault }) => fault === 'hung'));
          })();
        },
      ),
    );

    it(
      'waits as long as it is told to',
      { timeout: TEST_MS },
      withMirror(store, { plan: () => 'throttled' }, async ({ server, far }) => {
        const { alice, bob } = await pair(server);
        const callId = await talk(alice, bob);
        await say(alice, channelOf(callId), 'hello');
        await eventually('it was tried three times', () => far.requests.length >= 3);
        const times = far.requests.map(({ at }) => at);
        // All lanes wait, and a single one goes ahead.
        for (const [n, at] of times.slice(1).entries()) {
          assert.ok(at - times[n] >= 990, `after ${at - times[n]} ms`);
        }
        assert.match(await failing(server), /429/);
        far.plan = () => undefined;
        await drained(server, far);
        await sameAtFar(server, far, callId, [alice.user, bob.user], { frozen: false });
      }),
    );
  });
}

describe('the mirror and who is at the other end', () => {
  /** A server that mirrors to a far side with this certificate, trusting `trusted`. */
  async function refusing(certificate, trusted) {
    const far = await StreamServer.open(certificate);
    const server = await Server.start({ env: mirrorTo(far, trusted) });
    try {
      const { alice, bob } = await pair(server);
      const callId = await talk(alice, bob);
      await say(alice, channelOf(callId), 'not for everybody');
      const error = await failing(server);
      assert.match(error, /certificate|host ?name/i);
      assert.ok(!error.includes('\n') && !error.includes(secret));
      const { queued, failed } = await mirrorOf(server);
      assert.deepEqual([queued >= 3, failed], [true, 0]);
      assert.deepEqual(far.requests, []);
      assert.ok(!server.output.includes(secret));
    } finally {
      await closeAll();
      await server.stop();
    }
  }

  it('an authority that nobody trusts', { timeout: TEST_MS }, async () => {
    const [trusted, other] = [new Authority(), new Authority('another')];
    try {
      await refusing(other.issue(), trusted);
    } finally {
      trusted.close();
      other.close();
    }
  });

  it('the certificate of another host', { timeout: TEST_MS }, async () => {
    const authority = new Authority();
    try {
      await refusing(authority.issue('DNS:stream.example.com,IP:127.0.0.2'), authority);
    } finally {
      authority.close();
    }
  });

  it(
    'no credentials: no mirror, and a warning',
    { timeout: TEST_MS },
    withServer('sqlite', { STREAM_MIRROR: 'true' }, async (server) => {
      const mirror = { enabled: false, queued: 0, failed: 0, lastError: null };
      assert.deepEqual(await mirrorOf(server), mirror);
      assert.match(server.output, /warn.*stream\.(mirror|api_key|api_secret)/);
      const { alice, bob } = await pair(server);
      await say(alice, channelOf(await talk(alice, bob)), 'here all the same');
      assert.deepEqual(await mirrorOf(server), mirror);
    }),
  );

  it(
    'credentials without the mirror: nothing is kept for it',
    { timeout: TEST_MS },
    withServer('sqlite', { STREAM_API_KEY: 'k', STREAM_API_SECRET: secret }, async (server) => {
      const [alice] = await knownUsers(server, 'alice');
      await must(server, alice, 'POST', '/user/upsert', { userData: { name: 'A' } });
      const { enabled, queued } = await mirrorOf(server);
      assert.deepEqual([enabled, queued], [false, 0]);
    }),
  );

  it('settings that cannot work are errors', { timeout: TEST_MS }, async () => {
    const authority = new Authority();
    const server = await Server.start({ env: noLimits });
    try {
      const bad = join(server.dataDir, 'bad.pem');
      writeFileSync(bad, 'no certificate');
      const good = { ...mirrorTo({ url: 'https://127.0.0.1:1' }, authority), JWT_SECRET: secret };
      for (const [name, setting, value] of [
        ['STREAM_BASE_URL', 'stream.base_url', 'http://127.0.0.1:1'],
        ['STREAM_BASE_URL', 'stream.base_url', 'nowhere'],
        ['STREAM_CA_FILE', 'stream.ca_file', '/no/such/file'],
        ['STREAM_CA_FILE', 'stream.ca_file', bad],
        ['STREAM_TIMEOUT_MS', 'stream.timeout_ms', '99'],
        ['STREAM_RETRY_MS', 'stream.retry_ms', 'soon'],
        ['STREAM_MAX_ATTEMPTS', 'stream.max_attempts', '0'],
      ]) {
        const folder = join(server.dataDir, 'other');
        const args = ['serve', '--port', '0', '--data-dir', folder];
        const how = await carillon(args, { ...good, [name]: value });
        assert.equal(how.code, 2, `${name}=${value}: ${how.stderr}`);
        assert.ok(how.stderr.includes(setting), how.stderr);
        assert.ok(!how.stderr.includes(secret));
      }
      const shown = await carillon(['check-config', '--data-dir', server.dataDir], good);
      assert.equal(shown.code, 0, shown.stderr);
      assert.ok(!(shown.stdout + shown.stderr).includes(secret));
    } finally {
      await server.stop();
      authority.close();
    }
  });
});
