// Public keys, issuer and audience, and the tokens that `carillon token` makes.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { newUser } from '../lib/calls.mjs';
import { closeAll } from '../lib/cleanup.mjs';
import { Device } from '../lib/device.mjs';
import { history, request } from '../lib/rest.mjs';
import { carillon, Server } from '../lib/server.mjs';
import { TEST_MS } from '../lib/suite.mjs';
import { hs256, rawToken, token, withKey } from '../lib/token.mjs';

const hour = () => Math.floor(Date.now() / 1000) + 3600;

describe('other keys and claims', () => {
  const directory = mkdtempSync(join(tmpdir(), 'carillon-keys-'));
  after(() => rmSync(directory, { recursive: true, force: true }));

  /** Runs `body` against a server with these settings. */
  async function withServer(env, body) {
    const server = await Server.start({ env: { LIMITS_AUTH_FAILURES: '0', ...env } });
    try {
      await body(server);
    } finally {
      await closeAll();
      await server.stop();
    }
  }

  const status = async (server, text) =>
    (await request(server, { token: text }, 'GET', '/api/calls/history')).status;

  for (const [alg, type, options] of [
    ['RS256', 'rsa', { modulusLength: 2048 }],
    ['ES256', 'ec', { namedCurve: 'P-256' }],
  ]) {
    it(
      `${alg} with a public key, and nothing that names another algorithm`,
      { timeout: TEST_MS },
      async () => {
        const { publicKey, privateKey } = generateKeyPairSync(type, options);
        const pem = publicKey.export({ type: 'spki', format: 'pem' });
        const file = join(directory, `${alg}.pem`);
        writeFileSync(file, pem);
        await withServer({ JWT_PUBLIC_KEY: file, JWT_SECRET: '' }, async (server) => {
          const claims = { sub: newUser('alice'), exp: hour() };
          const good = rawToken({ alg, typ: 'JWT' }, claims, withKey(privateKey));
          assert.equal(await status(server, good), 200);
          const device = await Device.open(server, claims.sub, { auth: { token: good } });
          assert.deepEqual(device.callState, { calls: [] });
          const byPem = rawToken({ alg: 'HS256', typ: 'JWT' }, claims, hs256(pem));
          assert.equal(await status(server, byPem), 401, 'signed with the public key as a secret');
          const other = generateKeyPairSync(type, options).privateKey;
          assert.equal(await status(server, rawToken({ alg }, claims, withKey(other))), 401);
          assert.equal(
            await status(
              server,
              rawToken({ alg: 'none' }, claims, () => ''),
            ),
            401,
          );
        });
      },
    );
  }

  it('checks issuer and audience where they are set', { timeout: TEST_MS }, async () => {
    await withServer(
      { JWT_ISSUER: 'https://issuer.test', JWT_AUDIENCE: 'calls' },
      async (server) => {
        const made = (claims) => status(server, token(newUser('alice'), claims));
        assert.equal(await made({ iss: 'https://issuer.test', aud: 'calls' }), 200);
        assert.equal(await made({ iss: 'https://issuer.test', aud: ['other', 'calls'] }), 200);
        assert.equal(await made({ iss: 'https://issuer.test' }), 401);
        assert.equal(await made({ aud: 'calls' }), 401);
        assert.equal(await made({ iss: 'https://other.test', aud: 'calls' }), 401);
        assert.equal(await made({ iss: 'https://issuer.test', aud: ['other'] }), 401);
      },
    );
  });

  it('`carillon token` prints one that is accepted', { timeout: TEST_MS }, async () => {
    await withServer({}, async (server) => {
      const user = newUser('alice');
      const args = [
        'token',
        '--user',
        user,
        '--name',
        'Alice',
        '--email',
        'a@example.org',
        '--ttl',
        '1h',
      ];
      const made = await carillon([...args, '--data-dir', server.dataDir]);
      assert.equal(made.code, 0, made.stderr);
      const text = made.stdout.trim();
      assert.match(text, /^[\w-]+\.[\w-]+\.[\w-]+$/);
      await history(server, { token: text });
      const device = await Device.open(server, user, { auth: { token: text } });
      const bob = await Device.open(server, newUser('bob'));
      device.emit('initiateCall', { receiverId: bob.user, callType: 'audio' });
      assert.equal((await bob.next('incomingCall')).caller.username, 'Alice');
    });
  });

  it('works with the secret that the server made for itself', { timeout: TEST_MS }, async () => {
    await withServer({ JWT_SECRET: '' }, async (server) => {
      const env = { JWT_SECRET: '' };
      const made = await carillon(['token', '--user', 'alice', '--data-dir', server.dataDir], env);
      assert.equal(made.code, 0, made.stderr);
      await history(server, { token: made.stdout.trim() });
      assert.ok(!server.output.includes(made.stdout.trim()));
    });
  });
});
