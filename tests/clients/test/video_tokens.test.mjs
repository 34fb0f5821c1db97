// Stream's tokens: the same as its own SDKs make, kept encrypted, given again while they are good.
import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { StreamClient } from '@stream-io/node-sdk';
import jwt from 'jsonwebtoken';
import { StreamChat } from 'stream-chat';
import { newUser } from '../lib/calls.mjs';
import { skipPostgres } from '../lib/postgres.mjs';
import { request } from '../lib/rest.mjs';
import { isOnDisk, msOf, quoted, rows, timeIn } from '../lib/rows.mjs';
import { Server } from '../lib/server.mjs';
import { bothStores, suite, TEST_MS } from '../lib/suite.mjs';
import { token as bearerOf } from '../lib/token.mjs';
import { ask, ISO, must, newCall, refused } from '../lib/video.mjs';

const key = 'mmhfdzb5evj2';
const secret = 'a secret that Stream would have, long enough';
const tokenKey = randomBytes(32).toString('hex');
const env = {
  STREAM_API_KEY: key,
  STREAM_API_SECRET: secret,
  STREAM_TOKEN_KEY: tokenKey,
  LIMITS_COSTLY_PER_MINUTE: '0',
};

const sdk = new StreamClient(key, secret);
const chat = new StreamChat(key, secret);

const longToken = (server, user) => must(server, user, 'POST', '/token');
const shortToken = (server, who) => request(server, who, 'POST', '/api/v1/stream/token');
const now = () => Math.floor(Date.now() / 1000);

const rowOf = async (server, user) => {
  const where = `WHERE user_id = ${quoted(user)}`;
  return (await rows(server, `SELECT * FROM stream_video_users ${where}`))[0];
};

const keyOf = (hex) => Buffer.from(hex, 'hex');

/** As docs/database.md describes it. */
function unseal(sealed, user) {
  assert.match(sealed, /^v1\.[\w-]+$/);
  const bytes = Buffer.from(sealed.slice(3), 'base64url');
  const opened = createDecipheriv('aes-256-gcm', keyOf(tokenKey), bytes.subarray(0, 12));
  opened.setAAD(Buffer.from(user)).setAuthTag(bytes.subarray(-16));
  return Buffer.concat([opened.update(bytes.subarray(12, -16)), opened.final()]).toString();
}

function seal(text, user) {
  const nonce = randomBytes(12);
  const closed = createCipheriv('aes-256-gcm', keyOf(tokenKey), nonce).setAAD(Buffer.from(user));
  const parts = [nonce, closed.update(text), closed.final(), closed.getAuthTag()];
  return `v1.${Buffer.concat(parts).toString('base64url')}`;
}

/** What every good token has to be, made between `from` and now. */
function check(token, user, ttl, from) {
  const { header, payload } = jwt.verify(token, secret, { complete: true, algorithms: ['HS256'] });
  assert.deepEqual(header, { alg: 'HS256', typ: 'JWT' });
  assert.deepEqual(Object.keys(payload), ['user_id', 'iat', 'exp']);
  const { iat, exp } = payload;
  assert.equal(payload.user_id, user);
  assert.ok(iat >= from - 1 && iat <= now() - 1, `iat ${iat}, ${from}`);
  assert.ok(exp >= from + ttl && exp <= now() + ttl, `exp ${exp}, ${from}`);
  return payload;
}

suite('tokens', { stores: bothStores, env, versions: ['latest'] }, ({ server, store }) => {
  it('are those of the SDKs', { timeout: TEST_MS }, async () => {
    const user = newUser('alice');
    const from = now();
    const answer = await longToken(server(), user);
    assert.deepEqual(Object.keys(answer).sort(), ['api_key', 'expires_at', 'token', 'user_id']);
    const { token } = answer;
    const { iat, exp } = check(token, user, 24 * 3600, from);
    assert.deepEqual([answer.user_id, answer.api_key, answer.expires_at], [user, key, exp]);

    // Byte for byte what the SDK signs, and the same header and claims as its other ways.
    assert.equal(token, sdk.generateUserToken({ user_id: user, iat, exp }));
    const ours = jwt.decode(token, { complete: true });
    for (const theirs of [sdk.createToken(user, exp, iat), chat.createToken(user, exp, iat)]) {
      const { header, payload } = jwt.decode(theirs, { complete: true });
      assert.deepEqual([header, payload], [ours.header, ours.payload]);
      assert.deepEqual(jwt.verify(theirs, secret), jwt.verify(token, secret));
    }
    // What the SDK chooses itself: the second back too.
    const sdks = jwt.decode(sdk.createToken(user));
    assert.ok(Math.abs(now() - 1 - sdks.iat) <= 1 && Math.abs(from - 1 - iat) <= 1);
  });

  it('are taken where those of the SDKs are', { timeout: TEST_MS }, async () => {
    const user = newUser('alice');
    const { token } = await longToken(server(), user);
    const { data } = (await shortToken(server(), user)).body;
    const theirs = [sdk.generateUserToken({ user_id: user }), chat.createToken(user, now() + 60)];
    // The SDK's own client, before it speaks to its servers.
    const client = new StreamChat(key);
    for (const good of [token, data.token, ...theirs]) {
      client.tokenManager.validateToken(good, { id: user });
      const other = () => client.tokenManager.validateToken(good, { id: 'another' });
      assert.throws(other, /not matching/);
      const { exp } = jwt.verify(good, secret, { algorithms: ['HS256'] });
      jwt.verify(good, secret, { clockTimestamp: exp - 1 });
      assert.throws(() => jwt.verify(good, secret, { clockTimestamp: exp }), /jwt expired/);
      assert.throws(() => jwt.verify(good, `${secret}.`), /invalid signature/);
    }
    // A server whose users come with Stream's tokens: ours and theirs say the same.
    const other = await Server.start({ env: { JWT_SECRET: secret } });
    try {
      for (const good of [token, data.token, ...theirs]) {
        const seen = await must(other, { token: good }, 'GET', '/user');
        assert.equal(seen.user_id, user);
      }
    } finally {
      await other.stop();
    }
  });

  it('live for an hour in the family token', { timeout: TEST_MS }, async () => {
    const user = newUser('alice');
    const from = now();
    const answer = await shortToken(server(), user);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    const { token, expiresAt } = answer.body.data;
    assert.deepEqual(answer.body, {
      success: true,
      data: { token, userId: user, expiresAt },
      message: 'Token generated successfully',
    });
    const { exp } = check(token, user, 3600, from);
    assert.match(expiresAt, ISO);
    assert.equal(Date.parse(expiresAt), exp * 1000);
    assert.equal(unseal((await rowOf(server(), user)).stream_video_token, user), token);
    // It does not take the place of one that lives longer.
    const day = await longToken(server(), user);
    assert.notEqual(day.token, token);
    await shortToken(server(), user);
    const row = await rowOf(server(), user);
    assert.equal(unseal(row.stream_video_token, user), day.token);
    assert.equal(msOf(row.token_expires_at), day.expires_at * 1000);
  });

  it('are kept encrypted, and given again', { timeout: TEST_MS }, async () => {
    const user = newUser('alice');
    const { token, expires_at } = await longToken(server(), user);
    const row = await rowOf(server(), user);
    assert.ok(!row.stream_video_token.includes(token.slice(0, 20)));
    assert.equal(unseal(row.stream_video_token, user), token);
    assert.throws(() => unseal(row.stream_video_token, 'another'));
    assert.equal(msOf(row.token_expires_at), expires_at * 1000);
    const again = await Promise.all([1, 2, 3].map(() => longToken(server(), user)));
    for (const each of again) assert.deepEqual([each.token, each.expires_at], [token, expires_at]);
    assert.notEqual((await longToken(server(), newUser('bob'))).token, token);
  });

  it('are made anew when they are nearly over, or not right', { timeout: TEST_MS }, async () => {
    const user = newUser('alice');
    await longToken(server(), user);
    const put = async (sealed, exp) => {
      const set = `stream_video_token = ${quoted(sealed)}, token_expires_at = `;
      const [{ user_id }] = await rows(
        server(),
        `UPDATE stream_video_users SET ${set}${timeIn(server(), exp * 1000)}
         WHERE user_id = ${quoted(user)} RETURNING user_id`,
      );
      assert.equal(user_id, user);
      return (await longToken(server(), user)).token;
    };
    const made = (left, by = sdk, whose = user) =>
      by.generateUserToken({ user_id: whose, iat: now() - 1, exp: now() + left });
    const good = made(2 * 3600);
    assert.equal(await put(seal(good, user), now() + 2 * 3600), good);
    const wrong = {
      'less than an hour left': [seal(made(3500), user), 3500],
      'signed with another secret': [
        seal(made(7200, new StreamClient(key, 'another secret')), user),
        7200,
      ],
      'sealed for another user': [seal(made(7200), 'another'), 7200],
      'cut off': [seal(made(7200), user).slice(0, -4), 7200],
      'not encrypted': [made(7200), 7200],
    };
    for (const [what, [sealed, left]] of Object.entries(wrong)) {
      const from = now();
      const token = await put(sealed, from + left);
      check(token, user, 24 * 3600, from);
      assert.equal(unseal((await rowOf(server(), user)).stream_video_token, user), token, what);
    }
  });

  it('leave no trace in the log or on the disk', { timeout: TEST_MS }, async () => {
    const user = newUser('alice');
    const { token } = await longToken(server(), user);
    const { data } = (await shortToken(server(), user)).body;
    for (const text of [token, data.token, secret, tokenKey]) {
      assert.ok(!server().output.includes(text), 'in the log');
      if (store === 'sqlite') assert.ok(!isOnDisk(server(), text), 'on the disk');
      // Not its signature alone either.
      assert.ok(!server().output.includes(text.slice(-43)), 'a part of it in the log');
    }
    if (store === 'sqlite') assert.ok(isOnDisk(server(), user), 'the disk was not looked at');
  });
});

for (const store of bothStores) {
  const skip = store === 'postgres' ? skipPostgres : false;
  describe(`tokens over a restart (${store})`, { skip }, () => {
    it('stay, until the secret is another one', { timeout: TEST_MS }, async () => {
      const server = await Server.start({ store, env: { ...env, LOG_LEVEL: 'debug' } });
      try {
        const user = newUser('alice');
        const { token } = await longToken(server, user);
        await server.terminate();
        await server.launch();
        assert.equal((await longToken(server, user)).token, token);
        await server.crash();
        const next = 'the next secret of the same app';
        server.env.STREAM_API_SECRET = next;
        await server.launch();
        const renewed = (await longToken(server, user)).token;
        assert.equal(jwt.verify(renewed, next).user_id, user);
        assert.equal((await longToken(server, user)).token, renewed);
        // Another key: what it encrypted is of no use, and no error.
        await server.terminate();
        server.env.STREAM_TOKEN_KEY = randomBytes(32).toString('hex');
        await server.launch();
        const last = (await longToken(server, user)).token;
        assert.equal(jwt.verify(last, next).user_id, user);
        assert.equal((await longToken(server, user)).token, last);
        for (const each of [token, renewed, last]) assert.ok(!server.output.includes(each));
      } finally {
        await server.stop();
      }
    });
  });
}

describe('tokens without a secret', () => {
  let server;
  before(async () => {
    server = await Server.start({ env: { STREAM_API_KEY: key } });
  });
  after(() => server?.stop());

  it('are refused, naming the setting, and all else works', { timeout: TEST_MS }, async () => {
    const user = newUser('alice');
    const error = 'Failed to generate video token';
    const why = await ask(server, user, 'POST', '/token');
    assert.equal(why.status, 503);
    assert.deepEqual(why.body, {
      error,
      message: 'Token generation failed: stream.api_secret is not set',
    });
    const other = await shortToken(server, user);
    assert.equal(other.status, 503);
    assert.equal(other.body.success, false);
    assert.equal(other.body.message, 'Failed to generate video call token');
    assert.equal(other.body.error, 'stream.api_secret is not set');
    assert.equal(typeof other.body.code, 'string');
    assert.equal(await rowOf(server, user), undefined);
    const callId = newCall();
    await must(server, user, 'POST', '/calls', { call_id: callId });
    await must(server, user, 'POST', `/calls/${callId}/join`);
    const health = await ask(server, null, 'GET', '/health');
    assert.deepEqual(health.body.env, { streamApiKey: true, streamApiSecret: false });
  });
});

suite(
  'asking for tokens',
  { env: { ...env, LIMITS_COSTLY_PER_MINUTE: '3' }, versions: ['latest'] },
  ({ server }) => {
    it('too often is 429 in the words of each family', { timeout: TEST_MS }, async () => {
      const user = newUser('alice');
      for (let n = 0; n < 3; ++n) await longToken(server(), user);
      await refused(server(), user, 'POST', '/token', undefined, 429, 'Too many requests');
      const other = await shortToken(server(), user);
      assert.equal(other.status, 429);
      assert.match(other.headers.get('retry-after') ?? '(none)', /^[1-9]\d*$/);
      assert.deepEqual([other.body.success, other.body.message], [false, 'Too many requests']);
      await shortToken(server(), newUser('bob'));
    });

    it('without a good bearer is 401', { timeout: TEST_MS }, async () => {
      const bad = { token: bearerOf('alice', {}, 'not the secret') };
      const theirs = { token: sdk.generateUserToken({ user_id: 'alice' }) };
      for (const who of [null, bad, theirs]) {
        await refused(server(), who, 'POST', '/token', undefined, 401, 'Authentication error');
        const other = await shortToken(server(), who);
        assert.equal(other.status, 401);
        assert.deepEqual([other.body.success, other.body.message], [false, 'Authentication error']);
      }
    });
  },
);
